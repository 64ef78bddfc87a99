//! Splices: what is taken out of a sequence, and what is put in, by place.
//!
//! All places count in the sequence before the change. Splices come in order, and at least one item between two of
//! them stays: so there is one way to write a change.

use crate::steps;

/// What a sequence is made of, in pieces.
pub trait Content: Sized + Default {
    /// Takes pieces off the beginning, each in the time that the piece takes.
    type Pieces;

    /// Number of items.
    fn count(&self) -> usize;
    /// Whether there are no items.
    fn is_empty(&self) -> bool;
    /// Begins to take pieces off.
    fn into_pieces(self) -> Self::Pieces;
    /// The number of items that are left.
    fn left(pieces: &Self::Pieces) -> usize;
    /// Takes off the next `count` items, at most those that are left.
    fn take(pieces: &mut Self::Pieces, count: usize) -> Self;
    /// Adds items at the end.
    fn append(&mut self, more: Self);
    /// Keeps the first `at` items, and gives the rest.
    fn split_off(&mut self, at: usize) -> Self;
    /// Whether two pieces hold the same items.
    fn same(&self, other: &Self) -> bool;
    /// Number of items at the beginning that two pieces share.
    fn common_prefix(&self, other: &Self) -> usize;
    /// Number of items at the end that two pieces share.
    fn common_suffix(&self, other: &Self) -> usize;
}

/// One place where a sequence changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Splice<C> {
    /// Where, before the change.
    pub at: usize,
    /// How many items leave.
    pub removed: usize,
    /// What comes for them.
    pub inserted: C,
}

impl<C> Splice<C> {
    /// The place behind the last item that leaves.
    pub fn end(&self) -> usize {
        self.at.saturating_add(self.removed)
    }
}

/// A change of a sequence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Splices<C>(pub Vec<Splice<C>>);

/// Which of two changes of one base was accepted first. What both insert at one place stays, the earlier one's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The change was accepted before the other.
    Earlier,
    /// The change was accepted after the other.
    Later,
}

impl Turn {
    /// The turn of the other change.
    pub fn other(self) -> Turn {
        match self {
            Turn::Earlier => Turn::Later,
            Turn::Later => Turn::Earlier,
        }
    }
}

impl<C: Content> Splices<C> {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these splices are in order, apart, and each does something.
    pub fn is_normal(&self) -> bool {
        steps::count(self.0.len());
        let works = |splice: &Splice<C>| splice.removed > 0 || !splice.inserted.is_empty();
        let apart = |pair: &[Splice<C>]| match pair {
            [first, second] => first.end() < second.at,
            _ => true,
        };
        self.0.iter().all(works) && self.0.windows(2).all(apart)
    }

    /// The length that a sequence must have at least.
    pub fn reach(&self) -> usize {
        self.0.last().map_or(0, Splice::end)
    }

