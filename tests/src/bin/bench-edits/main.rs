//! `cargo xtask bench edits`: edits through workerd to ten readers, beside two hand-written floors.
//!
//! Every contender runs in a process of its own with storage on disk, several rounds by turns. The table shows the
//! median of the rounds and, for times, the best and the worst. A second table is about waking up. `BENCH_SHORT` makes it
//! one turn of `cargo xtask bench edits --against DIR`.

mod report;
mod wake;

use serde_json::json;
use temporal_entity_tests::bench::{CONTENDERS, Load, OURS, Start, is_short, run, write_json};

use crate::report::Row;

const ROUNDS: usize = 3;

/// Persons who hear of every change.
const READERS: usize = 10;

/// Sizes of the entity: a name, and how many records of a hundred bytes.
const SIZES: [(&str, usize); 4] =
    [(SMALLEST, 150), ("350 KB", 3_500), ("1 MB", 10_000), (LARGEST, 50_000)];

const SMALLEST: &str = "15 KB";
const LARGEST: &str = "5 MB";

/// Sizes of a short run.
const SHORT: [&str; 2] = [SMALLEST, "1 MB"];

/// The load of an entity with so many records.
const fn load(records: usize) -> Load {
    Load { records, readers: READERS, warm_up: 30, paced: 200, burst: 1_000 }
}

/// The same in a short run. Many edits to warm up, for V8 compiles wasm anew while it runs.
const fn short_load(records: usize) -> Load {
    Load { records, readers: READERS, warm_up: 300, paced: 200, burst: 800 }
}

fn main() {
    let short = is_short();
    let (rounds, load) =
        if short { (1, short_load as fn(usize) -> Load) } else { (ROUNDS, load as _) };
    let contenders = SIZES.iter().flat_map(|size| CONTENDERS.iter().map(move |one| (size, one)));
    let wanted = |((size, _), (name, _)): &(&(&str, usize), &(&str, Start))| {
        !short || *name == OURS && SHORT.contains(size)
    };
    let mut rows: Vec<_> = contenders
        .filter(wanted)
        .map(|((size, records), (name, start))| {
            let row = Row { name, size, runs: Vec::new() };
            (row, *records, start)
        })
        .collect();
    // Sizes, too, take turns: they are compared with each other, and a machine is not always equally quick.
    for round in 1..=rounds {
        for (row, records, start) in &mut rows {
            eprintln!("round {round} of {rounds}: {}, {}", row.size, row.name);
            row.runs.push(run(&*start(*records), load(*records)));
        }
    }
    let rows: Vec<_> = rows.into_iter().map(|(row, ..)| row).collect();
    let wakes = if short { Vec::new() } else { wake::run() };
    report::print(&rows);
    wake::print(&wakes);
    write_json(&json!({ "edits": report::json(&rows), "wake": wake::json(&wakes) }));
}
