//! The entity machine against a plain model that keeps every version in full and derives each answer from the rules:
//! random requests of several persons and browsers, repeated ones among them, on clocks that stand still, run and jump
//! back, with objects that lose their memory and disks that fail at any write.
//!
//! Each run prints its seed: `SEED=n cargo test -p temporal-entity-tests --test machine` repeats it, `PROPTEST_CASES=n`
//! runs so many cases of each kind.

mod answers;
mod asks;
mod edits;
mod expect;
#[allow(dead_code)] // the methods of the diffs
mod kinds;
mod merge;
mod model;
mod past;
mod run;
mod strategy;
mod whole;

use std::env;
use std::time::UNIX_EPOCH;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notes::Page;

use kinds::{Daily, Every, Hourly, Millisecond, Subject};
use run::Run;
use strategy::{Step, long_steps, steps};

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn config(cases: u32) -> ProptestConfig {
    let clock = || UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos() as u64);
    let seed = number("SEED").unwrap_or_else(clock);
    println!("SEED={seed}");
    let cases = number("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(cases);
    let rng_seed = RngSeed::Fixed(seed);
    ProptestConfig { cases, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

fn follow<T: Subject>(steps: &[Step]) {
    let mut run = Run::<T, MemoryStorage>::new(MemoryStorage::default());
    for step in steps {
        run.step(step);
    }
    run.finish();
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn a_note_that_keeps_every_edit_apart(steps in steps(60)) {
        follow::<Every>(&steps);
    }

    #[test]
    fn a_note_with_a_granularity_of_a_millisecond(steps in steps(60)) {
        follow::<Millisecond>(&steps);
    }

    #[test]
    fn a_note_with_a_granularity_of_an_hour(steps in steps(60)) {
        follow::<Hourly>(&steps);
    }

    #[test]
    fn a_note_with_a_granularity_of_a_day(steps in steps(60)) {
        follow::<Daily>(&steps);
    }
}

proptest! {
    #![proptest_config(config(250))]

    #[test]
    fn a_page_whose_fields_merge(steps in steps(60)) {
        follow::<Page>(&steps);
    }
}

proptest! {
    #![proptest_config(config(6))]

    #[test]
    fn a_note_with_more_changes_than_are_kept_in_memory(steps in long_steps()) {
        follow::<Millisecond>(&steps);
    }

    #[test]
    fn a_page_with_more_changes_than_are_kept_in_memory(steps in long_steps()) {
        follow::<Page>(&steps);
    }
}
