//! Puts on the machine what a command needs, and nothing when it is there already.
//!
//! Each tool is a method of [`Setup`] in a file of its own: it looks first, installs what it may,
//! and gives one line that says what to do where it may not. A command asks only for the tools
//! that it uses.

mod apt;
mod cargo_tools;
mod chromium;
mod debian_rust;
mod npm;
mod unwind;
mod wasm;

use std::fs::{self, File, TryLockError};

use anyhow::{Context, Result};

pub use npm::Packages;
pub use unwind::Unwind;
pub use wasm::{TARGET, Wasm};

use crate::project::{self, Project};

/// The right to install and to build: one at a time on a machine, since tools are shared and two
/// `npm ci` in one folder break each other.
pub struct Setup<'p> {
    pub project: &'p Project,
    _lock: File,
}

impl<'p> Setup<'p> {
    /// Waits until no other `cargo xtask` installs or builds.
    pub fn begin(project: &'p Project) -> Result<Self> {
        let folder = project::cache()?;
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let path = folder.join("lock");
        let lock = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say("waiting for another `cargo xtask` to finish building");
                lock.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        Ok(Self { project, _lock: lock })
    }
}

/// Tells what takes time now. On standard error, where cargo too reports its progress.
pub fn say(what: &str) {
    eprintln!("xtask: {what}");
}
