//! `cargo xtask bench`: measurements, printed, and on request written to a file.

mod paired;
mod size;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use self::paired::Against;
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
    /// What one account can cost the others.
    Hostile,
    /// What is downloaded and deployed.
    Size,
}

impl Bench {
    pub const ALL: [Self; 5] = [Self::Micro, Self::Edits, Self::Fanout, Self::Hostile, Self::Size];

    /// Those in which two builds can take turns.
    pub const PAIRED: [Self; 3] = [Self::Micro, Self::Edits, Self::Fanout];

    pub fn name(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Edits => "edits",
            Self::Fanout => "fanout",
            Self::Hostile => "hostile",
            Self::Size => "size",
        }
    }
}

/// How benchmarks are run.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// The file that gets the figures.
    pub json: Option<PathBuf>,
    /// The figures of another build, which `hostile` prints beside its own.
    pub before: Option<PathBuf>,
    /// Another checkout, with which this one takes turns.
    pub against: Option<PathBuf>,
    /// How many turns each has.
    pub rounds: Option<usize>,
}

/// Turns of each build, where nothing else is said.
const ROUNDS: usize = 10;

/// Runs benchmarks one after the other; the JSON file gets one object with a member for each.
pub fn run(project: &Project, which: &[Bench], options: &Options) -> Result<()> {
    let mut results = Map::new();
    for bench in which {
        let result = match (bench, &options.against) {
            (_, Some(folder)) => {
                let rounds = options.rounds.unwrap_or(ROUNDS);
                paired::run(project, *bench, &Against { folder, rounds })?
            }
            (Bench::Size, None) => size::measure(project)?,
            (_, None) => program(project, *bench, options.before.as_deref())?,
        };
        results.insert(bench.name().to_owned(), result);
    }
    let Some(path) = &options.json else { return Ok(()) };
    let text = serde_json::to_string_pretty(&Value::Object(results))?;
    fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))
}

/// A program of the tests package, which prints for people and writes JSON for us.
fn program(project: &Project, bench: Bench, before: Option<&Path>) -> Result<Value> {
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
        Bench::Hostile => {
            assemble::test_worker(&setup)?;
            command.env("WORKERD", setup.workerd()?).args(["--features", "steps"]);
        }
        Bench::Size => {}
    }
    drop(setup);
    command.args(["--", "--json"]).arg(&result);
    if let (Bench::Hostile, Some(before)) = (bench, before) {
        command.arg("--before").arg(std::path::absolute(before)?);
    }
    process::run(&mut command)?;
    let text = fs::read(&result).with_context(|| format!("no {}", result.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", result.display()))
}
