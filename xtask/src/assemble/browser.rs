//! The browser side: the files an application gets (`examples/board/web/pkg`), and its page.
//!
//! The wasm and the SharedWorker's file are built ready to serve, because bundlers do not agree
//! on how to find either; the application passes their addresses in.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::{sources, step};
use crate::process;
use crate::setup::{Packages, Setup, TARGET, say};

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
    let packages = setup.packages()?;
    glue(setup, &packages)?;
    shell(setup, &packages)?;

    let web = setup.project.board().join("web");
    let inputs = vec![web.clone(), setup.project.board_pkg()];
    step(setup, "page", inputs, &[web.join("dist/index.html")], || {
        say("building the page");
        process::run(packages.tsc().args(["--noEmit", "--project"]).arg(&web))?;
        process::run(packages.vite().arg("build").current_dir(&web))
    })
}

/// `board_bg.wasm`, its glue `board.js`, and typings.
fn glue(setup: &Setup, packages: &Packages) -> Result<()> {
    let project = setup.project;
    let (wasm, wasm_bindgen) = (setup.wasm()?, setup.wasm_bindgen()?);
    let pkg = project.board_pkg();
    let mut inputs = sources(setup, &wasm);
    inputs.extend(["Cargo.toml", "src"].map(|path| project.root.join("runtime-client").join(path)));
    let outputs = ["board.js", "board.d.ts", "board_bg.wasm"].map(|file| pkg.join(file));
    step(setup, "glue", inputs, &outputs, || {
        say("building the browser's wasm");
        let target = project.root.join("target/browser");
        let mut cargo = wasm.cargo()?;
        cargo.args(["build", "--lib", "--release", "--target", TARGET, "--features", "client"]);
        cargo.arg("--target-dir").arg(&target).current_dir(project.board());
        process::run(&mut cargo)?;

        let mut bind = Command::new(wasm_bindgen);
        bind.args(["--target", "web", "--omit-default-module-path", "--remove-producers-section"]);
        bind.args(["--out-name", "board", "--out-dir"]).arg(&pkg);
        process::run(bind.arg(target.join(TARGET).join("release/board.wasm")))?;

        let small = pkg.join("board_bg.wasm");
        let mut optimise = Command::new(packages.wasm_opt());
        process::run(optimise.args(WASM_FEATURES).arg("-Os").arg(&small).arg("-o").arg(&small))
    })
}

/// `hub.js`, all that the SharedWorker runs in one file, and `tab.js` for pages, which imports
/// `board.js` and so lets a bundler share it with the page's own code.
fn shell(setup: &Setup, packages: &Packages) -> Result<()> {
    let (source, pkg) = (setup.project.shell(), setup.project.board_pkg());
    let glue = pkg.join("board.js");
    let outputs = ["hub.js", "tab.js", "tab.d.ts"].map(|file| pkg.join(file));
    let inputs = vec![source.clone(), glue.clone(), pkg.join("board.d.ts")];
    step(setup, "shell", inputs, &outputs, || {
        say("bundling the browser's shell");
        let mut hub = packages.bundle(&source.join("hub.ts"), &pkg.join("hub.js"))?;
        process::run(hub.arg("--minify").arg(format!("--alias:{APP}={}", glue.display())))?;
        let mut tab = packages.bundle(&source.join("tab.ts"), &pkg.join("tab.js"))?;
        tab.arg(format!("--alias:{APP}=./board.js")).arg("--external:./board.js");
        process::run(&mut tab)?;
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
