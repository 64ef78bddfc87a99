//! A native client against the real worker.

use anyhow::Result;

use super::{Step, TESTS};
use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, process};

pub fn steps(project: &Project) -> Result<Vec<Step>> {
    let setup = Setup::begin(project)?;
    assemble::test_worker(&setup)?;
    let mut command = process::cargo();
    command.args(["test", "--package", TESTS, "--test", "worker"]).current_dir(&project.root);
    command.env("TE_ROOT", &project.root).env("WORKERD", setup.workerd()?);
    Ok(vec![Step::tests("worker in workerd", command)])
}
