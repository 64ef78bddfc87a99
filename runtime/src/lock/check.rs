//! What the test of a lock does.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs, io};

use super::file::{self, Entry};
use super::steps::{Locked, problems};

/// The name of the file.
const FILE: &str = "entities.lock";

/// Compares the entities of a package with the file in its folder; with `UPDATE_EXPECT` in the environment versions
/// that it lacks are added.
///
/// # Errors
/// What is wrong, in words.
pub fn check(folder: &str, package: &str, entities: &[Locked]) -> Result<(), String> {
    let update = env::var_os("UPDATE_EXPECT").is_some();
    check_file(&Path::new(folder).join(FILE), package, entities, update)
}

fn check_file(path: &Path, package: &str, entities: &[Locked], update: bool) -> Result<(), String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("{FILE} cannot be read: {error}")),
    };
    let mut known = file::read(&text).map_err(|line| format!("{FILE} is no such file: {line}"))?;
    let command = format!("UPDATE_EXPECT=1 cargo test --package {package} entities_lock");
    let mut found = compare(&known, entities, &command);
    if !found.missing.is_empty() && update {
        known.append(&mut found.missing);
        known.sort();
        fs::write(path, file::write(&known))
            .map_err(|error| format!("{FILE} cannot be written: {error}"))?;
    }
    for Entry { name, version, .. } in found.missing {
        found.problems.push(format!(
            "version {version} of `{name}` is not in {FILE}: run `{command}`, and commit the file"
        ));
    }
    if found.problems.is_empty() { Ok(()) } else { Err(found.problems.join("\n\n")) }
}

/// What a comparison finds.
struct Found {
    /// Versions that the file lacks.
    missing: Vec<Entry>,
    /// What nobody can mend but a person.
    problems: Vec<String>,
}

fn compare(known: &[Entry], entities: &[Locked], command: &str) -> Found {
    let mut found = Found { missing: Vec::new(), problems: Vec::new() };
    for entity in entities {
        let now = Entry::of(&entity.published);
        let mut versions = known.iter().filter(|entry| entry.name == now.name);
        if let Some(later) = versions.clone().find(|entry| entry.version > now.version) {
            let (name, version, later) = (&now.name, now.version, later.version);
            found.problems.push(format!(
                "`{name}` has version {version}, and version {later} is in {FILE}: versions only rise"
            ));
            continue;
        }
        match versions.find(|entry| entry.version == now.version) {
            None => found.missing.push(now.clone()),
            Some(published) if published.shape != now.shape => {
                found.problems.push(changed(published, &now, command));
                continue;
            }
            Some(_) => {}
        }
        let is_earlier = |entry: &&Entry| entry.name == now.name && entry.version < now.version;
        let earlier: Vec<_> = known.iter().filter(is_earlier).collect();
        found.problems.extend(unread(&now.name, &problems(&earlier, &now, entity)));
    }
    let mut seen = BTreeSet::new();
    for entry in known {
        let Entry { name, version, .. } = entry;
        if !seen.insert((name, version)) {
            found.problems.push(format!("version {version} of `{name}` is twice in {FILE}"));
        }
        if !entry.is_whole() {
            found.problems.push(format!(
                "version {version} of `{name}` in {FILE} does not have the fingerprint that stands there: take its lines \
                 from the commit that brought them in"
            ));
        }
    }
    let named = |entry: &&Entry| entities.iter().all(|entity| entity.published.name != entry.name);
    let strangers: BTreeSet<_> = known.iter().filter(named).map(|entry| &entry.name).collect();
    for name in strangers {
        found.problems.push(format!(
            "`{name}` is in {FILE}, and not in `schema_lock!`: add it there, or delete its lines if nothing of it is \
             stored any more"
        ));
    }
    found
}

/// The words for steps that convert nothing and have to.
fn unread(name: &str, problems: &[String]) -> Option<String> {
    (!problems.is_empty()).then(|| {
        format!(
            "values of `{name}` that are stored would not be read, or lose a part:\n  {}\nname a function in that step, \
             `migrate(from = .., with = path::to::step)`, which makes of a stored value one of the next version",
            problems.join("\n  ")
        )
    })
}

/// The words for a shape that changed without its version.
fn changed(published: &Entry, now: &Entry, command: &str) -> String {
    let Entry { name, version, .. } = now;
    let (before, after) = (lines(&published.shape), lines(&now.shape));
    let mut out =
        format!("`{name}` is not any more what its version {version} was published as:\n");
    for (sign, these, those) in [('-', &before, &after), ('+', &after, &before)] {
        for (block, line) in these.difference(those) {
            let part = if line.is_empty() { "" } else { ": " };
            out.push_str(&format!("  {sign} {block}{part}{}\n", line.trim_start()));
        }
    }
    let next = version.saturating_add(1);
    out.push_str(&format!(
        "raise `version` to {next} and add `migrate(from = {version}, ..)`; if version {version} was never published, \
         delete its lines in {FILE} and run `{command}`"
    ));
    out
}

/// The lines of a shape, each with the type that it is of.
fn lines(shape: &str) -> BTreeSet<(&str, &str)> {
    let mut block = "";
    let mut out = BTreeSet::new();
    for line in shape.lines() {
        if line.starts_with(' ') {
            out.insert((block, line));
        } else {
            block = line;
            out.insert((block, ""));
        }
    }
    out
}

#[cfg(test)]
mod tests;
