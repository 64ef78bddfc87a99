//! The kept inputs of the fuzz targets hold what the targets check. (`fuzz/Cargo.toml` says how to look for more.)

use std::fs;

use temporal_entity_tests::workerd::root;

#[path = "../fuzz/src/apply.rs"]
mod apply;
#[path = "../fuzz/src/codec.rs"]
mod codec;

/// Hands each kept input of a target to its check, and tells which one it fails for.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = root().join("tests/fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("a file").path());
    let mut count = 0;
    for file in files {
        let input = fs::read(&file).expect("its bytes");
        let checked = std::panic::catch_unwind(|| check(&input));
        assert!(checked.is_ok(), "{}", file.display());
        count += 1;
    }
    assert!(count >= 50, "{count} inputs");
}

#[test]
fn bytes_are_refused_or_settled() {
    replay("codec", codec::check);
}

#[test]
fn patches_fit_or_change_nothing() {
    replay("apply", apply::check);
}
