//! The order of a list whose elements have keys: which elements come to which place.
//!
//! Places are told by neighbours and not by numbers, so that who does not have the list can put an element into it.
//! Every place is one between the elements *before* the change, those included that leave their place by it.

use super::lookup::Lookup;
use super::splice::Turn;

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor<K> {
    /// Before the first element.
    Start,
    /// Right behind an element.
    After(K),
    /// Behind the last element, whichever that is.
    End,
}

/// Elements that come to a place, in this order.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement<K> {
    /// Where.
    pub anchor: Anchor<K>,
    /// The keys of the elements; they are new in the list, or come from elsewhere in it.
    pub keys: Vec<K>,
}

/// Where elements come to. Each anchor, and each key, stands here once.
#[derive(Clone, Debug, PartialEq)]
pub struct Order<K>(pub Vec<Placement<K>>);

impl<K> Default for Order<K> {
    fn default() -> Order<K> {
        Order(Vec::new())
    }
}

impl<K: Ord + Clone> Order<K> {
    /// Whether nothing changes place.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys that come to a place.
    pub fn placed(&self) -> Lookup<'_, K> {
        Lookup::of(self.0.iter().flat_map(|placement| &placement.keys))
    }

    fn anchors(&self) -> Lookup<'_, Anchor<K>> {
        Lookup::of(self.0.iter().map(|placement| &placement.anchor))
    }

    /// The keys that come to an anchor, which `anchors` finds.
    fn run(&self, anchors: &Lookup<'_, Anchor<K>>, anchor: &Anchor<K>) -> &[K] {
        let placement = anchors.find(anchor).and_then(|at| self.0.get(at));
        placement.map_or(&[], |placement| placement.keys.as_slice())
    }

    /// The placement that a key is in.
    pub fn of(&self, key: &K) -> Option<&Placement<K>> {
        self.0.iter().find(|placement| placement.keys.contains(key))
    }

    /// Whether each anchor and each key stands here once.
    pub fn is_normal(&self) -> bool {
        let full = self.0.iter().all(|placement| !placement.keys.is_empty());
        full && self.placed().distinct() && self.anchors().distinct()
    }

    /// What leads from one order to another. Of the keys in both, as few as can be change their place.
    pub fn between(old: &[K], new: &[K]) -> Order<K> {
        let places = Lookup::of(old);
        let known: Vec<Option<usize>> = new.iter().map(|key| places.find(key)).collect();
        let staying = longest_rise(&known);
        let mut order = Order::default();
        let mut anchor = Anchor::Start;
        for (key, stays) in new.iter().zip(staying) {
            if stays {
                anchor = Anchor::After(key.clone());
            } else {
                order.put_next(&anchor, key);
            }
        }
        order
    }

    /// This order without the placements of elements that are in their places already.
    pub fn without_rests(self, base: &[K]) -> Order<K> {
        let places = Lookup::of(base);
        let rests = |placement: &Placement<K>| {
            let count = placement.keys.len();
            let from = match &placement.anchor {
                Anchor::Start => Some(0),
                // Behind itself is where an element is.
                Anchor::After(key) if placement.keys.first() == Some(key) => places.find(key),
                Anchor::After(key) => places.find(key).map(|at| at.saturating_add(1)),
                Anchor::End => base.len().checked_sub(count),
            };
            let there = from.and_then(|from| base.get(from..from.saturating_add(count)));
            there == Some(placement.keys.as_slice())
        };
        Order(self.0.into_iter().filter(|placement| !rests(placement)).collect())
    }

    /// As [`Order::put`], where anchors come in the order of the list.
    fn put_next(&mut self, anchor: &Anchor<K>, key: &K) {
        match self.0.last_mut().filter(|placement| placement.anchor == *anchor) {
            Some(last) => last.keys.push(key.clone()),
            None => {
                self.0.push(Placement { anchor: anchor.clone(), keys: vec![key.clone()] });
            }
        }
    }

    /// Adds a key behind those at an anchor.
    fn put(&mut self, anchor: Anchor<K>, key: K) {
        // Anchors nearly always come in the order of the list.
        match self.0.iter_mut().rev().find(|placement| placement.anchor == anchor) {
            Some(last) => last.keys.push(key),
            None => self.0.push(Placement { anchor, keys: vec![key] }),
        }
    }

    /// Puts elements in order. `base` is the list before, `leaves` tells which of its elements leave their place, and
    /// `arriving` gives the element for each key that comes to a place.
    pub fn arrange<E>(
        &self,
        base: Vec<E>,
        key_of: impl Fn(&E) -> K,
        leaves: impl Fn(&E) -> bool,
        mut arriving: impl FnMut(&K) -> Option<E>,
    ) -> Vec<E> {
        let anchors = self.anchors();
        let mut result = Vec::with_capacity(base.len());
        let mut run = |anchor: &Anchor<K>, result: &mut Vec<E>| {
            for key in self.run(&anchors, anchor) {
                result.extend(arriving(key));
            }
        };
        run(&Anchor::Start, &mut result);
        for element in base {
            let key = key_of(&element);
            if !leaves(&element) {
                result.push(element);
            }
            run(&Anchor::After(key), &mut result);
        }
        run(&Anchor::End, &mut result);
        result
    }

    /// What brings the elements that leave `base` back to their places, once they have left.
    pub fn back(base: &[K], leaves: impl Fn(&K) -> bool) -> Order<K> {
        let mut order = Order::default();
        let mut anchor = Anchor::Start;
        for key in base {
            if leaves(key) {
                order.put_next(&anchor, key);
            } else {
                anchor = Anchor::After(key.clone());
            }
        }
        order
    }

    /// The order that comes of this one and then `later`, in which the elements for which `removed` says so are gone.
    pub fn compose(self, later: &Self, removed: impl Fn(&K) -> bool) -> Self {
        let placed_later = later.placed();
        let leaves = |key: &K| placed_later.contains(key) || removed(key);
        let at = |anchor: Anchor<K>| {
            let found = later.0.iter().find(|placement| placement.anchor == anchor);
            found.map_or(&[][..], |placement| placement.keys.as_slice()).iter().cloned()
        };
        let here = self.placed();
        let mut composed = Order::default();
        for placement in &self.0 {
            // What is put behind an element of the base goes before what was put there first; behind the last of all,
            // after it.
            let end = placement.anchor == Anchor::End;
            // Behind an element that this order places, the later one means where it has come to.
            let elsewhere = matches!(&placement.anchor, Anchor::After(k) if here.contains(k));
            let mut keys: Vec<K> =
                if end || elsewhere { Vec::new() } else { at(placement.anchor.clone()).collect() };
            for key in &placement.keys {
                if !leaves(key) {
                    keys.push(key.clone());
                }
                keys.extend(at(Anchor::After(key.clone())));
            }
            if end {
                keys.extend(at(Anchor::End));
            }
            if !keys.is_empty() {
                composed.0.push(Placement { anchor: placement.anchor.clone(), keys });
            }
        }
        let anchors = self.anchors();
        let untouched = later.0.iter().filter(|placement| {
            let behind_placed = matches!(&placement.anchor, Anchor::After(k) if here.contains(k));
            !behind_placed && !anchors.contains(&placement.anchor)
        });
        composed.0.extend(untouched.cloned());
        composed
    }

    /// This order as it comes about after `other`, both of them orders of `base`; `gone` tells which elements of the
    /// base have left their place by the other. Keys that the other placed, too, are left where it put them.
    pub fn rebase(&self, other: &Self, base: &[K], gone: impl Fn(&K) -> bool, turn: Turn) -> Self {
        let theirs = other.placed();
        let (own_anchors, their_anchors) = (self.anchors(), other.anchors());
        let mut rebased = Order::default();
        let mut before = Anchor::Start;
        let places = base.iter().map(|key| Anchor::After(key.clone()));
        for place in [Anchor::Start].into_iter().chain(places).chain([Anchor::End]) {
            if let Anchor::After(key) = &place
                && !gone(key)
            {
                before = place.clone();
            }
            let own = self.run(&own_anchors, &place).iter().filter(|key| !theirs.contains(key));
            let last_of_theirs = other.run(&their_anchors, &place).last().cloned();
            let last_of_theirs = last_of_theirs.map(Anchor::After);
            if turn == Turn::Later {
                before = last_of_theirs.clone().unwrap_or(before);
            }
            let at_the_end =
                place == Anchor::End && (turn == Turn::Later || last_of_theirs.is_none());
            let anchor = if at_the_end { Anchor::End } else { before.clone() };
            own.for_each(|key| rebased.put(anchor.clone(), key.clone()));
            before = last_of_theirs.unwrap_or(before);
        }
        // Neighbours that `base` does not know: what is put behind one that has left goes to the end.
        let known = Lookup::of(base);
        for placement in &self.0 {
            let Anchor::After(key) = &placement.anchor else { continue };
            if known.contains(key) {
                continue;
            }
            let anchor = if gone(key) { Anchor::End } else { placement.anchor.clone() };
            for key in placement.keys.iter().filter(|key| !theirs.contains(key)) {
                rebased.put(anchor.clone(), key.clone());
            }
        }
        rebased
    }

    /// Whether a key that both orders place comes to another place in one than in the other.
    pub fn splits(&self, other: &Self, key: &K) -> bool {
        self.of(key) != other.of(key)
    }
}

/// Which numbers belong to the longest rising sequence among them.
fn longest_rise(numbers: &[Option<usize>]) -> Vec<bool> {
    // For each length the place of the lowest number that a rise of that length can end with.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        let length = ends.partition_point(|(end, _)| *end < number);
        let previous = length.checked_sub(1).and_then(|last| ends.get(last)).map(|(_, at)| *at);
        if let Some(slot) = before.get_mut(at) {
            *slot = previous;
        }
        match ends.get_mut(length) {
            Some(end) => *end = (number, at),
            None => ends.push((number, at)),
        }
    }
    let mut rises = vec![false; numbers.len()];
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        if let Some(rise) = rises.get_mut(at) {
            *rise = true;
        }
        next = before.get(at).copied().flatten();
    }
    rises
}
