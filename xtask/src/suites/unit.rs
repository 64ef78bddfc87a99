//! Everything that needs no server and no browser.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Step, Suite, TESTS};
use crate::process;
use crate::project::Project;
use crate::setup::{Setup, TARGET, Wasm};

pub fn steps(project: &Project) -> Result<Vec<Step>> {
    let setup = Setup::begin(project)?;
    let (packages, wasm) = (setup.packages()?, setup.wasm()?);
    let mut steps = vec![
        Step::check("rustfmt", cargo(project, &["fmt", "--all", "--check"])),
        Step::check("clippy", cargo(project, &LINT)),
        Step::tests("tests", cargo(project, &["test", "--workspace", "--exclude", TESTS])),
    ];
    steps.extend(tests_package(project)?);
    steps.extend(feature_matrix(project, &wasm)?);
    let mut tsc = packages.tsc();
    tsc.args(["--noEmit", "--project"]).arg(project.shell());
    steps.push(Step::check("tsc of the browser's shell", tsc));
    Ok(steps)
}

const LINT: [&str; 6] = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];

/// The tests package without those of its test files that are suites of their own.
fn tests_package(project: &Project) -> Result<Option<Step>> {
    let names = test_files(project)?;
    let own: Vec<_> = names
        .iter()
        .filter(|name| Suite::ALL.iter().all(|suite| suite.name() != name.as_str()))
        .collect();
    if own.is_empty() {
        return Ok(None);
    }
    let mut command = cargo(project, &["test", "--package", TESTS]);
    for name in own {
        command.args(["--test", name]);
    }
    Ok(Some(Step::tests("tests across packages", command)))
}

fn test_files(project: &Project) -> Result<Vec<String>> {
    let mut metadata = cargo(project, &["metadata", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&process::read(&mut metadata)?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let targets = packages.iter().filter(|package| package["name"] == TESTS);
    let targets = targets.flat_map(|package| package["targets"].as_array()).flatten();
    let tests = targets.filter(|target| target["kind"][0] == "test");
    Ok(tests.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect())
}

/// Features are additive: each combination compiles by itself, natively and for wasm.
fn feature_matrix(project: &Project, wasm: &Wasm) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for features in ["", "server", "client", "server client"] {
        let chosen = if features.is_empty() { "no features" } else { features };
        let places = [("host", process::cargo(), None), ("wasm32", wasm.cargo()?, Some(TARGET))];
        for (place, mut command, target) in places {
            command.args(["check", "--package", "temporal-entity", "--features", features]);
            command.args(target.map(|target| format!("--target={target}")));
            command.current_dir(&project.root);
            steps.push(Step::check(format!("{place} with {chosen}"), command));
        }
    }
    Ok(steps)
}

fn cargo(project: &Project, arguments: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(arguments).current_dir(&project.root);
    command
}
