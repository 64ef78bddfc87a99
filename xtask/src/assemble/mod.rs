//! Builds both wasm sides of the example and its page.
//!
//! Cargo decides what of the Rust is to be built anew; each later step runs when what it reads
//! has changed. So a build with nothing to do takes a second.

mod browser;
mod worker;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

pub use browser::page;
pub use worker::worker;

use crate::fresh;
use crate::project::Project;
use crate::setup::{Setup, TARGET, Wasm};

/// What the demo serves.
pub fn everything(setup: &Setup) -> Result<()> {
    worker(setup)?;
    page(setup)
}

/// `cargo build` of the example for one side, and the wasm file that comes of it.
///
/// Each side has a target folder of its own: worker-build changes how wasm-bindgen's macros
/// expand by an environment variable that cargo does not watch, so a shared one would mix them.
struct Side {
    feature: &'static str,
    target: PathBuf,
}

impl Side {
    fn new(project: &Project, feature: &'static str) -> Self {
        Self { feature, target: project.root.join("target").join(feature) }
    }

    fn cargo(&self, project: &Project, wasm: &Wasm) -> Result<Command> {
        let mut cargo = wasm.cargo()?;
        cargo.args(["build", "--lib", "--release", "--target", TARGET, "--features", self.feature]);
        cargo.env("CARGO_TARGET_DIR", &self.target).current_dir(project.board());
        Ok(cargo)
    }

    fn wasm_file(&self) -> PathBuf {
        self.target.join(TARGET).join("release/board.wasm")
    }
}

/// One step after cargo's. Tools are inputs too: their versions stand in the lock files, and how
/// they are called in this program.
fn step(
    project: &Project,
    name: &str,
    inputs: &[&Path],
    outputs: &[&Path],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut all = vec![
        std::env::current_exe()?,
        project.root.join("Cargo.lock"),
        project.root.join("package-lock.json"),
    ];
    all.extend(inputs.iter().map(|path| path.to_path_buf()));
    let outputs: Vec<_> = outputs.iter().map(|path| path.to_path_buf()).collect();
    let stamp = project.scratch().join(name).with_extension("stamp");
    fresh::when_changed(&stamp, &all, &outputs, work)
}
