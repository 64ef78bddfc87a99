//! What typed values take to become bytes and come back, in time and in memory, with and without a tree. No test of
//! anything: run it with `cargo test --release -p temporal-entity-tests --test typed_figures -- --ignored --nocapture`.

// Only an allocator can count what is allocated.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use board::bench::{Doc, Row};
use temporal_entity_core::codec::{decode_own_value, decode_typed, encode_value};
use temporal_entity_core::field::{read, write};
use temporal_entity_core::schema::encode_typed;

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator, which keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn doc(records: usize) -> Doc {
    let row = |number: usize| Row {
        name: format!("record {number}"),
        note: format!("forty characters of a note, for {number:08}"),
        quantity: number as i64,
        price: number as f64 / 7.0,
        done: number.is_multiple_of(2),
    };
    let records = (0..records).map(|number| (format!("record-{number:06}"), row(number)));
    Doc { records: records.collect() }
}

/// The time of the quickest of many calls, and the most that one of them had allocated beyond what was there before.
fn figures<R>(calls: u32, mut call: impl FnMut() -> R) -> String {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let best = (0..calls).fold(Duration::MAX, |best, _| {
        let started = Instant::now();
        let result = black_box(call());
        let taken = started.elapsed();
        drop(result);
        best.min(taken)
    });
    let peak = PEAK.load(Relaxed) - before;
    format!("{:9.1} µs {:9.1} KB", best.as_secs_f64() * 1e6, peak as f64 / 1e3)
}

#[test]
#[ignore = "a measurement"]
fn typed_figures() {
    for (records, calls) in [(130, 500), (3_000, 50), (43_000, 8)] {
        let value = doc(records);
        let bytes = encode_typed(&value, 0).expect("bytes");
        let room = bytes.len();
        println!("{records} records, {room} bytes");
        let tree = figures(calls, || encode_value(&write(&value)));
        println!("encode, with a tree  {tree}");
        println!("encode, without      {}", figures(calls, || encode_typed(&value, room)));
        let tree = figures(calls, || read::<Doc>(decode_own_value(&bytes).expect("a tree")));
        println!("decode, with a tree  {tree}");
        println!("decode, without      {}", figures(calls, || decode_typed::<Doc>([&*bytes])));
        // As it lies on the disk, each part fetched when it is its turn.
        let parts = || bytes.chunks(64 << 10).map(<[u8]>::to_vec);
        println!("decode, in parts     {}", figures(calls, || decode_typed::<Doc>(parts())));
        let before = NOW.load(Relaxed);
        let copy = decode_typed::<Doc>([&*bytes]).expect("a document");
        println!("the value itself     {:22.1} KB", (NOW.load(Relaxed) - before) as f64 / 1e3);
        drop(copy);
    }
}
