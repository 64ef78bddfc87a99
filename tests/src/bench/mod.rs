//! What the benchmarks share.

mod contender;
mod floor;
mod measure;
mod ours;
mod readers;
mod writers;

use std::env;
use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

pub use self::contender::{Contender, Done, Down, Edit, record_id, records};
pub use self::floor::Floor;
pub use self::measure::{Figures, Load, run};
pub use self::ours::{Ours, Way, tree};
pub use self::writers::{WINDOW, WRITERS};

/// Starts a contender with an entity of so many records.
pub type Start = fn(usize) -> Box<dyn Contender>;

/// The name of ours.
pub const OURS: &str = "temporal-entity";

/// The name of ours with a direct line for every reader.
pub const LINES: &str = "temporal-entity, direct lines";

/// The name of the floor with sockets on Persons.
pub const TWO_HOPS: &str = "floor, two hops";

/// The name of the floor with sockets on the entity.
pub const ONE_HOP: &str = "floor, one hop";

/// Ours and the floors.
pub const CONTENDERS: [(&str, Start); 3] = [
    (OURS, |records| Box::new(Ours::start(records, Way::Persons))),
    (TWO_HOPS, |records| Box::new(Floor::start("TwoHop", records))),
    (ONE_HOP, |records| Box::new(Floor::start("OneHop", records))),
];

/// Ours where all readers have direct lines.
pub const ON_LINES: (&str, Start) = (LINES, |records| Box::new(Ours::start(records, Way::Lines)));

/// Lowest, median and highest of several runs.
pub struct Spread {
    /// The lowest.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The highest.
    pub high: f64,
}

impl Spread {
    /// Of one figure of all runs.
    pub fn of(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> Spread {
        let mut all: Vec<_> = runs.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        Spread { low: all[0], median: all[all.len() / 2], high: all[all.len() - 1] }
    }

    /// For machines.
    pub fn json(&self) -> Value {
        json!({ "median": self.median, "low": self.low, "high": self.high })
    }
}

/// Writes the figures to the file that `--json FILE` names, if it is there.
pub fn write_json(figures: &Value) {
    let mut arguments = env::args().skip(1);
    let Some(option) = arguments.next() else { return };
    assert_eq!(option, "--json", "the only option is `--json FILE`");
    let file = arguments.next().expect("`--json` is followed by a file");
    fs::write(&file, format!("{figures:#}\n")).unwrap_or_else(|error| panic!("{file}: {error}"));
}

/// Whether this is one turn of a comparison of two builds: ours alone, once, and no more than takes some seconds.
pub fn is_short() -> bool {
    env::var_os("BENCH_SHORT").is_some()
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// In megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
