//! `cargo xtask bench`: measurements, printed, and on request written to a file.

mod size;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, process};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bench {
    /// Diff, apply and codec times, natively and in Node, beside other libraries.
    Micro,
    /// Edits through workerd, to subscribers on real sockets.
    Edits,
    /// One edit to few and many subscribers.
    Fanout,
    /// What is downloaded and deployed.
    Size,
}

impl Bench {
    pub const ALL: [Self; 4] = [Self::Micro, Self::Edits, Self::Fanout, Self::Size];

    pub fn name(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Edits => "edits",
            Self::Fanout => "fanout",
            Self::Size => "size",
        }
    }
}

/// Runs benchmarks one after the other; `json` gets one object with a member for each.
pub fn run(project: &Project, which: &[Bench], json: Option<&Path>) -> Result<()> {
    let mut results = Map::new();
    for bench in which {
        let result = match bench {
            Bench::Size => size::measure(project)?,
            Bench::Micro | Bench::Edits | Bench::Fanout => program(project, *bench)?,
        };
        results.insert(bench.name().to_owned(), result);
    }
    let Some(path) = json else { return Ok(()) };
    let text = serde_json::to_string_pretty(&Value::Object(results))?;
    fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))
}

/// A program of the tests package, which prints for people and writes JSON for us.
fn program(project: &Project, bench: Bench) -> Result<Value> {
    fs::create_dir_all(project.scratch())?;
    let result = project.scratch().join(format!("bench-{}.json", bench.name()));
    let mut command = process::cargo();
    command.args(["run", "--quiet", "--release", "--package", "temporal-entity-tests", "--bin"]);
    command.arg(format!("bench-{}", bench.name())).current_dir(&project.root);
    command.env("TE_ROOT", &project.root);
    let setup = Setup::begin(project)?;
    match bench {
        Bench::Micro => {
            setup.packages()?;
            command.env("BENCH_WASM", assemble::measured(&setup)?);
        }
        Bench::Edits | Bench::Fanout => {
            assemble::bench_worker(&setup)?;
            command.env("WORKERD", setup.workerd()?);
        }
        Bench::Size => {}
    }
    drop(setup);
    process::run(command.args(["--", "--json"]).arg(&result))?;
    let text = fs::read(&result).with_context(|| format!("no {}", result.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", result.display()))
}
