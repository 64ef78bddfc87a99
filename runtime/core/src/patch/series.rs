//! One patch for many.

use std::borrow::Cow;

use ciborium::Value;

use super::compose::compose_change;
use super::empty;

/// Composes successive patches.
///
/// Composing costs the size of both patches, so composing each with all before it would cost the square of their number.
/// Here two that are composed of equally many patches become one: each patch is composed a logarithmic number of times.
#[derive(Debug, Default)]
pub struct Series {
    /// Whether each patch comes before those that are there.
    backward: bool,
    /// Composed patches, and of how many: two to the power of the rank. `None` where they change nothing together.
    runs: Vec<(u32, Option<Value>)>,
}

impl Series {
    /// A series in which each patch comes after those before it.
    pub fn forward() -> Series {
        Series::default()
    }

    /// A series in which each patch comes before those that were added before it, as what undoes changes does.
    pub fn backward() -> Series {
        Series { backward: true, runs: Vec::new() }
    }

    /// Adds a patch at the end, or at the beginning of a backward series.
    pub fn add(&mut self, patch: Value) {
        let (mut rank, mut run) = (0_u32, Some(patch));
        while let Some((_, before)) = self.runs.pop_if(|(known, _)| *known == rank) {
            (rank, run) = (rank.saturating_add(1), self.composed(before, run));
        }
        self.runs.push((rank, run));
    }

    /// Whether no patch was added.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Returns the patch that does at once what all of them do.
    pub fn finish(self) -> Value {
        self.finish_part().unwrap_or_else(empty)
    }

    /// As [`Series::finish`], for patches of a part of a value; `None` if nothing changes.
    pub fn finish_part(mut self) -> Option<Value> {
        let mut all = self.runs.pop()?.1;
        while let Some((_, before)) = self.runs.pop() {
            all = self.composed(before, all);
        }
        all
    }

    fn composed(&self, before: Option<Value>, run: Option<Value>) -> Option<Value> {
        match (before, run) {
            (Some(before), Some(run)) if self.backward => compose_change(run, before),
            (Some(before), Some(run)) => compose_change(before, run),
            (before, run) => before.or(run),
        }
    }
}

/// The patch that does at once what all of these do, one after the other.
pub fn compose_all<'a>(patches: impl IntoIterator<Item = Cow<'a, Value>>) -> Value {
    let mut series = Series::forward();
    patches.into_iter().for_each(|patch| series.add(patch.into_owned()));
    series.finish()
}
