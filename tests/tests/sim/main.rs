//! Worlds of thousands of seeds: everything breaks in them, and what must hold is looked at all the time.
//!
//! `SEED=7 cargo xtask test sim` runs one of them again and `TRACE=1` tells what happens in it. `SEEDS=5000` runs so
//! many, `SEEDS=2000..9000` those. `cases.txt` keeps the seeds that found something: they are always run, and first.

mod runner;
mod world;

use runner::{Chosen, failures};
use world::World;
use world::bug::Bug;

/// Worlds of a normal run.
const SEEDS: u64 = 2000;

/// Within so many worlds every deliberate bug is found.
const FOUND_WITHIN: u64 = 200;

#[test]
fn worlds_come_to_rest() {
    let chosen = Chosen::from_environment(SEEDS);
    if let Chosen::One(seed) = chosen {
        return World::new(seed, None).run();
    }
    let seeds: Vec<u64> = runner::cases().into_iter().chain(chosen.seeds()).collect();
    let failed = failures(&seeds, usize::MAX, |seed| World::new(seed, None).run());
    assert!(failed.is_empty(), "{} of {} worlds failed:\n{}", failed.len(), seeds.len(), {
        let lines: Vec<_> =
            failed.iter().take(50).map(|(seed, why)| format!("SEED={seed}: {why}")).collect();
        lines.join("\n")
    });
}

/// The test of the test. A bug is put into what stands around the machines, where it does what it would do in them.
#[test]
fn deliberate_bugs_are_caught() {
    if matches!(Chosen::from_environment(0), Chosen::One(_)) {
        return;
    }
    let seeds: Vec<u64> = (0..FOUND_WITHIN).collect();
    for bug in Bug::ALL {
        let caught = failures(&seeds, 1, |seed| World::new(seed, Some(bug)).run());
        let (seed, why) = caught.first().unwrap_or_else(|| panic!("{bug:?} is not caught"));
        println!("{bug:?} is caught by seed {seed}: {why}");
    }
}
