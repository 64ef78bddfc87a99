//! The last resort for wasm: Debian's Rust, unpacked into the cache folder and completed there.
//!
//! Debian has no wasm standard library for its current Rust, but it has the sources, so it is
//! built once. Unpacked rather than installed, because the packages refuse to stand beside a
//! rustup or another Rust, and because this way no one has to be root.

use std::env::consts::ARCH;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::wasm::TARGET;
use super::{apt, say};
use crate::{process, project};

/// Any recent one links wasm; this is the one Debian keeps beside its current Rust.
const LINKER: &str = "lld-22";

/// A folder with Debian's file tree in it.
pub struct DebianRust {
    root: PathBuf,
}

impl DebianRust {
    /// Finds it in the cache folder, or makes it.
    pub fn ready() -> Result<Self> {
        let Some(version) = apt::candidate("rustc-web")? else {
            bail!("and Debian's package rustc-web is not to be had here");
        };
        let cache = project::cache()?;
        let root = cache.join(format!("debian-rust-{version}"));
        if !root.is_dir() {
            // Under another name until it is whole: a half-made one is never found.
            let partial = Self { root: cache.join("debian-rust.partial") };
            partial.make(&version).context("making one of Debian's packages")?;
            fs::rename(partial.root, &root)?;
        }
        Ok(Self { root })
    }

    pub fn cargo(&self) -> PathBuf {
        self.programs().join("cargo")
    }

    pub fn programs(&self) -> PathBuf {
        self.root.join("usr/bin")
    }

    /// What the programs load.
    pub fn libraries(&self) -> PathBuf {
        self.root.join(format!("usr/lib/{ARCH}-linux-gnu"))
    }

    /// Lets a program that calls cargo and rustc by name find these.
    pub fn lend(&self, command: &mut Command) -> Result<()> {
        command.env("LD_LIBRARY_PATH", process::with_first("LD_LIBRARY_PATH", self.libraries())?);
        command.env("PATH", process::with_first("PATH", self.programs())?);
        command.env("CARGO", self.cargo()).env_remove("RUSTC");
        Ok(())
    }

    fn make(&self, version: &str) -> Result<()> {
        if self.root.exists() {
            fs::remove_dir_all(&self.root)?;
        }
        fs::create_dir_all(&self.root)?;
        say("unpacking Debian's Rust in the cache folder (about 1 minute, once)");
        self.unpack(version)?;
        self.place_linker()?;
        say(&format!("building its standard library for {TARGET} (about 2 minutes, once)"));
        self.build_std()
    }

    fn unpack(&self, version: &str) -> Result<()> {
        let series: Vec<_> = version.split('.').take(2).collect();
        // rustc finds its own files from where this library lies: an installed one would lead it
        // out of the folder.
        let compiler = format!("libstd-rust-web-{}", series.join("."));
        let named =
            ["rustc-web", "cargo-web", "libstd-rust-web-dev", &compiler, "rust-web-src", LINKER];
        let mut packages = apt::missing(&named)?;
        packages.extend(named.map(str::to_owned));
        packages.sort();
        packages.dedup();

        let archives = self.root.join("archives");
        fs::create_dir(&archives)?;
        let mut download = Command::new("apt-get");
        process::run_quietly(download.arg("download").args(&packages).current_dir(&archives))?;
        for archive in fs::read_dir(&archives)? {
            let mut extract = Command::new("dpkg-deb");
            extract.arg("--extract").arg(archive?.path()).arg(&self.root);
            process::run_quietly(&mut extract)?;
        }
        Ok(fs::remove_dir_all(archives)?)
    }

    /// rustc looks for a linker of this name in its own folder before it looks anywhere else.
    fn place_linker(&self) -> Result<()> {
        let tools = self.rustlib(&format!("{ARCH}-unknown-linux-gnu")).join("bin");
        fs::create_dir_all(&tools)?;
        Ok(symlink(Path::new("../../../../bin").join(LINKER), tools.join("rust-lld"))?)
    }

    fn build_std(&self) -> Result<()> {
        let krate = self.root.join("std");
        fs::create_dir_all(krate.join("src"))?;
        fs::write(krate.join("src/lib.rs"), "#![no_std]\n")?;
        let manifest = "[package]\nname = \"nothing\"\nedition = \"2024\"\n\n[workspace]\n";
        fs::write(krate.join("Cargo.toml"), manifest)?;

        let mut cargo = Command::new(self.cargo());
        cargo.args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort"]);
        cargo.args(["--target-dir", "target"]).current_dir(&krate);
        // Bitcode, so that release builds can optimise across the standard library too.
        cargo.env("RUSTFLAGS", "-Cembed-bitcode=yes").env("RUSTC_BOOTSTRAP", "1");
        self.lend(&mut cargo)?;
        process::run_quietly(&mut cargo)?;

        let libraries = self.rustlib(TARGET).join("lib");
        fs::create_dir_all(&libraries)?;
        for built in fs::read_dir(krate.join(format!("target/{TARGET}/release/deps")))? {
            let built = built?;
            let name = built.file_name().to_string_lossy().into_owned();
            if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
                fs::copy(built.path(), libraries.join(name))?;
            }
        }
        Ok(fs::remove_dir_all(krate)?)
    }

    fn rustlib(&self, target: &str) -> PathBuf {
        self.root.join("usr/lib/rustlib").join(target)
    }
}