    /// Whether two changes are the same.
    pub fn same(&self, other: &Self) -> bool {
        let same = |(a, b): (&Splice<C>, &Splice<C>)| {
            a.at == b.at && a.removed == b.removed && a.inserted.same(&b.inserted)
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }

    /// Whether some splices put in as much as they take out, and so perhaps the same.
    pub fn may_rest(&self) -> bool {
        self.0.iter().any(|splice| splice.removed > 0 && splice.removed == splice.inserted.count())
    }

    /// This change without the splices that put in what they take out. `is_same` compares what is inserted with the
    /// items that leave, which it is given by their place and number, in the order of the places.
    pub fn without_same(self, mut is_same: impl FnMut(usize, usize, &C) -> bool) -> Self {
        let works = |splice: &Splice<C>| {
            let count = splice.inserted.count();
            count != splice.removed || !is_same(splice.at, splice.removed, &splice.inserted)
        };
        Splices(self.0.into_iter().filter(works).collect())
    }

    /// The change that does at once what this one and then `later` do.
    pub fn compose(self, later: Self) -> Self {
        let mut from = Reader::new(self);
        let mut to = Writer::default();
        let mut at: usize = 0;
        for splice in later.0 {
            from.pass(splice.at.saturating_sub(at), &mut to);
            from.cut(splice.removed, &mut to);
            to.put(splice.inserted);
            at = splice.at.saturating_add(splice.removed);
        }
        from.rest(&mut to);
        to.finish()
    }

    /// This change as it is made after `other`, a change of the same sequence. Where they [cross](Splices::crosses),
    /// what the other inserted stays.
    pub fn rebase(self, other: &Self, turn: Turn) -> Self {
        let mut over = Over { splices: &other.0, at: 0, gone: 0 };
        let mut to = Writer::default();
        for splice in self.0 {
            let end = splice.end();
            over.advance(splice.at, turn == Turn::Later, true, &mut to);
            to.put(splice.inserted);
            over.advance(end, false, false, &mut to);
        }
        to.finish()
    }

    /// Whether one of two changes of a sequence inserts inside what the other removes.
    pub fn crosses(&self, other: &Self) -> bool {
        let inserts = |splice: &&Splice<C>| !splice.inserted.is_empty();
        let inside = |inner: &Splices<C>, outer: &Splices<C>| {
            inner.0.iter().filter(inserts).any(|insertion| {
                steps::count(outer.0.len().checked_ilog2().unwrap_or_default() as usize);
                // The last splice that begins before the place is the only one that can reach over it.
                let before = outer.0.partition_point(|splice| splice.at < insertion.at);
                let reaching = before.checked_sub(1).and_then(|last| outer.0.get(last));
                reaching.is_some_and(|splice| splice.end() > insertion.at)
            })
        };
        inside(self, other) || inside(other, self)
    }

    /// What is left without items that leave and come back at the same place. `undo` leads back from where this leads,
    /// and so holds what is removed.
    pub fn settle(self, undo: &Self) -> Self {
        if self.0.len() != undo.0.len() {
            return self;
        }
        let settled = self.0.into_iter().zip(&undo.0).filter_map(|(mut splice, undone)| {
            let old = &undone.inserted;
            let prefix = splice.inserted.common_prefix(old);
            let shorter = splice.inserted.count().min(old.count()).saturating_sub(prefix);
            let suffix = splice.inserted.common_suffix(old).min(shorter);
            let kept = splice.inserted.count().saturating_sub(suffix);
            drop(splice.inserted.split_off(kept));
            splice.inserted = splice.inserted.split_off(prefix);
            splice.at = splice.at.saturating_add(prefix);
            splice.removed = splice.removed.saturating_sub(prefix).saturating_sub(suffix);
            (splice.removed > 0 || !splice.inserted.is_empty()).then_some(splice)
        });
        Splices(settled.collect())
    }
}

/// Reads the result of a change from its beginning: what it keeps of the base, and what it puts in.
struct Reader<C: Content> {
    splices: std::vec::IntoIter<Splice<C>>,
    next: Option<Splice<C>>,
    /// What is left of what the last splice puts in. A long one is read piece by piece, never copied as a whole.
    pieces: Option<C::Pieces>,
    /// Where in the base.
    at: usize,
}

impl<C: Content> Reader<C> {
    fn new(change: Splices<C>) -> Reader<C> {
        let mut splices = change.0.into_iter();
        let next = splices.next();
        Reader { splices, next, pieces: None, at: 0 }
    }

    /// Hands on `count` items of the result as they are.
    fn pass(&mut self, count: usize, to: &mut Writer<C>) {
        self.advance(count, to, true);
    }

    /// Takes `count` items of the result away.
    fn cut(&mut self, count: usize, to: &mut Writer<C>) {
        self.advance(count, to, false);
    }

