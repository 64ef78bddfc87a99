//! The entity machine, by transcripts: `tests/entity/*.txt` (see `temporal_entity_tests::transcript`).
//!
//! With `UPDATE_EXPECT=1` they are written anew; read the difference before you keep it.

use std::fs;
use std::path::Path;

use expect_test::expect_file;
use temporal_entity_tests::transcript;

#[test]
fn transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/entity");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 5);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        expect_file![&file].assert_eq(&transcript::run(&text));
    }
}
