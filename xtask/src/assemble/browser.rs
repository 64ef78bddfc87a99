//! The browser side: the files an application gets (`examples/board/web/pkg`), and its page.
//!
//! The wasm and the SharedWorker's file are built ready to serve, because bundlers do not agree
//! on how to find either; the application passes their addresses in.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::{Side, step};
use crate::process;
use crate::project::Project;
use crate::setup::{Packages, Setup, say};

/// The name by which the TypeScript shell imports the application's wasm glue.
const APP: &str = "temporal-entity-app";

/// What rustc's wasm32 target may emit. Named one by one, lest wasm-opt bring in encodings that
/// browsers do not read yet.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the browser's files and the example's page in `examples/board/web/dist`.
pub fn page(setup: &Setup) -> Result<()> {
    let project = setup.project;
    let packages = setup.packages()?;
    glue(setup, &packages)?;
    shell(project, &packages)?;

    let web = project.board().join("web");
    let inputs = [&*web, &project.board_pkg()];
    step(project, "page", &inputs, &[&web.join("dist/index.html")], || {
        say("building the page");
        process::run(packages.tsc().args(["--noEmit", "--project"]).arg(&web))?;
        process::run(packages.vite().arg("build").current_dir(&web))
    })
}

/// `board_bg.wasm`, its glue `board.js`, and typings.
fn glue(setup: &Setup, packages: &Packages) -> Result<()> {
    let project = setup.project;
    let (wasm, wasm_bindgen) = (setup.wasm()?, setup.wasm_bindgen()?);
    let side = Side::new(project, "client");
    say("building the browser's wasm");
    process::run(&mut side.cargo(project, &wasm)?)?;

    let pkg = project.board_pkg();
    let small = pkg.join("board_bg.wasm");
    let outputs = [&*small, &*pkg.join("board.js"), &*pkg.join("board.d.ts")];
    step(project, "glue", &[&side.wasm_file()], &outputs, || {
        let mut bind = Command::new(wasm_bindgen);
        bind.arg(side.wasm_file()).args(["--target", "web", "--out-name", "board", "--out-dir"]);
        bind.arg(&pkg).args(["--omit-default-module-path", "--remove-producers-section"]);
        process::run(&mut bind)?;
        let mut optimise = Command::new(packages.wasm_opt());
        process::run(optimise.args(WASM_FEATURES).arg("-Os").arg(&small).arg("-o").arg(&small))
    })
}

/// `hub.js`, all that the SharedWorker runs in one file, and `tab.js` for pages, which imports
/// `board.js` and so lets a bundler share it with the page's own code.
fn shell(project: &Project, packages: &Packages) -> Result<()> {
    let (source, pkg) = (project.shell(), project.board_pkg());
    let glue = pkg.join("board.js");
    let (hub, tab, types) = (pkg.join("hub.js"), pkg.join("tab.js"), pkg.join("tab.d.ts"));
    let inputs = [&*source, &*glue, &*pkg.join("board.d.ts")];
    step(project, "shell", &inputs, &[&hub, &tab, &types], || {
        say("bundling the browser's shell");
        let mut bundle = packages.bundle(&source.join("hub.ts"), &hub)?;
        process::run(bundle.arg("--minify").arg(format!("--alias:{APP}={}", glue.display())))?;
        let mut bundle = packages.bundle(&source.join("tab.ts"), &tab)?;
        bundle.arg(format!("--alias:{APP}=./board.js")).arg("--external:./board.js");
        process::run(&mut bundle)?;
        declarations(packages, &source, &pkg)
    })
}

/// Typings beside the built shell; they too import the glue by its file there.
fn declarations(packages: &Packages, source: &Path, pkg: &Path) -> Result<()> {
    let mut tsc = packages.tsc();
    tsc.arg("--project").arg(source).args(["--noEmit", "false", "--declaration"]);
    process::run(tsc.arg("--emitDeclarationOnly").arg("--outDir").arg(pkg))?;
    for file in fs::read_dir(source)? {
        let Some(stem) = file?.path().file_stem().map(|stem| stem.to_owned()) else { continue };
        let path = pkg.join(stem).with_extension("d.ts");
        if path.is_file() {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            fs::write(&path, text.replace(&format!("\"{APP}\""), "\"./board.js\""))?;
        }
    }
    Ok(())
}
