//! A list as a sequence of its elements.

use super::script::script;
use super::splice::{Content, Splice, Splices};
use crate::value::{self, Value};

/// What can be an element of a list.
pub trait Item {
    /// Whether two elements are the same.
    fn is_same(&self, other: &Self) -> bool;
}

impl Item for Value {
    fn is_same(&self, other: &Value) -> bool {
        value::same(self, other)
    }
}

impl<T: Item> Content for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn append(&mut self, more: Vec<T>) {
        self.extend(more);
    }

    fn split_off(&mut self, at: usize) -> Vec<T> {
        Vec::split_off(self, at.min(self.len()))
    }

    fn same(&self, other: &Vec<T>) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.is_same(b))
    }

    fn common_prefix(&self, other: &Vec<T>) -> usize {
        self.iter().zip(other).take_while(|(a, b)| a.is_same(b)).count()
    }

    fn common_suffix(&self, other: &Vec<T>) -> usize {
        self.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a.is_same(b)).count()
    }
}

/// The change from one list to another, whose elements `copy` copies. `None` where no element stays: then the list is
/// replaced.
pub fn diff<T: Item>(old: &[T], new: &[T], copy: impl Fn(&T) -> T) -> Option<Splices<Vec<T>>> {
    let same = |x: usize, y: usize| match (old.get(x), new.get(y)) {
        (Some(old), Some(new)) => old.is_same(new),
        _ => false,
    };
    let hunks = script(old.len(), new.len(), same);
    if matches!(hunks.as_slice(), [hunk] if hunk.removed == old.len()) {
        return None;
    }
    let splices = hunks.iter().map(|hunk| Splice {
        at: hunk.at,
        removed: hunk.removed,
        inserted: new.iter().skip(hunk.from).take(hunk.inserted).map(&copy).collect(),
    });
    Some(Splices(splices.collect()))
}

impl<T: Item> Splices<Vec<T>> {
    /// Changes a list that is long enough, and returns what undoes the change.
    pub fn apply(self, list: &mut Vec<T>) -> Self {
        let mut undo: Vec<Splice<Vec<T>>> = Vec::with_capacity(self.0.len());
        // From the last one, so that the places of the others stay true.
        for splice in self.0.into_iter().rev() {
            let (at, end) = (splice.at.min(list.len()), splice.end().min(list.len()));
            let count = splice.inserted.len();
            let mut removed = list.split_off(at);
            let behind = removed.split_off(end.saturating_sub(at).min(removed.len()));
            list.extend(splice.inserted);
            list.extend(behind);
            undo.push(Splice { at, removed: count, inserted: removed });
        }
        undo.reverse();
        let (mut grown, mut shrunk) = (0_usize, 0_usize);
        for splice in &mut undo {
            splice.at = splice.at.saturating_add(grown).saturating_sub(shrunk);
            grown = grown.saturating_add(splice.removed);
            shrunk = shrunk.saturating_add(splice.inserted.len());
        }
        Splices(undo)
    }
}
