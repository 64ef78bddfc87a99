//! `cargo xtask bench NAME --against DIR`: this checkout and another one take turns in one run.
//!
//! A machine is not equally quick all the time, so two figures that were measured one after the other differ though
//! nothing was changed. Here each round runs this build, the other build, and this build once more, in an order that
//! rotates. The ratios of each round say by how much the builds differ, and the ratio of this build to itself says how
//! much of that is noise.

mod figures;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use self::figures::{Round, report};
use super::Bench;
use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, process};

/// What is compared.
pub struct Against<'a> {
    /// Another checkout of this repository.
    pub folder: &'a Path,
    /// How often each build has its turn.
    pub rounds: usize,
}

/// The build of one turn.
struct Build {
    /// The program that measures.
    driver: PathBuf,
    /// The checkout of which the worker is measured.
    root: PathBuf,
    /// The wasm that `micro` measures in Node.
    wasm: Option<PathBuf>,
}

/// Runs one benchmark, prints the ratios, and returns them.
pub fn run(project: &Project, bench: Bench, against: &Against) -> Result<Value> {
    let folder = against.folder;
    let root = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let other = Project { root };
    let workerd = Setup::begin(project)?.workerd()?;
    let (ours, theirs) = match bench {
        Bench::Micro => (micro(project)?, micro(&other)?),
        Bench::Edits | Bench::Fanout => {
            // One driver for both: what differs is the worker, and the configuration that workerd has for it.
            let driver = driver(project, bench)?;
            (worker(project, driver.clone())?, worker(&other, driver)?)
        }
        Bench::Size | Bench::Hostile => bail!("`{}` takes no turns", bench.name()),
    };
    let result = project.scratch().join(format!("bench-{}-turn.json", bench.name()));
    let mut rounds = Vec::new();
    for round in 1..=against.rounds {
        let mut turns = Round::default();
        for turn in 0..3 {
            let turn = (turn + round) % 3;
            let (build, slot) = match turn {
                0 => (&ours, &mut turns.ours),
                1 => (&theirs, &mut turns.theirs),
                _ => (&ours, &mut turns.again),
            };
            eprintln!("{} round {round} of {}: {}", bench.name(), against.rounds, name(turn));
            process::run_quietly(&mut build.command(&workerd, &result))?;
            let text = std::fs::read(&result).with_context(|| result.display().to_string())?;
            *slot = figures::of(bench, &serde_json::from_slice(&text)?);
        }
        rounds.push(turns);
    }
    Ok(json!({ "against": other.root, "rounds": against.rounds, "ratios": report(bench, &rounds) }))
}

fn name(turn: usize) -> &'static str {
    match turn {
        0 => "this build",
        1 => "the other build",
        _ => "this build again",
    }
}

impl Build {
    fn command(&self, workerd: &Path, result: &Path) -> Command {
        let mut command = Command::new(&self.driver);
        command.env("BENCH_SHORT", "1").env("BENCH_ROOT", &self.root).env("WORKERD", workerd);
        command.envs(self.wasm.iter().map(|wasm| ("BENCH_WASM", wasm)));
        command.arg("--json").arg(result);
        command
    }
}

/// Builds the program that measures, and says where it is.
fn driver(project: &Project, bench: Bench) -> Result<PathBuf> {
    let bin = format!("bench-{}", bench.name());
    let mut cargo = process::cargo();
    cargo.args(["build", "--quiet", "--release", "--package", "temporal-entity-tests", "--bin"]);
    process::run(cargo.arg(&bin).current_dir(&project.root))?;
    Ok(project.root.join("target/release").join(bin))
}

fn worker(project: &Project, driver: PathBuf) -> Result<Build> {
    assemble::bench_worker(&Setup::begin(project)?)?;
    Ok(Build { driver, root: project.root.clone(), wasm: None })
}

/// What is measured is linked into the driver, so each checkout has its own.
fn micro(project: &Project) -> Result<Build> {
    let wasm = {
        let setup = Setup::begin(project)?;
        setup.packages()?;
        assemble::measured(&setup)?
    };
    let driver = driver(project, Bench::Micro)?;
    Ok(Build { driver, root: project.root.clone(), wasm: Some(wasm) })
}
