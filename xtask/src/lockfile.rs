//! Versions from Cargo.lock: the tools must match the crates they were made for.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The version of `package` in the workspace's lock file.
pub fn version(project: &Project, package: &str) -> Result<String> {
    let path = project.root.join("Cargo.lock");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    match versions(&text, package).as_slice() {
        [one] => Ok(one.to_string()),
        [] => bail!("Cargo.lock has no `{package}`"),
        // A tool fits one version only, so a second one is a mistake to clear up, not to guess at.
        many => bail!("Cargo.lock has several versions of `{package}`: {}", many.join(", ")),
    }
}

fn versions<'lock>(lock: &'lock str, package: &str) -> Vec<&'lock str> {
    lock.split("[[package]]")
        .filter(|entry| value(entry, "name") == Some(package))
        .filter_map(|entry| value(entry, "version"))
        .collect()
}

fn value<'lock>(entry: &'lock str, key: &str) -> Option<&'lock str> {
    entry.lines().find_map(|line| {
        let quoted = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        quoted.strip_suffix('"')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "syn"
version = "2.0.1"

[[package]]
name = "syn"
version = "3.0.10"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"
"#;

    #[test]
    fn whole_names_only() {
        assert_eq!(versions(LOCK, "wasm-bindgen"), ["0.2.130"]);
        assert_eq!(versions(LOCK, "wasm-bindgen-macro"), ["0.2.129"]);
    }

    #[test]
    fn absent_and_several() {
        assert!(versions(LOCK, "worker").is_empty());
        assert_eq!(versions(LOCK, "syn"), ["2.0.1", "3.0.10"]);
    }
}
