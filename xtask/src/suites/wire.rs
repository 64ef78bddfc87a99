//! Our CBOR and that of cbor-x, both ways.

use anyhow::Result;

use super::{Report, TESTS};
use crate::process;
use crate::project::Project;
use crate::setup::Setup;

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    Setup::begin(project)?.packages()?;
    let mut command = process::cargo();
    command.args(["test", "--package", TESTS, "--test", "wire"]).current_dir(&project.root);
    report.tests("CBOR with cbor-x in node", &mut command);
    Ok(())
}
