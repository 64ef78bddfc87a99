//! How long trees take to bytes and back, by the codec and by serde. No test of anything: run it with
//! `cargo test --release -p temporal-entity-core --test codec_speed -- --ignored --nocapture`.
#![allow(clippy::disallowed_methods)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use temporal_entity_core::codec::{MAX_MESSAGE_BYTES, decode, decode_own, encode, encode_value};
use temporal_entity_core::value::{MapBuilder, Value};

/// About 15 KB of records.
fn value() -> Value {
    let record = |number: u32| {
        MapBuilder::new()
            .put("id", format!("card-{number:04}"))
            .put("title", format!("the title of card number {number}"))
            .put("status", "doing")
            .put("votes", number)
            .put("labels", Value::Array(["home", "urgent"].map(Value::from).to_vec()))
            .finish()
    };
    Value::Array((0..140).map(record).collect())
}

/// The quickest of many calls: what else the machine does only adds.
fn time<R>(mut call: impl FnMut() -> R) -> f64 {
    let best = (0..2_000).fold(Duration::MAX, |best, _| {
        let started = Instant::now();
        drop(black_box(call()));
        best.min(started.elapsed())
    });
    best.as_secs_f64() * 1e6
}

#[test]
#[ignore = "a measurement"]
fn speed() {
    let value = value();
    let bytes = encode_value(&value).expect("bytes");
    println!("{} bytes, µs by the codec and by serde", bytes.len());
    let ours = time(|| decode(&bytes, MAX_MESSAGE_BYTES));
    println!("decode {ours:8.1} {:8.1}", time(|| decode_own::<Value>(&bytes)));
    let ours = time(|| encode_value(&value));
    println!("encode {ours:8.1} {:8.1}", time(|| encode(&value)));
}
