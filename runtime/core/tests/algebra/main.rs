//! The laws of patches, for random values of random shapes. Each run has a new seed, which it prints; `SEED=n` repeats
//! one.

// A test may stop, and begins with another seed each time.
#![allow(clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![allow(clippy::disallowed_methods)]

mod shapes;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use temporal_entity_core::codec::{decode, encode};
use temporal_entity_core::json::{JsonError, from_json, from_json_patch, to_json, to_json_patch};
use temporal_entity_core::patch::{
    Form, Orders, apply, compose, diff, empty, form, invert, is_empty, overlap, rebase, settle,
    without,
};
use temporal_entity_core::schema::Kind;
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::value::{Value, same};

use shapes::{Shape, four, kind};

const CASES: u32 = 2_000;

type Case = (Shape, [Value; 4]);

/// Runs a law for many cases, with a seed that it prints.
fn law(check: impl Fn(&'static Kind, [Value; 4]) -> Result<(), TestCaseError>) {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let clock = || {
        let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        time.map_or(0, |time| time.as_nanos() as u64)
    };
    let seed: u64 = seed.unwrap_or_else(clock);
    println!("SEED={seed}");
    let rng_seed = RngSeed::Fixed(seed);
    let config = Config { cases: CASES, failure_persistence: None, rng_seed, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let checked = runner.run(&four(), |(shape, values): Case| check(kind(&shape), values));
    match checked {
        Err(TestError::Fail(reason, (shape, values))) => {
            let [a, b, c, d] = values.map(|value| show(&value));
            panic!("{reason}\n{shape:?}\na = {a}\nb = {b}\nc = {c}\nd = {d}\nSEED={seed}");
        }
        Err(error) => panic!("{error}\nSEED={seed}"),
        Ok(()) => {}
    }
}

/// A value in short.
fn show(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Integer(n) => i128::from(*n).to_string(),
        Value::Array(items) => format!("[{}]", list(items.iter().map(show).collect())),
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}: {}", show(key), show(value)));
            format!("{{{}}}", list(entries.collect()))
        }
        Value::Tag(tag, inner) => format!("{tag}({})", show(inner)),
        Value::Text(text) => format!("{text:?}"),
        Value::Bytes(bytes) => format!("{bytes:?}"),
        Value::Float(float) => format!("{float:?}"),
        Value::Bool(bool) => bool.to_string(),
        _ => "null".to_owned(),
    }
}

fn between(kind: &Kind, a: &Value, b: &Value) -> Value {
    diff(kind, a, b).unwrap_or_else(empty)
}

fn after(value: &Value, patch: &Value) -> Result<Value, TestCaseError> {
    let mut value = value.clone();
    apply(&mut value, patch)
        .map_err(|misfit| TestCaseError::fail(format!("{misfit}: {}", show(patch))))?;
    Ok(value)
}

macro_rules! assert_same {
    ($a:expr, $b:expr) => {
        let (a, b) = (&$a, &$b);
        prop_assert!(same(a, b), "{}\nis not\n{}", show(a), show(b));
    };
}

#[test]
fn a_diff_leads_from_one_value_to_the_other_and_back() {
    law(|kind, [a, b, ..]| {
        let patch = between(kind, &a, &b);
        assert_same!(after(&a, &patch)?, b);
        prop_assert!(diff(kind, &a, &a).is_none());
        prop_assert_eq!(is_empty(&patch), same(&a, &b));
        let undo = invert(&patch, &a).map_err(|misfit| TestCaseError::fail(misfit.to_string()))?;
        assert_same!(after(&b, &undo)?, a);
        let redo = invert(&undo, &b).map_err(|misfit| TestCaseError::fail(misfit.to_string()))?;
        assert_same!(after(&a, &redo)?, b);
        Ok(())
    });
}

#[test]
fn values_and_diffs_are_in_the_one_form_of_their_kind_and_travel() {
    law(|kind, [a, b, ..]| {
        let mut conformed = a.clone();
        kind.conform(&mut conformed).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(encode(&conformed).unwrap(), encode(&a).unwrap());
        let patch = between(kind, &a, &b);
        let mut conformed = patch.clone();
        kind.conform_patch(&mut conformed)
            .map_err(|error| TestCaseError::fail(format!("{error}: {}", show(&patch))))?;
        let bytes = encode(&patch).unwrap();
        prop_assert_eq!(encode(&conformed).unwrap(), bytes.clone());
        assert_same!(decode(&bytes, usize::MAX).unwrap(), patch);
        Ok(())
    });
}

#[test]
fn composed_is_both_in_turn_and_settled_is_the_same() {
    law(|kind, [a, b, c, _]| {
        let (first, second) = (between(kind, &a, &b), between(kind, &b, &c));
        let both = compose(first.clone(), second.clone());
        assert_same!(after(&a, &both)?, c);
        let undo = compose(invert(&second, &b).unwrap(), invert(&first, &a).unwrap());
        assert_same!(after(&c, &undo)?, a);
        let settled = settle(both.clone(), &undo);
        assert_same!(after(&a, &settled)?, c);
        let settled_undo = settle(undo, &both);
        assert_same!(after(&c, &settled_undo)?, a);
        let back = compose(first.clone(), invert(&first, &a).unwrap());
        assert_same!(after(&a, &back)?, a);
        Ok(())
    });
}

