//! Programs from crates.io, kept by version in the cache folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Setup, say};
use crate::{lockfile, process, project};

struct CargoTool {
    package: &'static str,
    program: &'static str,
    /// The crate in Cargo.lock that the tool must equal in version.
    partner: &'static str,
    /// What we leave out, since building it would double the wait.
    options: &'static [&'static str],
    minutes: u32,
}

const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    partner: "wasm-bindgen",
    // TLS is there for the test runner's remote drivers alone.
    options: &["--bin", "wasm-bindgen", "--no-default-features"],
    minutes: 4,
};

const WORKER_BUILD: CargoTool = CargoTool {
    package: "worker-build",
    program: "worker-build",
    partner: "worker",
    options: &["--bin", "worker-build"],
    minutes: 6,
};

impl Setup<'_> {
    /// The wasm-bindgen program of exactly the version in Cargo.lock; another one refuses to work.
    pub fn wasm_bindgen(&self) -> Result<PathBuf> {
        self.cargo_tool(&WASM_BINDGEN)
    }

    /// Packs a Rust worker for workerd.
    pub fn worker_build(&self) -> Result<PathBuf> {
        self.cargo_tool(&WORKER_BUILD)
    }

    fn cargo_tool(&self, tool: &CargoTool) -> Result<PathBuf> {
        let CargoTool { package, program, minutes, .. } = tool;
        let version = lockfile::version(self.project, tool.partner)?;
        let folder = project::cache()?.join(format!("{package}-{version}"));
        let path = folder.join("bin").join(program);
        if !path.is_file() {
            say(&format!("installing {package} {version} (about {minutes} minutes, once)"));
            self.install(tool, &version, &folder).with_context(|| {
                format!("{package} {version} could not be installed from crates.io")
            })?;
        }
        Ok(path)
    }

    fn install(&self, tool: &CargoTool, version: &str, folder: &Path) -> Result<()> {
        let attempt = |locked: &[&str]| {
            let mut cargo = process::cargo();
            cargo.current_dir(&self.project.root).args(["install", "--root"]).arg(folder);
            cargo.args(tool.options).args(locked).args(["--version", version, tool.package]);
            process::run(&mut cargo)
        };
        attempt(&["--locked"]).or_else(|_| {
            // A mirror of the registry may lack a release that the tool's own lock file names.
            say(&format!("trying {} once more without its lock file", tool.package));
            attempt(&[])
        })
    }
}
