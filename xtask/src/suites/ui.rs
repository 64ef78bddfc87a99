//! Compile errors, as trybuild compares them with the recorded ones.

use anyhow::Result;

use super::{Report, TESTS};
use crate::process;
use crate::project::Project;

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    let mut command = process::cargo();
    command.args(["test", "--package", TESTS, "--test", "ui"]).current_dir(&project.root);
    report.tests("compile errors", &mut command);
    Ok(())
}
