//! The form of `entities.lock`: for each version a line with its fingerprint, and below it its outline.

use std::fmt::Write;

use temporal_entity_core::fnv::fnv1a_53;
use temporal_entity_core::schema::Published;

const HEAD: &str = "\
# What the entities of this package have published, version by version. Pages that are open and values that are stored
# rely on it: a version never changes. `UPDATE_EXPECT=1 cargo test` adds those that are new.
";

/// A version of an entity that was published. Ordered as in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Name of the entity.
    pub name: String,
    /// The version.
    pub version: u32,
    /// What clients of it send.
    pub fingerprint: u64,
    /// The outline without its first line, which says name and version.
    pub shape: String,
}

impl Entry {
    /// The version that a type has now.
    pub fn of(published: &Published) -> Entry {
        let outline = published.outline();
        Entry {
            name: published.name.to_owned(),
            version: published.version,
            fingerprint: published.fingerprint(),
            shape: outline.split_once('\n').map_or("", |(_, shape)| shape).to_owned(),
        }
    }

    /// Whether the fingerprint is that of the shape.
    pub fn is_whole(&self) -> bool {
        let outline = format!("entity {} {}\n{}", self.name, self.version, self.shape);
        fnv1a_53(outline.bytes()) == self.fingerprint
    }
}

/// The text of a file.
pub fn write(entries: &[Entry]) -> String {
    let mut out = HEAD.to_owned();
    for Entry { name, version, fingerprint, shape } in entries {
        // Writing to a string does not fail.
        let _ = writeln!(out, "\nentity {name} {version} = {fingerprint}");
        for line in shape.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

/// Reads the text of a file.
///
/// # Errors
/// If a line is none of such a file, as after a merge that was not finished.
pub fn read(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match (line.strip_prefix("  "), entries.last_mut()) {
            (Some(line), Some(entry)) => {
                entry.shape.push_str(line);
                entry.shape.push('\n');
            }
            _ => entries.push(head(line).ok_or_else(|| format!("line {number}: {line}"))?),
        }
    }
    Ok(entries)
}

fn head(line: &str) -> Option<Entry> {
    let (named, fingerprint) = line.strip_prefix("entity ")?.split_once(" = ")?;
    let (name, version) = named.split_once(' ')?;
    Some(Entry {
        name: name.to_owned(),
        version: version.parse().ok()?,
        fingerprint: fingerprint.parse().ok()?,
        shape: String::new(),
    })
}
