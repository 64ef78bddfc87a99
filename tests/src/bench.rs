//! What the benchmarks share.

use std::env;
use std::fs;

use serde_json::Value;

/// Writes the figures to the file that `--json FILE` names, if it is there.
pub fn write_json(figures: &Value) {
    let mut arguments = env::args().skip(1);
    let Some(option) = arguments.next() else { return };
    assert_eq!(option, "--json", "the only option is `--json FILE`");
    let file = arguments.next().expect("`--json` is followed by a file");
    fs::write(&file, format!("{figures:#}\n")).unwrap_or_else(|error| panic!("{file}: {error}"));
}
