//! Thousands of simulated worlds, each from a seed.

use anyhow::Result;

use super::{Report, TESTS};
use crate::process;
use crate::project::Project;

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    let mut command = process::cargo();
    // In a profile of its own: built quickly, run quickly, and every check of a dev build is on.
    command.args(["test", "--profile", "sim", "--package", TESTS, "--test", "sim"]);
    command.current_dir(&project.root);
    report.tests("simulated worlds", &mut command);
    Ok(())
}
