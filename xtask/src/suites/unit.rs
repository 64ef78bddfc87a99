//! Everything that needs no server and no browser.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Report, Suite, TESTS, node};
use crate::project::Project;
use crate::setup::{Packages, Setup, TARGET, Wasm};
use crate::{assemble, process};

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    report.check("rustfmt", &mut cargo(project, &["fmt", "--all", "--check"]));
    let lint = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    report.check("clippy", &mut cargo(project, &lint));
    let tests = ["test", "--workspace", "--exclude", TESTS];
    report.tests("tests", &mut cargo(project, &tests));

    let (wasm, packages) = {
        let setup = Setup::begin(project)?;
        (setup.wasm()?, setup.packages()?)
    };
    // Some of them read what the npm packages bring.
    tests_package(project, report)?;
    feature_matrix(project, &wasm, report)?;
    typescript(project, &packages, report);

    let fixture = assemble::fixture(&Setup::begin(project)?)?;
    usage(project, &packages, &fixture, report)?;
    let mut client = node::tests(&project.client().join("tests"))?;
    report.tests("browser package in node", client.env("CLIENT_FIXTURE", fixture));
    Ok(())
}

/// The tests package without those of its test files that are suites of their own.
fn tests_package(project: &Project, report: &mut Report) -> Result<()> {
    let mut names = test_files(project)?;
    names.retain(|name| Suite::ALL.iter().all(|suite| suite.name() != name));
    if names.is_empty() {
        return Ok(());
    }
    let mut command = cargo(project, &["test", "--package", TESTS, "--lib", "--bins"]);
    for name in names {
        command.arg("--test").arg(name);
    }
    report.tests("tests across packages", &mut command);
    Ok(())
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
fn feature_matrix(project: &Project, wasm: &Wasm, report: &mut Report) -> Result<()> {
    for features in ["", "server", "client", "server client"] {
        let chosen = if features.is_empty() { "no features" } else { features };
        let places = [("host", process::cargo(), None), ("wasm32", wasm.cargo()?, Some(TARGET))];
        for (place, mut command, target) in places {
            command.args(["check", "--package", "temporal-entity", "--features", features]);
            command.args(target.map(|target| format!("--target={target}")));
            command.current_dir(&project.root);
            report.check(&format!("{place} with {chosen}"), &mut command);
        }
    }
    Ok(())
}

/// The shell, and the typings that the macro makes: the golden file has a type of every kind.
fn typescript(project: &Project, packages: &Packages, report: &mut Report) {
    let mut shell = packages.tsc();
    shell.args(["--noEmit", "--project"]).arg(project.client().join("ts"));
    report.check("tsc of the browser's shell", &mut shell);
    let mut typings = packages.tsc();
    typings.args(["--noEmit", "--strict", "--target", "es2022", "--types", ""]);
    typings.arg(project.root.join("tests/golden/typings.d.ts"));
    report.check("tsc of typings", &mut typings);
}

/// What a user writes against the typings of every kind, beside the typings that the fixture has.
fn usage(
    project: &Project,
    packages: &Packages,
    fixture: &Path,
    report: &mut Report,
) -> Result<()> {
    let file = fixture.join("usage.ts");
    fs::copy(project.client().join("tests/usage.ts"), &file)?;
    let mut usage = packages.tsc();
    usage.args(["--noEmit", "--strict", "--target", "es2022", "--module", "esnext"]);
    usage.args(["--moduleResolution", "bundler", "--lib", "esnext,dom", "--types", ""]).arg(file);
    report.check("tsc of every kind in use", &mut usage);
    Ok(())
}

fn cargo(project: &Project, arguments: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(arguments).current_dir(&project.root);
    command
}
