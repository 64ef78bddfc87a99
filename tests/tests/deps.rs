//! What depends on what: the walls between the packages, and the lock files.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::process::Command;

use temporal_entity_tests::workerd::root;

const BROWSER_ONLY: [&str; 2] = ["temporal-entity-client", "web-sys"];

/// What `cargo tree` shows: the packages that a build is made of.
fn packages(arguments: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env::var_os("CARGO").expect("cargo runs the tests"));
    cargo.args(["tree", "--edges=normal", "--prefix=none", "--format={p}"]).args(arguments);
    let output = cargo.current_dir(root()).output().expect("cargo can be started");
    let (shown, said) = (&output.stdout, &output.stderr);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(said));
    let shown = String::from_utf8_lossy(shown);
    shown.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The example, which is built as every application is.
fn example(features: &str) -> BTreeSet<String> {
    let target = "--target=wasm32-unknown-unknown";
    packages(&["--package=board", target, "--features", features])
}

/// The packages that one names itself.
fn direct(package: &str) -> Vec<String> {
    let all = packages(&["--package", package, "--depth=1"]);
    all.into_iter().filter(|name| name != package).collect()
}

fn is_of_worker(package: &&String) -> bool {
    *package == "worker" || package.starts_with("worker-")
}

#[test]
fn the_browser_loads_nothing_of_the_worker() {
    let packages = example("client");
    assert!(packages.contains("temporal-entity-client"), "{packages:?}");
    assert_eq!(packages.iter().find(is_of_worker), None);
}

#[test]
fn the_worker_loads_nothing_of_the_browser() {
    let packages = example("server");
    assert!(packages.contains("worker"), "{packages:?}");
    assert!(!packages.contains("temporal-entity-client"), "{packages:?}");
}

#[test]
fn without_a_half_there_is_neither() {
    let packages = example("");
    assert!(packages.contains("temporal-entity"), "{packages:?}");
    assert_eq!(packages.iter().find(is_of_worker), None);
    assert!(BROWSER_ONLY.iter().all(|name| !packages.contains(*name)), "{packages:?}");
}

#[test]
fn the_core_depends_on_values_alone() {
    assert_eq!(
        direct("temporal-entity-core"),
        ["ciborium", "ciborium-ll", "json-patch", "serde", "serde_json", "sha2"]
    );
}

#[test]
fn the_macros_depend_on_nothing_of_ours() {
    assert_eq!(direct("temporal-entity-macros"), ["proc-macro2", "quote", "syn"]);
}

/// A lock file that names where its packages were downloaded from works on few machines.
#[test]
fn lock_files_name_no_place_to_download_from() {
    const INDEX: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("it is in the project");
    for lock in ["Cargo.lock", "tests/fuzz/Cargo.lock"] {
        let cargo = read(lock);
        let places = cargo.lines().filter(|line| line.contains("://") && *line != INDEX);
        assert_eq!(places.collect::<Vec<_>>(), Vec::<&str>::new(), "{lock}");
    }
    let npm = read("package-lock.json");
    let places = npm.lines().filter(|line| line.contains("\"resolved\""));
    assert_eq!(places.collect::<Vec<_>>(), Vec::<&str>::new());
}
