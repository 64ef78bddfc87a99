//! The browser side: the files an application gets, and the example's page.
//!
//! The wasm and the SharedWorker's file are built ready to serve, because bundlers do not agree
//! on how to find either; the application passes their addresses in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{sources, step};
use crate::process;
use crate::project::Project;
use crate::setup::{Packages, Setup, TARGET, say};

/// The name by which the TypeScript shell imports the application's wasm glue.
const SHELL_IMPORT: &str = "temporal-entity-app";

/// The workspace's profile for browsers, and cargo's folder of it.
const PROFILE: &str = "browser";

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

/// What makes the wasm small when it has been gzipped. All of it is measured by `cargo xtask bench size`.
const SMALL: [&str; 6] = [
    // The stack comes first in memory, so nothing lies that low.
    "--low-memory-unused",
    // A local in the place of what was calculated before is shorter, but gzip cannot see that it is the same again.
    "--skip-pass=local-cse",
    "-Os",
    // Builds the control flow anew from its parts, which needs to be cleaned up again.
    "--flatten",
    "--rereloop",
    "-Os",
];

/// Something to build for browsers.
struct App {
    /// Names the files: `<name>.js` is the glue, `<name>_bg.wasm` the wasm.
    name: &'static str,
    folder: PathBuf,
    /// Tells cargo which target of the package in `folder` it is.
    choice: &'static [&'static str],
    /// Below cargo's folder of the profile.
    built: &'static str,
    /// Where the files go.
    pkg: PathBuf,
}

impl App {
    fn board(project: &Project) -> Self {
        Self {
            name: "board",
            folder: project.board(),
            // As cdylib alone: beside an rlib, cargo leaves out the optimisation at link time.
            choice: &["--lib", "--crate-type", "cdylib", "--features", "client"],
            built: "board.wasm",
            pkg: project.board_pkg(),
        }
    }

    fn fixture(project: &Project) -> Self {
        Self {
            name: "fixture",
            folder: project.client(),
            choice: &["--example", "fixture"],
            built: "examples/fixture.wasm",
            pkg: project.scratch().join("fixture"),
        }
    }

    fn file(&self, suffix: &str) -> PathBuf {
        self.pkg.join(format!("{}{suffix}", self.name))
    }

    fn step(&self, what: &str) -> String {
        format!("{}-{what}", self.name)
    }
}

/// Builds the example's page in `examples/board/web/dist`.
pub fn page(setup: &Setup) -> Result<()> {
    let packages = setup.packages()?;
    let board = App::board(setup.project);
    build(setup, &packages, &board)?;

    let web = setup.project.board().join("web");
    let inputs = vec![web.clone(), board.pkg.clone()];
    step(setup, &board.step("page"), inputs, &[web.join("dist/index.html")], || {
        say("building the page");
        process::run(packages.tsc().args(["--noEmit", "--project"]).arg(&web))?;
        process::run(packages.vite().arg("build").current_dir(&web))
    })
}

/// Builds what the browser package's own tests run in node, and says in which folder.
pub fn fixture(setup: &Setup) -> Result<PathBuf> {
    let fixture = App::fixture(setup.project);
    build(setup, &setup.packages()?, &fixture)?;
    // Without it node takes the files for scripts of the older kind.
    fs::write(fixture.pkg.join("package.json"), "{ \"type\": \"module\" }\n")?;
    Ok(fixture.pkg)
}

fn build(setup: &Setup, packages: &Packages, app: &App) -> Result<()> {
    glue(setup, packages, app)?;
    shell(setup, packages, app)
}

/// The wasm, its glue, and typings.
fn glue(setup: &Setup, packages: &Packages, app: &App) -> Result<()> {
    let (wasm, wasm_bindgen) = (setup.wasm()?, setup.wasm_bindgen()?);
    let mut inputs = sources(setup, &wasm);
    inputs.extend(["Cargo.toml", "examples", "src"].map(|path| setup.project.client().join(path)));
    let outputs = [app.file(".js"), app.file(".d.ts"), app.file("_bg.wasm")];
    step(setup, &app.step("glue"), inputs, &outputs, || {
        say(&format!("building the {}'s wasm for browsers", app.name));
        let target = setup.project.root.join("target/browser");
        let mut cargo = wasm.cargo()?;
        cargo.args(["rustc", "--profile", PROFILE, "--target", TARGET]).args(app.choice);
        cargo.arg("--target-dir").arg(&target).current_dir(&app.folder);
        process::run(&mut cargo)?;

        let mut bind = Command::new(wasm_bindgen);
        bind.args(["--target", "web", "--omit-default-module-path", "--remove-producers-section"]);
        bind.args(["--out-name", app.name, "--out-dir"]).arg(&app.pkg);
        process::run(bind.arg(target.join(TARGET).join(PROFILE).join(app.built)))?;

        let small = app.file("_bg.wasm");
        let mut optimise = Command::new(packages.wasm_opt());
        process::run(optimise.args(WASM_FEATURES).args(SMALL).arg(&small).arg("-o").arg(&small))
    })
}

/// `hub.js`, all that the SharedWorker runs in one file, and `tab.js` for pages, which imports
/// the glue and so lets a bundler share it with the page's own code.
fn shell(setup: &Setup, packages: &Packages, app: &App) -> Result<()> {
    let (source, pkg) = (setup.project.client().join("ts"), &app.pkg);
    let glue = app.file(".js");
    let outputs = ["hub.js", "tab.js", "tab.d.ts"].map(|file| pkg.join(file));
    let inputs = vec![source.clone(), glue.clone(), app.file(".d.ts")];
    step(setup, &app.step("shell"), inputs, &outputs, || {
        let mut hub = packages.bundle(&source.join("hub.ts"), &pkg.join("hub.js"))?;
        hub.arg("--minify").arg(format!("--alias:{SHELL_IMPORT}={}", glue.display()));
        process::run(&mut hub)?;

        let beside = format!("./{}.js", app.name);
        let mut tab = packages.bundle(&source.join("tab.ts"), &pkg.join("tab.js"))?;
        tab.arg(format!("--alias:{SHELL_IMPORT}={beside}")).arg(format!("--external:{beside}"));
        process::run(&mut tab)?;
        declarations(packages, &source, pkg, &beside)
    })
}

/// Typings beside the built shell; they too import the glue that lies there.
fn declarations(packages: &Packages, source: &Path, pkg: &Path, glue: &str) -> Result<()> {
    let mut tsc = packages.tsc();
    tsc.arg("--project").arg(source).args(["--noEmit", "false", "--declaration"]);
    process::run(tsc.arg("--emitDeclarationOnly").arg("--outDir").arg(pkg))?;
    for file in fs::read_dir(source)? {
        let Some(stem) = file?.path().file_stem().map(|stem| stem.to_owned()) else { continue };
        let path = pkg.join(stem).with_extension("d.ts");
        if path.is_file() {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let text = text.replace(&format!("\"{SHELL_IMPORT}\""), &format!("\"{glue}\""));
            fs::write(&path, text)?;
        }
    }
    Ok(())
}