    fn advance(&mut self, mut count: usize, to: &mut Writer<C>, keep: bool) {
        while count > 0 {
            steps::count(1);
            if let Some(pieces) = &mut self.pieces {
                let taken = C::left(pieces).min(count);
                count = count.saturating_sub(taken);
                let piece = C::take(pieces, taken);
                if keep {
                    to.put(piece);
                }
                if C::left(pieces) == 0 {
                    self.pieces = None;
                }
                continue;
            }
            let before = self.next.as_ref().map_or(usize::MAX, |splice| splice.at);
            let kept = before.saturating_sub(self.at).min(count);
            if keep {
                to.keep(kept)
            } else {
                to.cut(kept)
            }
            self.at = self.at.saturating_add(kept);
            count = count.saturating_sub(kept);
            if count == 0 {
                return;
            }
            let Some(splice) = self.next.take() else { return };
            to.cut(splice.removed);
            self.at = self.at.saturating_add(splice.removed);
            self.next = self.splices.next();
            if !splice.inserted.is_empty() {
                self.pieces = Some(splice.inserted.into_pieces());
            }
        }
    }

    fn rest(mut self, to: &mut Writer<C>) {
        if let Some(mut pieces) = self.pieces.take() {
            to.put(C::take(&mut pieces, usize::MAX));
        }
        while let Some(splice) = self.next.take() {
            to.keep(splice.at.saturating_sub(self.at));
            to.cut(splice.removed);
            to.put(splice.inserted);
            steps::count(1);
            self.at = splice.at.saturating_add(splice.removed);
            self.next = self.splices.next();
        }
    }
}

/// Walks through a sequence that another change has been made to.
struct Over<'a, C> {
    /// The splices of that change that were not met yet.
    splices: &'a [Splice<C>],
    /// Where in the base.
    at: usize,
    /// Up to where in the base everything was removed by the splices met so far.
    gone: usize,
}

impl<C: Content> Over<'_, C> {
    /// Goes on to a place of the base: what is left of it is kept or cut, what the other change put in is kept.
    /// `through` says whether to go past what it put in at that very place.
    fn advance(&mut self, place: usize, through: bool, keep: bool, to: &mut Writer<C>) {
        while let Some((splice, rest)) = self.splices.split_first() {
            if splice.at > place || splice.at == place && !through {
                break;
            }
            steps::count(1);
            self.step(splice.at, keep, to);
            to.keep(splice.inserted.count());
            self.gone = splice.end();
            self.splices = rest;
        }
        self.step(place, keep, to);
    }

    fn step(&mut self, place: usize, keep: bool, to: &mut Writer<C>) {
        let left = place.saturating_sub(self.at.max(self.gone));
        if keep {
            to.keep(left)
        } else {
            to.cut(left)
        }
        self.at = self.at.max(place);
    }
}

/// Writes a change from its beginning, in its one form.
struct Writer<C> {
    splices: Vec<Splice<C>>,
    /// Where in the base.
    at: usize,
    /// Whether the last splice goes on.
    open: bool,
}

impl<C> Default for Writer<C> {
    fn default() -> Writer<C> {
        Writer { splices: Vec::new(), at: 0, open: false }
    }
}

impl<C: Content> Writer<C> {
    fn keep(&mut self, count: usize) {
        if count > 0 {
            self.at = self.at.saturating_add(count);
            self.open = false;
        }
    }

    fn cut(&mut self, count: usize) {
        if count > 0 {
            if let Some(splice) = self.splice() {
                splice.removed = splice.removed.saturating_add(count);
            }
            self.at = self.at.saturating_add(count);
        }
    }

    fn put(&mut self, items: C) {
        if !items.is_empty()
            && let Some(splice) = self.splice()
        {
            splice.inserted.append(items);
        }
    }

    fn splice(&mut self) -> Option<&mut Splice<C>> {
        if !self.open {
            self.splices.push(Splice { at: self.at, removed: 0, inserted: C::default() });
            self.open = true;
        }
        self.splices.last_mut()
    }

    fn finish(self) -> Splices<C> {
        Splices(self.splices)
    }
}
