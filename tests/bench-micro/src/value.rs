//! The value that is measured, before and after an edit. The same in every run, and on every side: the others get it
//! from here as JSON.

use board::bench::{Doc, Row};

/// A document of so many records; the one in the middle has this quantity.
pub fn doc(records: usize, quantity: i64) -> Doc {
    let record = |number: usize| {
        let name = format!("record {number}");
        let note = format!("a note about record {number}, as long as most are");
        let quantity = if number == records / 2 { quantity } else { 0 };
        (key(number), Row { name, note, quantity, price: 9.75, done: false })
    };
    Doc { records: (0..records).map(record).collect() }
}

/// The key of the record whose quantity is edited.
pub fn edited(records: usize) -> String {
    key(records / 2)
}

fn key(number: usize) -> String {
    format!("r{number:04}")
}
