//! Work that is skipped while its inputs look as they did when it last succeeded.
//!
//! A stamp records path, size and time of every input file. Comparing that, rather than only
//! whether an input is newer than an output, also notices files that were removed or put back.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that builds write into; inside an input folder they are never inputs.
const PRODUCTS: [&str; 5] = ["build", "dist", "node_modules", "pkg", "target"];

/// Runs `work` unless `inputs` (files, or folders with all in them) are unchanged and every one
/// of `outputs` exists.
pub fn when_changed(
    stamp: &Path,
    inputs: &[PathBuf],
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let before = fingerprint(inputs)?;
    let unchanged = fs::read_to_string(stamp).is_ok_and(|recorded| recorded == before);
    if unchanged && outputs.iter().all(|output| output.exists()) {
        return Ok(());
    }
    // Gone while the work goes on, so that work cut short is done again.
    let _ = fs::remove_file(stamp);
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, before).with_context(|| format!("writing {}", stamp.display()))
}

fn fingerprint(inputs: &[PathBuf]) -> Result<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(input, &mut files).with_context(|| format!("reading {}", input.display()))?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let facts = fs::metadata(&file)?;
        (file, facts.len(), facts.modified()?).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !PRODUCTS.iter().any(|product| entry.file_name() == *product) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("in/pkg")).unwrap();
            Self(folder)
        }

        /// Whether the work was done.
        fn step(&self) -> bool {
            let output = self.0.join("out");
            let mut worked = false;
            when_changed(
                &self.0.join("stamp"),
                &[self.0.join("in")],
                std::slice::from_ref(&output),
                || {
                    worked = true;
                    Ok(fs::write(&output, "")?)
                },
            )
            .unwrap();
            worked
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn works_when_something_changed() {
        let scratch = Scratch::new("changed");
        fs::write(scratch.0.join("in/a"), "1").unwrap();
        assert!(scratch.step());
        assert!(!scratch.step());

        fs::write(scratch.0.join("in/a"), "22").unwrap();
        assert!(scratch.step(), "a changed input");
        fs::write(scratch.0.join("in/b"), "").unwrap();
        assert!(scratch.step(), "a new input");
        fs::remove_file(scratch.0.join("in/b")).unwrap();
        assert!(scratch.step(), "a removed input");
        fs::remove_file(scratch.0.join("out")).unwrap();
        assert!(scratch.step(), "a removed output");
        fs::write(scratch.0.join("in/pkg/built"), "").unwrap();
        assert!(!scratch.step(), "products are no inputs");
    }

    #[test]
    fn failed_work_is_done_again() {
        let scratch = Scratch::new("failed");
        assert!(scratch.step());
        fs::write(scratch.0.join("in/a"), "").unwrap();
        let inputs = [scratch.0.join("in")];
        let failed =
            when_changed(&scratch.0.join("stamp"), &inputs, &[], || anyhow::bail!("no luck"));
        assert!(failed.is_err());
        assert!(scratch.step());
    }
}
