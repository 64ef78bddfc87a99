//! A Rust that can build for the browser and for workerd.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::debian_rust::DebianRust;
use super::{Setup, say};
use crate::process;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The Rust to build wasm with: the one in use, or where that cannot be given the target, one
/// made of Debian's packages.
pub struct Wasm {
    debian: Option<DebianRust>,
}

/// `TEMPORAL_ENTITY_WASM=debian` goes straight to the last resort, to try it.
pub fn debian_is_forced() -> bool {
    std::env::var_os("TEMPORAL_ENTITY_WASM").is_some_and(|how| how == "debian")
}

impl Setup<'_> {
    pub fn wasm(&self) -> Result<Wasm> {
        if !debian_is_forced() && (self.has_target()? || self.add_by_rustup()?) {
            return Ok(Wasm { debian: None });
        }
        let debian = DebianRust::ready().with_context(|| {
            format!("no Rust for {TARGET}; with rustup, run `rustup target add {TARGET}`")
        })?;
        Ok(Wasm { debian: Some(debian) })
    }

    /// Whether the rustc in use has a standard library for [`TARGET`].
    fn has_target(&self) -> Result<bool> {
        let mut rustc = self.here("rustc");
        rustc.args(["--print", "target-libdir", "--target", TARGET]);
        let Ok(entries) = fs::read_dir(process::read(&mut rustc)?) else { return Ok(false) };
        let mut names = entries.flatten().map(|entry| entry.file_name());
        Ok(names.any(|name| name.to_string_lossy().starts_with("libstd-")))
    }

    fn add_by_rustup(&self) -> Result<bool> {
        if process::find("rustup").is_none() {
            return Ok(false);
        }
        say(&format!("adding {TARGET} with rustup"));
        let mut rustup = self.here("rustup");
        let added = process::run_quietly(rustup.args(["target", "add", TARGET]));
        Ok(added.is_ok() && self.has_target()?)
    }

    /// In the project's folder, where rustup picks the toolchain that the project names.
    fn here(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.project.root);
        command
    }
}

impl Wasm {
    /// A cargo that can build for [`TARGET`].
    pub fn cargo(&self) -> Result<Command> {
        let mut cargo = self.own_cargo().map_or_else(process::cargo, Command::new);
        self.lend(&mut cargo)?;
        Ok(cargo)
    }

    /// The cargo to build with, if it is not the one in use.
    pub fn own_cargo(&self) -> Option<PathBuf> {
        self.debian.as_ref().map(DebianRust::cargo)
    }

    /// Lets a program that calls cargo and rustc by name find the right ones.
    pub fn lend(&self, command: &mut Command) -> Result<()> {
        self.debian.as_ref().map_or(Ok(()), |debian| debian.lend(command))
    }
}