#[test]
fn what_is_composed_of_many_is_composed_further() {
    law(|kind, [a, b, c, d]| {
        let steps = [(&a, &b), (&b, &c), (&c, &d), (&d, &b)];
        let patches = steps.map(|(from, to)| between(kind, from, to));
        let undos = steps.map(|(from, to)| invert(&between(kind, from, to), from).unwrap());
        let forward = patches.iter().cloned().reduce(compose).expect("four");
        assert_same!(after(&a, &forward)?, b);
        let backward = patches.iter().rev().cloned().reduce(|last, first| compose(first, last));
        assert_same!(after(&a, &backward.expect("four"))?, b);
        let undo = undos.iter().cloned().reduce(|first, last| compose(last, first)).expect("four");
        assert_same!(after(&b, &undo)?, a);
        assert_same!(after(&a, &settle(forward.clone(), &undo))?, b);
        assert_same!(after(&b, &settle(undo, &forward))?, a);
        Ok(())
    });
}

#[test]
fn what_is_composed_commutes_where_it_does_not_overlap() {
    law(|kind, [a, b, c, d]| {
        let ours = between(kind, &a, &b);
        let theirs = compose(between(kind, &a, &c), between(kind, &c, &d));
        let theirs_undo = compose(
            invert(&between(kind, &c, &d), &c).unwrap(),
            invert(&between(kind, &a, &c), &a).unwrap(),
        );
        let theirs = settle(theirs, &theirs_undo);
        if !overlap(&ours, &theirs).is_empty() {
            return Ok(());
        }
        let made = |patch: &Value, other: &Value, turn| {
            let rebased = rebase(patch, other, &Orders::of(&a, patch), turn);
            rebased.map_err(|misfit| TestCaseError::fail(misfit.to_string()))
        };
        let one = after(&d, &made(&ours, &theirs, Turn::Later)?)?;
        assert_same!(one, after(&b, &made(&theirs, &ours, Turn::Earlier)?)?);
        Ok(())
    });
}

#[test]
fn what_was_changed_and_changed_back_is_no_difference() {
    law(|kind, [a, b, ..]| {
        let first = between(kind, &a, &b);
        let undo = invert(&first, &a).unwrap();
        let there_and_back = compose(first.clone(), undo.clone());
        let settled = settle(there_and_back, &compose(first, undo));
        assert_same!(after(&a, &settled)?, a);
        prop_assert!(only_moves(&settled), "{}", show(&settled));
        Ok(())
    });
}

/// Whether a patch changes nothing but the places of a keyed list's elements. That these come back to where they were
/// is seen in the list alone.
fn only_moves(patch: &Value) -> bool {
    match form(patch) {
        Form::Inside(changes) | Form::Keyed(_, changes, _) => {
            changes.iter().all(|(_, inner)| only_moves(inner))
        }
        _ => false,
    }
}

#[test]
fn patches_that_do_not_overlap_commute() {
    law(|kind, [a, b, c, _]| {
        let (ours, theirs) = (between(kind, &a, &b), between(kind, &a, &c));
        let mut places = overlap(&ours, &theirs);
        let mut other_way = overlap(&theirs, &ours);
        places.sort();
        other_way.sort();
        prop_assert_eq!(&places, &other_way);
        prop_assert!(overlap(&ours, &ours).is_empty());
        if !places.is_empty() {
            return Ok(());
        }
        let orders = Orders::of(&a, &ours);
        let made = |patch: &Value, other: &Value, orders: &Orders, turn| {
            rebase(patch, other, orders, turn)
                .map_err(|misfit| TestCaseError::fail(misfit.to_string()))
        };
        let ours_later = made(&ours, &theirs, &orders, Turn::Later)?;
        let theirs_earlier = made(&theirs, &ours, &Orders::of(&a, &theirs), Turn::Earlier)?;
        let merged = after(&c, &ours_later)?;
        assert_same!(merged, after(&b, &theirs_earlier)?);

        // What the answer to a stale write says, and what of it is the others' work.
        let all = compose(theirs.clone(), ours_later.clone());
        let all_undo = compose(invert(&ours_later, &c).unwrap(), invert(&theirs, &a).unwrap());
        let (all, all_undo) = (settle(all.clone(), &all_undo), settle(all_undo, &all));
        let part = (ours.clone(), invert(&ours, &a).unwrap());
        let (rest, undo) = without((all, all_undo), part);
        assert_same!(after(&b, &rest)?, merged);
        assert_same!(after(&merged, &undo)?, b);
        Ok(())
    });
}

#[test]
fn json_patches_do_the_same_and_come_back() {
    law(|kind, [a, b, ..]| {
        let (Ok(before), Ok(after_it)) = (to_json(kind, &a), to_json(kind, &b)) else {
            // JSON has no NaN.
            return Ok(());
        };
        assert_same!(from_json(kind, &before).unwrap(), a);
        let wrong = |error: JsonError| TestCaseError::fail(error.to_string());
        let there = to_json_patch(kind, &a, &between(kind, &a, &b)).map_err(wrong)?;
        let mut document = before;
        let made = json_patch::patch(&mut document, &there);
        prop_assert!(made.is_ok(), "{made:?}: {there}");
        prop_assert_eq!(&document, &after_it, "{}", there);
        let patch = from_json_patch(kind, &a, &there).map_err(wrong)?;
        assert_same!(after(&a, &patch)?, b);
        Ok(())
    });
}

#[test]
fn a_patch_that_does_not_fit_changes_nothing() {
    law(|kind, [a, b, c, _]| {
        let patch = between(kind, &b, &c);
        let mut value = a.clone();
        match apply(&mut value, &patch) {
            Err(_) => {
                assert_same!(value, a);
            }
            Ok(undo) => {
                assert_same!(after(&value, &undo)?, a);
            }
        }
        Ok(())
    });
}
