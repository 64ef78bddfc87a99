//! A browser for the browser tests.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Setup, apt, say};
use crate::process;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

impl Setup<'_> {
    /// The Chromium that `CHROMIUM` names, else one in `PATH`, else Debian's, installed.
    pub fn chromium(&self) -> Result<PathBuf> {
        const ADVICE: &str = "install Chromium or Chrome, or set CHROMIUM to its path";
        if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
            match named.is_file() {
                true => return Ok(named),
                false => bail!("CHROMIUM names {}, which is no file", named.display()),
            }
        }
        if let Some(found) = present() {
            return Ok(found);
        }
        if !apt::may_install() {
            bail!("no browser for the browser tests: {ADVICE}");
        }
        say("installing Debian's Chromium (about 1 minute, once)");
        apt::install("chromium").context(ADVICE)?;
        present().context(ADVICE)
    }
}

fn present() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::find(name))
}
