//! `cargo xtask bench hostile`: what one account can cost the others, in the rows of the issue that bounded it.
//!
//! Each row runs twice: natively, as one machine with its storage in memory, and on workerd, where another person asks
//! for an entity of their own while the attack goes on. `--before FILE` prints the figures of another build beside,
//! which `--json FILE` wrote there. `BENCH_ROWS=text,replay` runs the rows whose names contain one of the words, and
//! `BENCH_PLACE=native` or `BENCH_PLACE=workerd` one half.

mod figures;
mod meter;
mod native;
mod server;

use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use serde_json::Value;

use crate::figures::{Figures, Place};

/// The options of the command line.
struct Options {
    json: Option<PathBuf>,
    before: Option<PathBuf>,
}

fn main() {
    let options = Options::read(env::args().skip(1));
    let before = options.before.as_ref().map(|path| {
        let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let all: Value = serde_json::from_slice(&text).expect("the figures of another build");
        // The file is that of this program, or that of `cargo xtask bench`.
        Figures::from_json(all.get("hostile").unwrap_or(&all))
    });
    let began = Instant::now();
    let mut figures = Figures::default();
    if is_wanted("BENCH_PLACE", Place::Native.name()) {
        native::run(&mut figures);
    }
    if is_wanted("BENCH_PLACE", Place::Workerd.name()) {
        server::run(&mut figures);
    }
    figures.print(before.as_ref());
    println!("All of it took {:.0} s.", began.elapsed().as_secs_f64());
    if let Some(path) = options.json {
        let text = format!("{:#}\n", figures.to_json());
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Options {
        let mut options = Options { json: None, before: None };
        while let Some(option) = arguments.next() {
            let file = arguments.next().map(PathBuf::from);
            match option.as_str() {
                "--json" => options.json = file,
                "--before" => options.before = file,
                other => panic!("the options are `--json FILE` and `--before FILE`, not {other:?}"),
            }
        }
        options
    }
}

/// Whether a variable is not set, or one of its words is in `name`.
fn is_wanted(variable: &str, name: &str) -> bool {
    let words = env::var(variable).ok();
    words.is_none_or(|words| words.split(',').any(|word| name.contains(word)))
}
