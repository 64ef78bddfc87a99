//! Builds both wasm sides of the example and its page.
//!
//! Each step runs when something it reads has changed, cargo's steps included: two variants of
//! the worker share one target folder, where cargo alone would make each anew after the other.

mod browser;
mod measured;
mod worker;

use std::path::PathBuf;

use anyhow::Result;

pub use browser::{fixture, page};
pub use measured::measured;
pub use worker::{bench_worker, test_worker, test_worker_unwind, worker, worker_unwind};

use crate::fresh;
use crate::setup::{Setup, Wasm};

/// What the demo serves.
pub fn everything(setup: &Setup) -> Result<()> {
    worker(setup)?;
    page(setup)
}

/// Runs `work` when its inputs changed. Tools are inputs too: their versions stand in the lock
/// files, and how they are called in this program.
fn step(
    setup: &Setup,
    name: &str,
    mut inputs: Vec<PathBuf>,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let project = setup.project;
    inputs.push(std::env::current_exe()?);
    inputs.extend(["Cargo.lock", "package-lock.json"].map(|file| project.root.join(file)));
    let stamp = project.scratch().join(name).with_extension("stamp");
    fresh::when_changed(&stamp, &inputs, outputs, work)
}

/// What cargo reads to build either side, except the packages of one side only.
fn sources(setup: &Setup, wasm: &Wasm) -> Vec<PathBuf> {
    const SHARED: [&str; 8] = [
        ".cargo",
        "Cargo.toml",
        "rust-toolchain.toml",
        "entity-macros",
        "examples/board/Cargo.toml",
        "examples/board/src",
        "runtime",
        "tests/src/notes.rs",
    ];
    let mut sources: Vec<_> = SHARED.iter().map(|path| setup.project.root.join(path)).collect();
    sources.extend(wasm.own_cargo());
    sources
}
