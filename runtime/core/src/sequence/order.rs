//! The order of a list whose elements have keys: which elements come to which place.
//!
//! Places are told by neighbours and not by numbers, so that who does not have the list can put an element into it.
//! Every place is one between the elements *before* the change, those included that leave their place by it.

use super::lookup::Lookup;
use super::splice::Turn;
use crate::steps;

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
        let mut writer = OrderWriter::default();
        for (key, stays) in new.iter().zip(staying) {
            if stays {
                writer.anchor(key);
            } else {
                writer.put(key);
            }
        }
        writer.finish()
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
        steps::count(base.len());
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
        let mut writer = OrderWriter::default();
        for key in base {
            if leaves(key) {
                writer.put(key);
            } else {
                writer.anchor(key);
            }
        }
        writer.finish()
    }

    /// The order that comes of this one and then `later`, in which the elements for which `removed` says so are gone.
    pub fn compose(self, later: &Self, removed: impl Fn(&K) -> bool) -> Self {
        let placed_later = later.placed();
        let leaves = |key: &K| placed_later.contains(key) || removed(key);
        let anchors_later = later.anchors();
        let at = |anchor: Anchor<K>| later.run(&anchors_later, &anchor).iter().cloned();
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
        steps::count(base.len());
        let theirs = other.placed();
        let (own_anchors, their_anchors) = (self.anchors(), other.anchors());
        let kept = |keys: &[K]| -> Vec<K> {
            keys.iter().filter(|key| !theirs.contains(key)).cloned().collect()
        };
        let mut rebased = Order::default();
        let mut before = Anchor::Start;
        // Whether the last placement is the one at `before`: keys may be long, and comparing them would cost that.
        let mut open = false;
        let places = base.iter().map(|key| Anchor::After(key.clone()));
        for place in [Anchor::Start].into_iter().chain(places).chain([Anchor::End]) {
            let own = kept(self.run(&own_anchors, &place));
            let last_of_theirs = other.run(&their_anchors, &place).last().cloned();
            let at_the_end =
                place == Anchor::End && (turn == Turn::Later || last_of_theirs.is_none());
            if let Anchor::After(key) = &place
                && !gone(key)
            {
                (before, open) = (place, false);
            }
            let behind_theirs = |key| (Anchor::After(key), false);
            let earlier = match turn {
                Turn::Later => {
                    (before, open) = last_of_theirs.map_or((before, open), behind_theirs);
                    None
                }
                Turn::Earlier => last_of_theirs,
            };
            if !own.is_empty() {
                match rebased.0.last_mut().filter(|_| open && !at_the_end) {
                    Some(last) => last.keys.extend(own),
                    None => {
                        let anchor = if at_the_end { Anchor::End } else { before.clone() };
                        rebased.0.push(Placement { anchor, keys: own });
                        open = true;
                    }
                }
            }
            (before, open) = earlier.map_or((before, open), behind_theirs);
        }
        // Neighbours that `base` does not know: what is put behind one that has left goes to the end.
        let known = Lookup::of(base);
        let mut unknown = Order::default();
        for placement in &self.0 {
            let Anchor::After(key) = &placement.anchor else { continue };
            let keys = if known.contains(key) { Vec::new() } else { kept(&placement.keys) };
            if !keys.is_empty() {
                let anchor = if gone(key) { Anchor::End } else { placement.anchor.clone() };
                unknown.0.push(Placement { anchor, keys });
            }
        }
        rebased.extended(unknown)
    }

    /// This order with the placements of another one behind its own, those at one anchor together.
    fn extended(self, more: Self) -> Self {
        if more.is_empty() {
            return self;
        }
        let count = self.0.len();
        let all: Vec<Placement<K>> = self.0.into_iter().chain(more.0).collect();
        let anchors = Lookup::of(all.iter().map(|placement| &placement.anchor));
        let at: Vec<Option<usize>> =
            all.iter().map(|placement| anchors.find(&placement.anchor)).collect();
        let mut extended: Vec<Placement<K>> = Vec::with_capacity(count);
        // Where the placements have come to.
        let mut places: Vec<usize> = Vec::with_capacity(all.len());
        for (placement, first) in all.into_iter().zip(at) {
            let place = first.and_then(|first| places.get(first)).copied();
            places.push(place.unwrap_or(extended.len()));
            match place.and_then(|place| extended.get_mut(place)) {
                Some(there) => there.keys.extend(placement.keys),
                None => extended.push(placement),
            }
        }
        Order(extended)
    }

    /// The keys that both orders place, and that come to another place in this one than in the other.
    pub fn splits<'a>(&'a self, other: &Self) -> Vec<&'a K> {
        let placed = other.placed();
        // The placements that the keys of `placed` are in.
        let of = other.0.iter().flat_map(|placement| placement.keys.iter().map(move |_| placement));
        let of: Vec<&Placement<K>> = of.collect();
        let mut splits = Vec::new();
        for placement in &self.0 {
            let theirs = placement.keys.first().and_then(|key| placed.find(key));
            // A key stands in one placement, so where the first ones are in equal ones all are.
            if theirs.and_then(|at| of.get(at)).is_none_or(|theirs| *theirs != placement) {
                splits.extend(placement.keys.iter().filter(|key| placed.contains(key)));
            }
        }
        splits
    }
}

/// Writes an order whose anchors come in the order of the list.
struct OrderWriter<K> {
    order: Order<K>,
    anchor: Anchor<K>,
    /// Whether the last placement has this anchor.
    open: bool,
}

impl<K> Default for OrderWriter<K> {
    fn default() -> OrderWriter<K> {
        OrderWriter { order: Order::default(), anchor: Anchor::Start, open: false }
    }
}

impl<K: Clone> OrderWriter<K> {
    /// Says behind which element those come that are put next.
    fn anchor(&mut self, key: &K) {
        (self.anchor, self.open) = (Anchor::After(key.clone()), false);
    }

    fn put(&mut self, key: &K) {
        match self.order.0.last_mut().filter(|_| self.open) {
            Some(last) => last.keys.push(key.clone()),
            None => {
                let anchor = self.anchor.clone();
                self.order.0.push(Placement { anchor, keys: vec![key.clone()] });
                self.open = true;
            }
        }
    }

    fn finish(self) -> Order<K> {
        self.order
    }
}

/// Which numbers belong to the longest rising sequence among them.
fn longest_rise(numbers: &[Option<usize>]) -> Vec<bool> {
    // For each length the place of the lowest number that a rise of that length can end with.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        steps::count(ends.len().checked_ilog2().unwrap_or_default() as usize);
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
