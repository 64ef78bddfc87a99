//! Debian's packages.

use std::process::{Command, Stdio};

use anyhow::Result;

use super::say;
use crate::process;

/// Whether packages may be installed for the whole machine.
pub fn may_install() -> bool {
    process::find("apt-get").is_some() && is_root()
}

/// Installs for the whole machine.
pub fn install(package: &str) -> Result<()> {
    update()?;
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--no-install-recommends", package]);
    process::run_quietly(apt.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The version that would be installed, if there is one to be had.
pub fn candidate(package: &str) -> Result<Option<String>> {
    if process::find("apt-cache").is_none() {
        return Ok(None);
    }
    let policy = process::read(Command::new("apt-cache").args(["policy", package]))?;
    if let Some(version) = candidate_in(&policy) {
        return Ok(Some(version.to_owned()));
    }
    // A machine that was never told what Debian has knows no candidates at all.
    if !is_root() {
        return Ok(None);
    }
    update()?;
    let policy = process::read(Command::new("apt-cache").args(["policy", package]))?;
    Ok(candidate_in(&policy).map(str::to_owned))
}

/// Those of `packages`, and of what they depend on, that the machine does not have installed.
pub fn missing(packages: &[&str]) -> Result<Vec<String>> {
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--simulate", "--no-install-recommends"]).args(packages);
    let plan = process::read(&mut apt)?;
    let lines = plan.lines().filter_map(|line| line.strip_prefix("Inst "));
    Ok(lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

fn update() -> Result<()> {
    say("asking Debian for its package lists");
    process::run_quietly(Command::new("apt-get").arg("update"))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn candidate_in(policy: &str) -> Option<&str> {
    let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (line != "(none)").then_some(line)
}

#[cfg(test)]
mod tests {
    use super::candidate_in;

    #[test]
    fn candidates() {
        let policy = "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n";
        assert_eq!(candidate_in(policy), Some("1.96.0+dfsg1-1~deb12u2"));
        assert_eq!(candidate_in("rustc-web:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate_in(""), None);
    }
}
