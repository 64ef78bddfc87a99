//! Typed patches keep the laws, and agree with the generic ones byte for byte. (The laws of the generic ones are tested
//! with the core.)

#[macro_use]
mod same;
mod overlay;
mod rich;
mod trees;

use std::time::UNIX_EPOCH;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use temporal_entity::{EntityField, Patch};
use temporal_entity_core::codec::encode;
use temporal_entity_core::field::{read, write};
use temporal_entity_core::patch::{
    Orders, Overlaps, apply, apply_encoded, compose, diff, empty, invert, overlap, rebase, settle,
};
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::value::{Value, same};

use rich::{Rich, RichDiff, rich};
use trees::between;

/// Each run has a new seed, which it prints; `SEED=n` repeats one.
fn config() -> ProptestConfig {
    let clock = || UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos() as u64);
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(clock);
    println!("SEED={seed}");
    let rng_seed = RngSeed::Fixed(seed);
    ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        rng_seed,
        ..ProptestConfig::default()
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    encode(value).unwrap()
}

fn typed_between(a: &Rich, b: &Rich) -> Value {
    a.diff(b).map_or_else(empty, |change| change.to_value())
}

fn typed(patch: &Value) -> RichDiff {
    let mut conformed = patch.clone();
    Rich::KIND.conform_patch(&mut conformed).unwrap();
    assert_eq!(bytes(&conformed), bytes(patch), "a diff is in its one form");
    RichDiff::from_value(conformed).unwrap()
}

fn after(value: &Rich, patch: &Value) -> Rich {
    let mut value = value.copy();
    let patch = typed(patch);
    assert_eq!(value.fits(&patch), Ok(()));
    value.apply(patch);
    value
}

/// Whether adding would leave the range of a counter, which only the type knows.
fn overflows(value: &Rich, patch: &Value) -> bool {
    value.fits(&typed(patch)).is_err_and(|misfit| misfit.problem.contains("out of the range"))
}

