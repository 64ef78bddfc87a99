//! A Rust for `worker-build --panic-unwind`, which compiles the standard library anew to make panics unwind.
//!
//! That takes the library's sources and a compiler that accepts unstable options. worker-build asks rustup for both by
//! the name of nightly. Here the project's own version does it, so that both builds of the worker come from the same
//! compiler; and it does it in a folder of its own: sources beside the compiler in use change what that one prints,
//! which the ui suite has recorded.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian_rust::DebianRust;
use super::{Setup, TARGET, say, wasm};
use crate::{process, project};

/// A Rust with its sources.
pub struct Unwind {
    /// The folder with the programs, and the one with the libraries that these load.
    programs: PathBuf,
    libraries: PathBuf,
    /// What answers to the names that worker-build calls.
    wrappers: PathBuf,
}

impl Setup<'_> {
    /// By rustup, or where that cannot be, the one made of Debian's packages.
    pub fn unwind(&self) -> Result<Unwind> {
        let wrappers = self.project.root.join("xtask/unwind");
        let why_not = match wasm::debian_is_forced() {
            true => None,
            false => match self.rust_with_sources() {
                Ok(rust) => {
                    let (programs, libraries) = (rust.join("bin"), rust.join("lib"));
                    return Ok(Unwind { programs, libraries, wrappers });
                }
                Err(error) => Some(format!("{error:#}")),
            },
        };
        let debian = DebianRust::ready().with_context(|| {
            let why_not = why_not.unwrap_or_default();
            format!("no Rust with its sources for the build that unwinds: {why_not}")
        })?;
        let (programs, libraries) = (debian.programs(), debian.libraries());
        Ok(Unwind { programs, libraries, wrappers })
    }

    /// The folder of the project's toolchain with its sources, in the cache folder.
    fn rust_with_sources(&self) -> Result<PathBuf> {
        let version = self.project.toolchain()?;
        let cache = project::cache()?;
        let home = cache.join(format!("rust-{version}-with-sources"));
        if !home.is_dir() {
            // Under another name until it is whole: a half-made one is never found.
            let partial = cache.join("rust-with-sources.partial");
            if partial.exists() {
                fs::remove_dir_all(&partial)?;
            }
            if process::find("rustup").is_none() {
                bail!("rustup is missing");
            }
            say(&format!("installing Rust {version} with its sources (about 1 minute, once)"));
            let mut rustup = Command::new("rustup");
            rustup.args(["toolchain", "install", &version, "--no-self-update"]);
            rustup.args(["--profile", "minimal", "--component", "rust-src", "--target", TARGET]);
            // The toolchain in use is not in that home, and must not be looked for there.
            rustup.env("RUSTUP_HOME", &partial).env_remove("RUSTUP_TOOLCHAIN");
            process::run_quietly(&mut rustup)?;
            fs::rename(partial, &home)?;
        }
        // Its name ends in that of the machine.
        let toolchains = home.join("toolchains");
        let entries =
            fs::read_dir(&toolchains).with_context(|| toolchains.display().to_string())?;
        let folder = entries.flatten().map(|entry| entry.path()).next();
        folder.with_context(|| format!("{} is empty", toolchains.display()))
    }
}

impl Unwind {
    /// What the built worker depends on beside its sources.
    pub fn inputs(&self) -> [PathBuf; 2] {
        [self.wrappers.clone(), self.programs.join("cargo")]
    }

    /// Lets a program that calls cargo, rustc and rustup by name, and wants the nightly ones, find what will do.
    pub fn lend(&self, command: &mut Command) -> Result<()> {
        command.env("PATH", process::with_first("PATH", self.wrappers.clone())?);
        command.env("UNWIND_RUST", &self.programs);
        // Of the same version, the libraries of the toolchain in use would be taken for its own, and lead it there.
        let libraries = process::with_first("LD_LIBRARY_PATH", self.libraries.clone())?;
        command.env("LD_LIBRARY_PATH", libraries).env("RUSTC_BOOTSTRAP", "1");
        command.env("CARGO", self.programs.join("cargo")).env_remove("RUSTC");
        Ok(())
    }
}
