//! Compile errors, as trybuild compares them with the recorded ones.

use super::{Step, TESTS};
use crate::process;
use crate::project::Project;

pub fn steps(project: &Project) -> Vec<Step> {
    let mut command = process::cargo();
    command.args(["test", "--package", TESTS, "--test", "ui"]).current_dir(&project.root);
    vec![Step::tests("compile errors", command)]
}
