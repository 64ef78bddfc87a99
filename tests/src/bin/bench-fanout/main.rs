//! `cargo xtask bench fanout`: one entity and 1 to 1,000 persons who hear of its changes, beside two hand-written floors.
//!
//! As in `bench edits`, every contender runs in a process of its own with storage on disk, several rounds by turns.
//! While developing, `BENCH_READERS=10,100`, `BENCH_ROUNDS=1` and `BENCH_CONTENDER=entity` make it shorter, and
//! `BENCH_PACED=5000` leaves time for a profiler. `BENCH_SHORT` makes it one turn of
//! `cargo xtask bench fanout --against DIR`.

mod report;

use std::env;

use serde_json::json;
use temporal_entity_tests::bench::{CONTENDERS, Load, ON_LINES, Start, is_short, run, write_json};

use crate::report::Row;

const ROUNDS: usize = 3;

/// Records of the entity: 15 KB.
const RECORDS: usize = 150;

/// Fewer edits where each of them takes long. Many to warm up: V8 compiles wasm anew while it runs, which took a millisecond
/// of processor time off each of the first hundreds.
const LOADS: [Load; 4] = [
    Load { records: RECORDS, readers: 1, warm_up: 500, paced: 200, burst: 1_000 },
    Load { records: RECORDS, readers: 10, warm_up: 500, paced: 200, burst: 1_000 },
    Load { records: RECORDS, readers: 100, warm_up: 300, paced: 100, burst: 320 },
    Load { records: RECORDS, readers: 1_000, warm_up: 10, paced: 20, burst: 48 },
];

fn main() {
    let short = is_short();
    let usual = |value: &str| short.then(|| value.to_owned());
    let wanted = env::var("BENCH_READERS").ok().or_else(|| usual("10,100"));
    let is_wanted = |load: &&Load| {
        let readers = load.readers.to_string();
        wanted.as_ref().is_none_or(|wanted| wanted.split(',').any(|one| one == readers))
    };
    let paced = env::var("BENCH_PACED").ok().map(|count| count.parse().expect("a number of edits"));
    let adapt = |load: &Load| Load { paced: paced.unwrap_or(load.paced), ..*load };
    let loads = LOADS.iter().filter(is_wanted).map(adapt);
    let contender = env::var("BENCH_CONTENDER").ok().or_else(|| usual("entity"));
    let mut rows: Vec<(Row, Start)> = loads
        .flat_map(|load| {
            let all = CONTENDERS.into_iter().chain([ON_LINES]);
            all.map(move |(name, start)| (Row { name, load, runs: vec![] }, start))
        })
        .filter(|(row, _)| contender.as_ref().is_none_or(|part| row.name.contains(part.as_str())))
        .collect();
    let rounds = env::var("BENCH_ROUNDS").ok().or_else(|| usual("1"));
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    for round in 1..=rounds {
        for (row, start) in &mut rows {
            eprintln!("round {round} of {rounds}: {} readers, {}", row.load.readers, row.name);
            row.runs.push(run(&*start(row.load.records), row.load));
        }
    }
    let rows: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
    report::print(&rows);
    write_json(&json!({ "fanout": report::json(&rows) }));
}
