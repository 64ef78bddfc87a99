//! The Cloudflare side: `examples/board/build/index.js` and its wasm, ready for workerd.

use std::process::Command;

use anyhow::Result;

use super::{Side, step};
use crate::process;
use crate::setup::{Setup, say};

/// Builds the worker.
pub fn worker(setup: &Setup) -> Result<()> {
    let project = setup.project;
    let (packages, wasm) = (setup.packages()?, setup.wasm()?);
    let (worker_build, wasm_bindgen) = (setup.worker_build()?, setup.wasm_bindgen()?);
    let side = Side::new(project, "server");

    // The same build that worker-build starts, so that cargo can tell whether there is anything
    // for worker-build to do. The variable is the one it sets.
    say("building the worker");
    let mut cargo = side.cargo(project, &wasm)?;
    process::run(cargo.env("WASM_BINDGEN_USE_JS_SYS", "1"))?;

    let build = project.board().join("build");
    let outputs = [&*build.join("index.js"), &*build.join("index_bg.wasm")];
    step(project, "worker", &[&side.wasm_file()], &outputs, || {
        let mut pack = Command::new(worker_build);
        pack.args(["--release", "--features", side.feature]).current_dir(project.board());
        pack.env("CARGO_TARGET_DIR", &side.target);
        pack.env("WASM_BINDGEN_BIN", wasm_bindgen);
        pack.env("ESBUILD_BIN", packages.esbuild()?);
        pack.env("WASM_OPT_BIN", packages.wasm_opt());
        wasm.lend(&mut pack)?;
        process::run(&mut pack)
    })
}
