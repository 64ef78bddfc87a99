//! The cost of patches: twice the input takes about twice the steps, also of input that is made to be slow.
//!
//! Each shape of input goes through every operation, generic and typed. Steps are counted, not time. `SHAPE=text` takes
//! only the shapes whose names begin so.

mod build;
mod chains;
mod operations;
mod shapes;
mod typed;

use std::collections::BTreeMap;
use std::time::Instant;

use temporal_entity_core::steps;

use operations::{Case, each};
use shapes::SHAPES;

/// Twice the input may take so many times the steps: sorting takes a little more than twice.
const RATIO: f64 = 2.3;

/// What may come on top of that: what is done once whatever the size, as the bounds on differences allow.
const SLACK: u64 = 4_000;

/// The steps of each operation on this input.
fn steps_of(case: &Case) -> BTreeMap<&'static str, u64> {
    let mut taken = BTreeMap::new();
    each(case, &mut |operation, work| {
        let ((), steps) = steps::of(work);
        taken.insert(operation, steps);
    });
    taken
}

/// Whether a shape was asked for.
fn is_asked(shape: &str) -> bool {
    std::env::var("SHAPE").map_or(true, |asked| shape.starts_with(&asked))
}

/// What takes too many steps when its input doubles.
fn too_steep(
    shape: &str,
    from: usize,
    steps: impl Fn(usize) -> BTreeMap<&'static str, u64>,
) -> Vec<String> {
    if !is_asked(shape) {
        return Vec::new();
    }
    let taken = [from, 2 * from, 4 * from, 8 * from].map(steps);
    let mut steep = Vec::new();
    for pair in taken.windows(2) {
        for (operation, small) in &pair[0] {
            let large = pair[1].get(operation).copied().unwrap_or(0);
            if large > SLACK + (*small as f64 * RATIO) as u64 {
                steep.push(format!("{shape}, {operation}: {small} steps, then {large}"));
            }
        }
    }
    let counted = taken[3].values().any(|steps| *steps > 0);
    assert!(counted, "{shape}: nothing is counted");
    steep
}

#[test]
fn twice_the_input_takes_about_twice_the_steps() {
    let steep: Vec<String> = SHAPES
        .iter()
        .flat_map(|(name, shape)| too_steep(name, 128, |size| steps_of(&shape(size))))
        .collect();
    assert!(steep.is_empty(), "{}", steep.join("\n"));
}

#[test]
fn twice_as_many_patches_take_about_twice_the_steps() {
    let steep: Vec<String> = chains::CHAINS
        .iter()
        .flat_map(|(name, chain)| too_steep(name, 256, |size| chains::steps_of(&chain(size))))
        .collect();
    assert!(steep.is_empty(), "{}", steep.join("\n"));
}

/// Time instead of steps, to find copies that nobody counts.
#[test]
#[ignore = "a measurement"]
fn time() {
    for (name, shape) in SHAPES.iter().filter(|(name, _)| is_asked(name)) {
        let time_of = |size| {
            let mut taken = BTreeMap::new();
            each(&shape(size), &mut |operation, work| {
                let start = Instant::now();
                work();
                taken.insert(operation, start.elapsed().as_secs_f64() * 1e3);
            });
            taken
        };
        let (small, large) = (time_of(10_000), time_of(40_000));
        for (operation, small) in small {
            let large = large.get(operation).copied().unwrap_or(0.0);
            if large > 20.0 && large > small * 8.0 {
                println!("{name}, {operation}: {small:.1} ms, then {large:.1} ms");
            }
        }
    }
}
