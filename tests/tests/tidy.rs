//! What every file of the project keeps to, and no other tool looks at.

use std::fs;
use std::process::Command;

use temporal_entity_tests::workerd::root;

/// The most lines of a file of code: more than that is more than one thing.
const MAX_LINES: usize = 400;

/// The files under version control whose names end so, with their text.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let git = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = git.expect("git lists the project's files").stdout;
    let names = String::from_utf8(listed).expect("names are text");
    let matching = names.split('\0').filter(|name| endings.iter().any(|end| name.ends_with(end)));
    // A file that was just removed is still listed.
    let read = |name: &str| Some((name.to_owned(), fs::read_to_string(root().join(name)).ok()?));
    matching.filter_map(read).collect()
}

/// The lines that hold one of the words, as `file:line`.
fn places(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files {
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                found.push(format!("{name}:{}: {word}", number + 1));
            }
        }
    }
    found
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for (name, text) in files(&[".rs", ".ts", ".js", ".mjs"]) {
        // What the macros print is as long as what they print.
        if name.starts_with("entity-macros/tests/expand/") {
            continue;
        }
        let lines = text.lines().count();
        if lines > MAX_LINES {
            long.push(format!("{name}: {lines} lines"));
        }
    }
    assert!(long.is_empty(), "longer than {MAX_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // In two parts, so that this file does not find itself.
    let homes =
        [["/ro", "ot/"], ["/ho", "me/"], ["/Us", "ers/"], ["/wo", "rk/"]].map(|p| p.concat());
    let homes: Vec<_> = homes.iter().map(String::as_str).collect();
    let found = places(&files(&[""]), &homes);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_core_knows_no_platform_no_clock_and_no_chance() {
    let core = files(&[".rs"]);
    let core: Vec<_> =
        core.into_iter().filter(|(name, _)| name.starts_with("runtime/core/src/")).collect();
    assert!(!core.is_empty());
    let outside = [
        "worker::",
        "wasm_bindgen",
        "js_sys",
        "web_sys",
        "std::fs",
        "std::net",
        "std::thread",
        "std::time",
        "Instant::",
        "SystemTime",
        "rand::",
        "async fn",
        ".await",
        "thread_local!",
        // Their order is another one in each run.
        "HashMap",
        "HashSet",
    ];
    let mut found = places(&core, &outside);
    // The counter of steps is for tests alone, which run on several threads at once.
    found.retain(|place| {
        !(place.contains("core/src/steps.rs:") && place.ends_with("thread_local!"))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn machines_do_not_panic() {
    let lint = "clippy::unwrap_used";
    for package in ["runtime", "runtime/core", "runtime-client"] {
        let manifest = fs::read_to_string(root().join(package).join("src/lib.rs")).unwrap();
        let config = fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap();
        let lints = manifest.contains(lint) || config.contains("unwrap_used");
        assert!(lints, "{package} does not lint against panics");
    }
}
