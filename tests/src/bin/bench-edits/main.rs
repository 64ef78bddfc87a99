//! `cargo xtask bench edits`: edits through workerd to ten readers, beside two hand-written floors.
//!
//! Every contender runs in a process of its own with storage on disk, several rounds by turns. The table shows the
//! median of the rounds and, for times, the best and the worst.

mod contender;
mod floor;
mod measure;
mod ours;
mod report;

use temporal_entity_tests::bench::write_json;

use crate::contender::Contender;
use crate::floor::Floor;
use crate::measure::run;
use crate::ours::Ours;
use crate::report::Row;

const ROUNDS: usize = 3;

/// Sizes of the entity: a name, and how many records of a hundred bytes.
const SIZES: [(&str, usize); 2] = [("15 KB", 150), ("350 KB", 3_500)];

type Start = fn(usize) -> Box<dyn Contender>;

const CONTENDERS: [(&str, Start); 3] = [
    ("temporal-entity", |records| Box::new(Ours::start(records))),
    ("floor, two hops", |records| Box::new(Floor::start("TwoHop", records))),
    ("floor, one hop", |records| Box::new(Floor::start("OneHop", records))),
];

fn main() {
    let mut rows = Vec::new();
    for (size, records) in SIZES {
        let mut runs = CONTENDERS.map(|_| Vec::new());
        for round in 1..=ROUNDS {
            for ((name, start), runs) in CONTENDERS.iter().zip(&mut runs) {
                eprintln!("{size}, round {round} of {ROUNDS}: {name}");
                runs.push(run(&*start(records), records));
            }
        }
        for ((name, _), runs) in CONTENDERS.iter().zip(runs) {
            rows.push(Row { name, size, runs });
        }
    }
    report::print(&rows);
    write_json(&report::json(&rows));
}
