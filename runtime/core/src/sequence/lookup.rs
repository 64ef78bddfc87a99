//! Finding keys in a list of them.
//!
//! A set of the standard library would do as well; but every type of one, and every sorting of another type, adds some
//! kilobytes to what each browser loads. Here one sorting serves all.

use std::cmp::Ordering;

use crate::steps;

/// Keys, each found in few steps.
pub struct Lookup<'a, K> {
    keys: Vec<&'a K>,
    /// Places in `keys`, in the order of the keys.
    sorted: Vec<usize>,
}

impl<'a, K: Ord> Lookup<'a, K> {
    /// Of these keys.
    pub fn of(keys: impl IntoIterator<Item = &'a K>) -> Lookup<'a, K> {
        let mut all = Vec::new();
        for key in keys {
            all.push(key);
        }
        let sorted = sorted(all.len(), &|a, b| all.get(a).cmp(&all.get(b)));
        Lookup { keys: all, sorted }
    }

    /// The place of a key in the list; of equal ones the first.
    pub fn find(&self, key: &K) -> Option<usize> {
        let before = |place: &usize| {
            steps::count(1);
            self.keys.get(*place).is_some_and(|known| *known < key)
        };
        let place = *self.sorted.get(self.sorted.partition_point(before))?;
        self.keys.get(place).is_some_and(|known| *known == key).then_some(place)
    }

    /// Whether a key is among them.
    pub fn contains(&self, key: &K) -> bool {
        self.find(key).is_some()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether each stands there once.
    pub fn distinct(&self) -> bool {
        self.twice().is_none()
    }

    /// A key that stands there more than once.
    pub fn twice(&self) -> Option<&'a K> {
        let key = |place: &usize| self.keys.get(*place).copied();
        let pair = |pair: &&[usize]| matches!(pair, [a, b] if key(a) == key(b));
        self.sorted.windows(2).find(pair).and_then(|pair| key(pair.first()?))
    }

    /// The keys in their order, each once.
    pub fn iter(&self) -> impl Iterator<Item = &'a K> {
        let mut last = None;
        let next = |place: &usize| self.keys.get(*place).copied();
        self.sorted.iter().filter_map(next).filter(move |key| last.replace(*key) != Some(*key))
    }
}

/// The places of a list in the order of what stands there, which `compare` knows.
pub fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    steps::count(count);
    if places.is_sorted_by(|a, b| compare(*a, *b).is_le()) {
        return places;
    }
    // Merges runs of one, then of two, then of four: the standard library's sorting is twenty times as long.
    let mut width: usize = 1;
    while width < count {
        steps::count(count);
        let mut merged = Vec::with_capacity(count);
        for pair in places.chunks(width.saturating_mul(2)) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((a, after_a)), Some((b, after_b))) =
                (left.split_first(), right.split_first())
            {
                if compare(*b, *a).is_lt() {
                    merged.push(*b);
                    right = after_b;
                } else {
                    merged.push(*a);
                    left = after_a;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        places = merged;
        width = width.saturating_mul(2);
    }
    places
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn places_are_sorted_as_the_standard_library_does() {
        let mut state = 1_u32;
        for count in 0..70 {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 27
            };
            let keys: Vec<u32> = (0..count).map(|_| next()).collect();
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|at| keys[*at]);
            assert_eq!(sorted(count, &|a, b| keys[a].cmp(&keys[b])), expected);
        }
    }

    #[test]
    fn keys_are_found_where_they_stand_first() {
        let keys = [5, 1, 9, 5, 3];
        let lookup = Lookup::of(&keys);
        assert_eq!(
            [5, 1, 9, 3, 4].map(|key| lookup.find(&key)),
            [Some(0), Some(1), Some(2), Some(4), None]
        );
        assert_eq!(lookup.iter().copied().collect::<Vec<_>>(), [1, 3, 5, 9]);
        assert!(!lookup.distinct() && Lookup::of(&[2, 1]).distinct());
        assert!(Lookup::<u8>::of([]).is_empty() && !lookup.is_empty());
    }
}
