//! A list as a sequence of its elements.

use super::script::script;
use super::splice::{Content, Splice, Splices};
use crate::steps;
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
    type Pieces = std::vec::IntoIter<T>;

    fn count(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }

    fn into_pieces(self) -> Self::Pieces {
        self.into_iter()
    }

    fn left(pieces: &Self::Pieces) -> usize {
        pieces.len()
    }

    fn take(pieces: &mut Self::Pieces, count: usize) -> Vec<T> {
        if count < pieces.len() {
            pieces.take(count).collect()
        } else {
            std::mem::take(pieces).collect()
        }
    }

    fn append(&mut self, more: Vec<T>) {
        steps::count(more.len());
        if self.is_empty() {
            *self = more;
        } else {
            self.extend(more);
        }
    }

    fn split_off(&mut self, at: usize) -> Vec<T> {
        steps::count(self.len().saturating_sub(at));
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
        let mut undo = Vec::with_capacity(self.0.len());
        let mut at = self.0.first().map_or(usize::MAX, |first| first.at);
        // What is before the first splice stays where it is; what is behind it is moved once.
        let mut rest = list.split_off(at.min(list.len())).into_iter();
        steps::count(rest.len());
        for splice in self.0 {
            list.extend(rest.by_ref().take(splice.at.saturating_sub(at)));
            at = splice.end();
            let removed: Vec<T> = rest.by_ref().take(splice.removed).collect();
            let (from, count) = (list.len(), splice.inserted.len());
            list.extend(splice.inserted);
            undo.push(Splice { at: from, removed: count, inserted: removed });
        }
        list.extend(rest);
        Splices(undo)
    }
}
