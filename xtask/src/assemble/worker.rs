//! The Cloudflare side: a folder with `index.js` and its wasm, ready for workerd.

use std::process::Command;

use anyhow::Result;

use super::{sources, step};
use crate::process;
use crate::setup::{Setup, say};

struct Variant {
    name: &'static str,
    /// In `examples/board`.
    folder: &'static str,
    features: &'static str,
}

/// What is served and deployed.
pub fn worker(setup: &Setup) -> Result<()> {
    build(setup, &Variant { name: "worker", folder: "build", features: "server" })
}

/// The same with an entity of any size, for the worker suite and the benchmarks.
pub fn test_worker(setup: &Setup) -> Result<()> {
    let features = "server,bench";
    build(setup, &Variant { name: "test worker", folder: "build-test", features })
}

fn build(setup: &Setup, variant: &Variant) -> Result<()> {
    let project = setup.project;
    let (packages, wasm) = (setup.packages()?, setup.wasm()?);
    let (worker_build, wasm_bindgen) = (setup.worker_build()?, setup.wasm_bindgen()?);
    let folder = project.board().join(variant.folder);
    let outputs = ["index.js", "index_bg.wasm"].map(|file| folder.join(file));
    step(setup, variant.name, sources(setup, &wasm), &outputs, || {
        say(&format!("building the {}", variant.name));
        let mut build = Command::new(worker_build);
        build.args(["--release", "--out-dir", variant.folder, "--features", variant.features]);
        // Not shared with other builds: worker-build changes how wasm-bindgen's macros expand by
        // a variable that cargo does not watch.
        build.env("CARGO_TARGET_DIR", project.root.join("target/worker"));
        build.env("WASM_BINDGEN_BIN", wasm_bindgen);
        build.env("WASM_OPT_BIN", packages.wasm_opt());
        build.env("ESBUILD_BIN", packages.esbuild()?);
        wasm.lend(&mut build)?;
        process::run(build.current_dir(project.board()))
    })
}
