//! The entity machine, by transcripts: `tests/entity/*.txt` of a note, `tests/entity/page/*.txt` of a page, whose fields
//! merge in every way, `tests/entity/sheet/*.txt` of one with what is a leaf, and `tests/entity/bell/*.txt` of one with a ping (see
//! `temporal_entity_tests::transcript`).
//!
//! With `UPDATE_EXPECT=1` they are written anew; read the difference before you keep it.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notes::{Bell, Note, Page, Sheet};
use temporal_entity_tests::transcript;

/// The transcripts in a folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn check(folder: &str, run: fn(&str) -> String) {
    for file in files(folder) {
        let text = fs::read_to_string(&file).unwrap();
        expect_file![&file].assert_eq(&run(&text));
    }
}

#[test]
fn transcripts_of_a_note() {
    check("tests/entity", |text| transcript::run::<Note, _>(MemoryStorage::default(), text));
}

#[test]
fn transcripts_of_a_page() {
    check("tests/entity/page", |text| transcript::run::<Page, _>(MemoryStorage::default(), text));
}

#[test]
fn transcripts_of_a_sheet() {
    check("tests/entity/sheet", |text| transcript::run::<Sheet, _>(MemoryStorage::default(), text));
}

#[test]
fn transcripts_of_a_bell() {
    check("tests/entity/bell", |text| transcript::run::<Bell, _>(MemoryStorage::default(), text));
}
