//! Tests written in JavaScript.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Node's own runner over the `*.test.mjs` in a folder.
pub fn tests(folder: &Path) -> Result<Command> {
    let mut command = Command::new("node");
    // One file at a time: some start servers and browsers of their own.
    command.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    // A hub that was killed on purpose leaves its channels open, and they would keep node waiting.
    command.arg("--test-force-exit");
    // Listed here because node reads patterns only from version 21 on.
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        bail!("no *.test.mjs in {}", folder.display());
    }
    files.sort();
    command.args(files);
    Ok(command)
}
