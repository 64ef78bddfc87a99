//! The list for Node: plain exports with numbers alone, so that no glue is timed along.

// An export has to be named, and a name could clash with another one's.
#![allow(unsafe_code)]

use std::cell::RefCell;

use crate::contender::Contender;
use crate::ours::ours;

thread_local! {
    static PREPARED: RefCell<Vec<Contender>> = const { RefCell::new(Vec::new()) };
}

/// Makes the contenders for a document of so many records, and says how many contenders there are.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(records: usize) -> usize {
    PREPARED.with_borrow_mut(|prepared| {
        *prepared = ours(records);
        prepared.len()
    })
}

/// Runs the contender at this place of the list so many times.
#[unsafe(no_mangle)]
pub extern "C" fn run(contender: usize, iterations: u32) {
    PREPARED.with_borrow_mut(|prepared| prepared[contender].run(iterations));
}

/// The opt-level, as the code of its one character.
#[unsafe(no_mangle)]
pub extern "C" fn opt_level() -> u32 {
    crate::OPT_LEVEL.bytes().next().map_or(0, u32::from)
}
