//! Where things are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The clone that this program was built from.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    /// The folder above `xtask`; a moved clone rebuilds xtask and so finds itself again.
    pub fn here() -> Self {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: xtask.parent().unwrap_or(xtask).to_path_buf() }
    }

    /// The example application, which is also what the tests run against.
    pub fn board(&self) -> PathBuf {
        self.root.join("examples/board")
    }

    /// The browser side's files, as an application gets them.
    pub fn board_pkg(&self) -> PathBuf {
        self.board().join("web/pkg")
    }

    /// The browser package.
    pub fn client(&self) -> PathBuf {
        self.root.join("runtime-client")
    }

    /// The version of Rust that rust-toolchain.toml names.
    pub fn toolchain(&self) -> Result<String> {
        let path = self.root.join("rust-toolchain.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let channel = text.lines().find_map(|line| line.strip_prefix("channel = \""));
        let version = channel.and_then(|rest| rest.strip_suffix('"'));
        Ok(version.context("rust-toolchain.toml names no channel")?.to_owned())
    }

    /// This program's own notes: stamps and scratch files.
    pub fn scratch(&self) -> PathBuf {
        self.root.join("target/xtask")
    }
}

/// The user's cache: tools are kept there by version, for every clone on the machine.
pub fn cache() -> Result<PathBuf> {
    let folder = match std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => std::env::home_dir().context("no home folder to keep tools in")?.join(".cache"),
    };
    Ok(folder.join("temporal-entity"))
}
