//! What `cargo xtask bench micro` measures of ours in Node: wasm without glue.

use std::path::PathBuf;

use anyhow::Result;

use super::{sources, step};
use crate::process;
use crate::setup::{Setup, TARGET, say};

/// Builds it as the release profile says, which is how a Worker is built, and says where it is.
pub fn measured(setup: &Setup) -> Result<PathBuf> {
    let package = setup.project.root.join("tests/bench-micro");
    let target = setup.project.root.join("target/measured");
    let output = target.join(TARGET).join("release/temporal_entity_bench.wasm");
    let wasm = setup.wasm()?;
    let mut inputs = sources(setup, &wasm);
    inputs.push(package.clone());
    step(setup, "measured", inputs, std::slice::from_ref(&output), || {
        say("building the wasm that is measured");
        let mut cargo = wasm.cargo()?;
        // As cdylib alone, for the optimisation at link time.
        cargo.args(["rustc", "--release", "--target", TARGET, "--lib", "--crate-type", "cdylib"]);
        process::run(cargo.arg("--target-dir").arg(&target).current_dir(&package))
    })?;
    Ok(output)
}
