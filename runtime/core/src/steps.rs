//! Counts the work of algorithms for tests, instead of measuring time.
//!
//! A loop on a path that hostile input can lengthen calls [`count`] with the number of items that it walks, moves or
//! copies. Tests double the input and compare the counts. Without the cargo feature `steps`, counting does nothing.

/// Adds `n` steps to those of this thread.
#[inline(always)]
pub fn count(n: usize) {
    #[cfg(any(test, feature = "steps"))]
    counter::add(n);
    #[cfg(not(any(test, feature = "steps")))]
    let _ = n;
}

#[cfg(any(test, feature = "steps"))]
pub use counter::{of, reset, taken};

#[cfg(any(test, feature = "steps"))]
mod counter {
    use std::cell::Cell;

    thread_local! {
        static TAKEN: Cell<u64> = const { Cell::new(0) };
    }

    pub(super) fn add(n: usize) {
        TAKEN.set(TAKEN.get().saturating_add(n as u64));
    }

    /// Returns the steps that this thread has counted since the last [`reset`].
    pub fn taken() -> u64 {
        TAKEN.get()
    }

    /// Sets the steps of this thread to zero.
    pub fn reset() {
        TAKEN.set(0);
    }

    /// Returns what `work` returns, and the steps that it takes.
    pub fn of<T>(work: impl FnOnce() -> T) -> (T, u64) {
        let before = taken();
        let result = work();
        (result, taken().saturating_sub(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_add_up_until_they_are_reset() {
        reset();
        count(2);
        let ((), inner) = of(|| count(3));
        assert_eq!((inner, taken()), (3, 5));
        reset();
        assert_eq!(taken(), 0);
    }
}
