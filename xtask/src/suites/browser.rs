//! The page in real browsers against real workerd.

use anyhow::Result;

use super::{Report, node};
use crate::assemble;
use crate::project::Project;
use crate::setup::Setup;

pub fn run(project: &Project, report: &mut Report) -> Result<()> {
    let (chromium, workerd) = {
        let setup = Setup::begin(project)?;
        let found = (setup.chromium()?, setup.workerd()?);
        assemble::everything(&setup)?;
        found
    };
    let mut command = node::tests(&project.root.join("tests/browser"))?;
    command.env("CHROMIUM", chromium).env("WORKERD", workerd);
    report.tests("page in Chromium", command.env("TE_ROOT", &project.root));
    Ok(())
}
