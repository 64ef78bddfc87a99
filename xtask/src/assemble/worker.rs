//! The Cloudflare side: a folder with `index.js` and its wasm, ready for workerd.

use std::process::Command;

use anyhow::Result;

use super::{sources, step};
use crate::process;
use crate::setup::{Setup, Unwind, say};

struct Variant {
    name: &'static str,
    /// In `examples/board`.
    folder: &'static str,
    features: &'static str,
    /// Whether a panic ends the request that it happens in, or the whole isolate.
    unwinds: bool,
}

/// What the demo serves.
pub fn worker(setup: &Setup) -> Result<()> {
    let (name, folder, features) = ("worker", "build", "server");
    build(setup, &Variant { name, folder, features, unwinds: false })
}

/// The same as a build that unwinds, which is what we recommend to deploy.
pub fn worker_unwind(setup: &Setup) -> Result<()> {
    let (name, folder, features) = ("worker that unwinds", "build-release", "server");
    build(setup, &Variant { name, folder, features, unwinds: true })
}

/// The worker with one more entity, for the benchmarks: about as much as an application has.
pub fn bench_worker(setup: &Setup) -> Result<()> {
    let (name, folder, features) = ("worker to measure", "build-bench", "server,bench");
    build(setup, &Variant { name, folder, features, unwinds: false })
}

/// The worker with more entities, for the worker suite.
pub fn test_worker(setup: &Setup) -> Result<()> {
    let (name, folder, features) = ("test worker", "build-test", "server,tests");
    build(setup, &Variant { name, folder, features, unwinds: false })
}

/// The test worker as a build that unwinds, and as a later deployment: one of its entities has a schema to migrate to.
pub fn test_worker_unwind(setup: &Setup) -> Result<()> {
    let (name, folder) = ("test worker that unwinds", "build-unwind");
    build(setup, &Variant { name, folder, features: "server,later", unwinds: true })
}

fn build(setup: &Setup, variant: &Variant) -> Result<()> {
    let project = setup.project;
    let (packages, wasm) = (setup.packages()?, setup.wasm()?);
    let (worker_build, wasm_bindgen) = (setup.worker_build()?, setup.wasm_bindgen()?);
    let unwind = variant.unwinds.then(|| setup.unwind()).transpose()?;
    let folder = project.board().join(variant.folder);
    let outputs = ["index.js", "index_bg.wasm"].map(|file| folder.join(file));
    let mut inputs = sources(setup, &wasm);
    inputs.extend(unwind.iter().flat_map(Unwind::inputs));
    step(setup, variant.name, inputs, &outputs, || {
        say(&format!("building the {}", variant.name));
        let mut build = Command::new(worker_build);
        build.args(["--release", "--out-dir", variant.folder]);
        build.env("WASM_BINDGEN_BIN", wasm_bindgen);
        build.env("WASM_OPT_BIN", packages.wasm_opt());
        build.env("ESBUILD_BIN", packages.esbuild()?);
        // Not shared with other builds: worker-build changes how wasm-bindgen's macros expand by
        // a variable that cargo does not watch.
        let target = match &unwind {
            None => {
                wasm.lend(&mut build)?;
                "target/worker"
            }
            Some(unwind) => {
                unwind.lend(&mut build)?;
                build.arg("--panic-unwind");
                "target/worker-unwind"
            }
        };
        build.args(["--features", variant.features]);
        build.env("CARGO_TARGET_DIR", project.root.join(target));
        process::run(build.current_dir(project.board()))
    })
}
