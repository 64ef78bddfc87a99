//! Worlds of several seeds come to rest, and in the end everybody sees what is stored.
//!
//! `SEED=n cargo test -p temporal-entity-tests --test world` runs one of them again, `SEEDS=n` runs so many, and
//! `TRACE=1` tells what happens.

use std::env;
use std::panic::catch_unwind;

use temporal_entity_tests::world::{Size, World};

/// Worlds of a normal run.
const SEEDS: u64 = 200;

fn size(seed: u64) -> Size {
    match seed % 3 {
        0 => Size { persons: 1, browsers: 2, tabs: 2, entities: 1, seconds: 6 },
        1 => Size { persons: 3, browsers: 1, tabs: 1, entities: 2, seconds: 10 },
        _ => Size { persons: 2, browsers: 2, tabs: 2, entities: 2, seconds: 5 },
    }
}

fn run(seed: u64) {
    World::new(seed, size(seed)).run(size(seed));
}

#[test]
fn worlds_come_to_rest() {
    let number = |name| env::var(name).ok().map(|text| text.parse().expect("a number"));
    if let Some(seed) = number("SEED") {
        return run(seed);
    }
    let seeds = number("SEEDS").unwrap_or(SEEDS);
    let failed: Vec<_> = (0..seeds).filter(|seed| catch_unwind(|| run(*seed)).is_err()).collect();
    assert!(failed.is_empty(), "of {seeds} worlds {} failed: SEED={failed:?}", failed.len());
}