/// Three values, of which the second and the third have half of their fields from the first.
fn three() -> impl Strategy<Value = (Rich, Rich, Rich)> {
    let mixed = |a: &Rich, b: Rich, kept: u32| {
        let (Value::Map(a), Value::Map(b)) = (write(a), write(&b)) else { unreachable!() };
        let fields = a.into_iter().zip(b).enumerate();
        let fields = fields.map(|(at, (a, b))| if kept >> at & 1 == 1 { a } else { b });
        read::<Rich>(Value::Map(fields.collect())).unwrap()
    };
    (rich(), rich(), rich(), any::<(u32, u32)>()).prop_map(move |(a, b, c, (keep_b, keep_c))| {
        let (b, c) = (mixed(&a, b, keep_b), mixed(&a, c, keep_c));
        (a, b, c)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn typed_and_generic_patches_are_one((a, b, _) in three()) {
        let patch = typed_between(&a, &b);
        let (tree_a, tree_b) = (write(&a), write(&b));
        let generic = diff(&Rich::KIND, &tree_a, &tree_b).unwrap_or_else(empty);
        prop_assert_eq!(bytes(&patch), bytes(&generic), "{:?}\n{:?}", patch, generic);
        prop_assert_eq!(typed(&patch).is_empty(), a.same(&b));

        let (mut of_type, mut tree) = (a.copy(), tree_a.clone());
        let undo = of_type.apply(typed(&patch));
        let generic_undo = apply(&mut tree, &patch).unwrap();
        prop_assert!(of_type.same(&b));
        prop_assert_eq!(bytes(&write(&of_type)), bytes(&tree));
        prop_assert_eq!(bytes(&undo.to_value()), bytes(&generic_undo));
        prop_assert_eq!(bytes(&generic_undo), bytes(&invert(&patch, &tree_a).unwrap()));
        prop_assert!(read::<Rich>(tree).unwrap().same(&b));
        of_type.apply(undo);
        prop_assert!(of_type.same(&a));
    }

    #[test]
    fn patches_change_bytes_as_they_change_values((a, b, c) in three()) {
        let patches = [typed_between(&a, &b), typed_between(&b, &c)];
        for (count, value) in [&a, &b, &c].into_iter().enumerate() {
            let made = apply_encoded(&Rich::KIND, &bytes(&write(&a)), &patches[..count], 0);
            prop_assert_eq!(made, Some(bytes(&write(value))), "{:?}", patches);
        }
    }

    #[test]
    fn both_compose_alike((a, b, c) in three()) {
        let (first, second) = (typed_between(&a, &b), typed_between(&b, &c));
        let both = typed(&first).compose(typed(&second)).to_value();
        let generic = compose(first, second);
        prop_assert_eq!(bytes(&both), bytes(&generic), "{:?}\n{:?}", both, generic);
        prop_assert!(after(&a, &both).same(&c));
    }

    #[test]
    fn both_conflict_alike_and_what_does_not_commutes((a, b, c) in three()) {
        let (ours, theirs) = (typed_between(&a, &b), typed_between(&a, &c));
        let mut overlaps = Overlaps::default();
        typed(&ours).overlap(&typed(&theirs), &mut overlaps);
        overlaps.places.sort();
        let mut generic = overlap(&ours, &theirs);
        generic.sort();
        prop_assert_eq!(&overlaps.places, &generic);
        if overlaps.places.is_empty() {
            let tree = write(&a);
            let later = rebase(&ours, &theirs, &Orders::of(&tree, &ours), Turn::Later).unwrap();
            let earlier = rebase(&theirs, &ours, &Orders::of(&tree, &theirs), Turn::Earlier).unwrap();
            if overflows(&c, &later) {
                return Ok(());
            }
            let (one, other) = (after(&c, &later), after(&b, &earlier));
            prop_assert!(one.same(&other), "{:?}\n{:?}", one, other);
        }
    }

    #[test]
    fn both_agree_on_what_fits((a, b, c) in three()) {
        let patch = typed_between(&b, &c);
        if overflows(&a, &patch) {
            return Ok(());
        }
        let mut tree = write(&a);
        let generic = apply(&mut tree, &patch);
        let typed = typed(&patch);
        prop_assert_eq!(a.fits(&typed).is_ok(), generic.is_ok());
        let mut of_type = a.copy();
        if a.fits(&typed).is_ok() {
            of_type.apply(typed);
        }
        prop_assert_eq!(bytes(&write(&of_type)), bytes(&tree));
    }

    #[test]
    fn tightened_is_what_the_values_differ_in((a, b, coarse) in (rich(), rich(), any::<u32>())) {
        // A patch that replaces some fields whole, also those that stay as they are.
        let (Value::Map(before), Value::Map(fields)) = (write(&a), write(&b)) else { unreachable!() };
        let wordy = fields.into_iter().enumerate().map(|(at, (key, new))| {
            let whole = coarse >> at & 1 == 1;
            let value = if whole { new } else { before[at].1.clone() };
            (key, temporal_entity_core::patch::set_to(value))
        });
        let mut wordy = Value::Map(wordy.collect());
        Rich::KIND.conform_patch(&mut wordy).unwrap();
        let reached = after(&a, &wordy);
        prop_assert_eq!(bytes(&a.tighten(typed(&wordy)).to_value()), bytes(&typed_between(&a, &reached)));
    }
}

#[test]
fn large_maps_take_no_long_time() {
    let numbered = |from: i64, value: i64| {
        let entries = (from..from + 5_000).map(|n| (Value::from(n), Value::from(value)));
        temporal_entity_core::value::map_of(entries.collect())
    };
    let outer = |inner: Value| Value::Map(vec![(Value::from("map"), inner)]);
    let (a, b, c) = (outer(numbered(0, 1)), outer(numbered(2_500, 2)), outer(numbered(5_000, 3)));
    let (first, second) = (between(&a, &b), between(&b, &c));
    overlap(&first, &second);
    let mut value = a.clone();
    let undo = apply(&mut value, &first).unwrap();
    let undo = compose(apply(&mut value, &second).unwrap(), undo);
    assert!(same(&value, &c));
    assert!(same(&settle(compose(first, second), &undo), &between(&a, &c)));
}
