//! The page in real browsers against real workerd.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Step;
use crate::assemble;
use crate::project::Project;
use crate::setup::Setup;

pub fn steps(project: &Project) -> Result<Vec<Step>> {
    let setup = Setup::begin(project)?;
    let chromium = setup.chromium()?;
    assemble::everything(&setup)?;
    let mut command = Command::new("node");
    // One file at a time: each starts browsers and a server of its own.
    command.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    command.args(test_files(project)?).current_dir(&project.root);
    command.env("TE_ROOT", &project.root).env("WORKERD", setup.workerd()?);
    command.env("CHROMIUM", chromium);
    Ok(vec![Step::tests("page in Chromium", command)])
}

/// Listed here because node reads patterns only from version 21 on.
fn test_files(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = project.root.join("tests/browser");
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("no *.test.mjs in {}", folder.display());
    }
    Ok(files)
}
