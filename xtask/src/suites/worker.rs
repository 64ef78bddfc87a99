//! A native client against the real worker.

use anyhow::Result;

use super::{Report, TESTS};
use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, process};

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    let workerd = {
        let setup = Setup::begin(project)?;
        assemble::test_worker(&setup)?;
        assemble::test_worker_unwind(&setup)?;
        setup.workerd()?
    };
    let mut command = process::cargo();
    command.args(["test", "--package", TESTS, "--test", "worker"]).current_dir(&project.root);
    report.tests("worker in workerd", command.env("WORKERD", workerd));
    Ok(())
}
