//! The packages of package.json, and the programs among them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Setup, say};
use crate::{fresh, process};

/// An installed `node_modules` folder, and a node that can run what is in it.
pub struct Packages {
    modules: PathBuf,
}

impl Setup<'_> {
    /// Installs exactly what package-lock.json says, when it is not what is there.
    pub fn packages(&self) -> Result<Packages> {
        check_node()?;
        let root = &self.project.root;
        let modules = root.join("node_modules");
        let inputs = [root.join("package.json"), root.join("package-lock.json")];
        // The stamp lies inside, so that removing the folder removes the claim that it is good.
        let stamp = modules.join(".temporal-entity");
        fresh::when_changed(&stamp, &inputs, &[], || {
            say("installing npm packages (about 1 minute, once)");
            // No install scripts: they only fetch or link binaries that the packages bring along.
            let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            process::run_quietly(Command::new("npm").args(options).current_dir(root))
        })?;
        Ok(Packages { modules })
    }

    /// Starts without node: the package's own start script is skipped.
    pub fn workerd(&self) -> Result<PathBuf> {
        let workerd = self.packages()?.native("@cloudflare", "workerd-", "bin/workerd")?;
        process::read(Command::new(&workerd).arg("--version"))
            .context("workerd does not run here; it needs glibc 2.35 or macOS 13.5")?;
        Ok(workerd)
    }
}

impl Packages {
    pub fn tsc(&self) -> Command {
        self.script("typescript/bin/tsc")
    }

    pub fn vite(&self) -> Command {
        self.script("vite/bin/vite.js")
    }

    /// esbuild, told to bundle one entry for today's browsers.
    pub fn bundle(&self, entry: &Path, output: &Path) -> Result<Command> {
        let mut esbuild = Command::new(self.esbuild()?);
        esbuild.arg(entry).args(["--bundle", "--format=esm", "--target=es2022"]);
        esbuild.arg("--log-level=warning").arg(format!("--outfile={}", output.display()));
        Ok(esbuild)
    }

    pub fn esbuild(&self) -> Result<PathBuf> {
        self.native("@esbuild", "", "bin/esbuild")
    }

    /// Of binaryen, for tools that take its path.
    pub fn wasm_opt(&self) -> PathBuf {
        self.modules.join("binaryen/bin/wasm-opt")
    }

    fn script(&self, path: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(self.modules.join(path));
        command
    }

    /// A binary that npm chose by platform: its package is the only one of the family installed.
    fn native(&self, scope: &str, prefix: &str, binary: &str) -> Result<PathBuf> {
        let folder = self.modules.join(scope);
        let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path().join(binary);
            if entry.file_name().to_string_lossy().starts_with(prefix) && path.is_file() {
                return Ok(path);
            }
        }
        bail!("npm has no {scope}/{prefix}* binary for {}", platform())
    }
}

fn platform() -> String {
    format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// Vite has the narrowest needs of our packages, and they are what package.json asks for.
fn check_node() -> Result<()> {
    const ADVICE: &str = "install node 20.19 or newer, or 22.12 or newer, with npm";
    for program in ["node", "npm"] {
        if process::find(program).is_none() {
            bail!("{program} is missing: {ADVICE}");
        }
    }
    let version = process::read(Command::new("node").arg("--version"))?;
    match node_will_do(&version) {
        Some(true) => Ok(()),
        Some(false) => bail!("node {version} is too old: {ADVICE}"),
        None => bail!("node says its version is `{version}`: {ADVICE}"),
    }
}

fn node_will_do(version: &str) -> Option<bool> {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    })
}

#[cfg(test)]
mod tests {
    use super::node_will_do;

    #[test]
    fn node_versions() {
        assert_eq!(node_will_do("v20.20.2"), Some(true));
        assert_eq!(node_will_do("v20.18.3"), Some(false));
        assert_eq!(node_will_do("v21.7.0"), Some(false));
        assert_eq!(node_will_do("v22.12.0"), Some(true));
        assert_eq!(node_will_do("v24.0.1"), Some(true));
        assert_eq!(node_will_do("v18.20.4"), Some(false));
        assert_eq!(node_will_do("twenty"), None);
    }
}
