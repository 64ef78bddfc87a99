//! `cargo xtask bench micro`: diff, apply and codec times, natively, for values of 15 KB and 350 KB with one field of
//! one record changed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use board::bench::{Doc, DocDiff, Row};
use serde_json::{Value as Json, json};
use temporal_entity::{Change, EntityField, Patch};
use temporal_entity_core::codec::{decode, decode_own, encode, encode_value};
use temporal_entity_core::patch;
use temporal_entity_core::value::Value;
use temporal_entity_tests::bench::write_json;

/// Sizes of the entity: a name, and how many records of a hundred bytes.
const SIZES: [(&str, usize); 2] = [("15 KB", 150), ("350 KB", 3_500)];

/// How long one operation is measured.
const MEASURED_FOR: Duration = Duration::from_millis(600);

fn main() {
    let mut figures = Vec::new();
    println!("{:8} {:32} {:>12}", "entity", "", "median µs");
    for (size, records) in SIZES {
        for (what, time) in operations(records) {
            let micros = time.as_secs_f64() * 1e6;
            println!("{size:8} {what:32} {micros:>12.2}");
            figures.push(json!({ "entity": size, "operation": what, "medianMicros": micros }));
        }
    }
    write_json(&Json::from(figures));
}

fn operations(records: usize) -> Vec<(&'static str, Duration)> {
    let (old, new) = (doc(records, 0), doc(records, 1));
    let (old_tree, new_tree) = (tree(&old), tree(&new));
    let bytes = encode(&old).expect("a document has a CBOR form");
    let diff = match old.diff(&new) {
        Some(Change::Patch(diff)) => diff.to_value(),
        _ => panic!("one field differs"),
    };
    let undo = match new.diff(&old) {
        Some(Change::Patch(undo)) => undo.to_value(),
        _ => panic!("one field differs"),
    };
    let (mut typed, mut generic, mut turn) = (doc(records, 0), old_tree.clone(), false);
    let mut typed_turn = false;
    vec![
        ("diff, typed", median(|| old.diff(&new))),
        ("diff, generic", median(|| patch::diff(&Doc::KIND, &old_tree, &new_tree))),
        // There and back, so that each one changes something.
        (
            "patch from the wire, typed",
            median(|| {
                typed_turn = !typed_turn;
                let wire = if typed_turn { &diff } else { &undo };
                typed.apply(DocDiff::from_value(wire.clone()).expect("the diff fits"))
            }),
        ),
        (
            "patch from the wire, generic",
            median(|| {
                turn = !turn;
                patch::apply(&mut generic, if turn { &diff } else { &undo })
            }),
        ),
        ("encode, typed", median(|| encode(&old))),
        ("encode, generic", median(|| encode_value(&old_tree))),
        ("decode, typed", median(|| decode_own::<Doc>(&bytes))),
        ("decode, generic", median(|| decode(&bytes, bytes.len()))),
    ]
}

/// A document whose record in the middle has this quantity.
fn doc(records: usize, quantity: i64) -> Doc {
    let record = |number: usize| {
        let note = format!("a note about record {number}, as long as most are");
        let quantity = if number == records / 2 { quantity } else { 0 };
        let name = format!("record {number}");
        (format!("r{number:04}"), Row { name, note, quantity, price: 9.75, done: false })
    };
    Doc { records: (0..records).map(record).collect() }
}

fn tree(doc: &Doc) -> Value {
    Value::serialized(doc).expect("a document has a CBOR form")
}

/// The median time of one call.
fn median<R>(mut operation: impl FnMut() -> R) -> Duration {
    // So many calls between two looks at the clock that the look costs nothing beside them.
    let started = Instant::now();
    drop(black_box(operation()));
    let calls = (Duration::from_micros(200).as_nanos() / started.elapsed().as_nanos().max(1)) + 1;
    let calls = u32::try_from(calls).unwrap_or(u32::MAX);

    let mut times = Vec::new();
    let started = Instant::now();
    while started.elapsed() < MEASURED_FOR {
        let sample = Instant::now();
        for _ in 0..calls {
            drop(black_box(operation()));
        }
        times.push(sample.elapsed() / calls);
    }
    times.sort();
    times[times.len() / 2]
}
