//! A small map in a sorted vector: for a few dozen entries as quick as a `BTreeMap`, of which every type of entry adds
//! some kilobytes to what each browser loads. Many entries are put in at once, by collecting them.

use std::cmp::Ordering;

use crate::sequence::lookup::sorted;
use crate::steps;

/// A map from `K` to `V`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted(Vec::new())
    }
}

impl<K, V> Sorted<K, V> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The same with values that can be taken out one by one, without moving the others each time.
    pub fn into_slots(self) -> Sorted<K, Option<V>> {
        Sorted(self.0.into_iter().map(|(key, value)| (key, Some(value))).collect())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// A map of these entries; of those with one key the last stays.
    fn of(mut entries: Vec<(K, V)>) -> Sorted<K, V> {
        if entries.is_sorted_by(|(before, _), (key, _)| before < key) {
            return Sorted(entries);
        }
        let key = |at: usize| entries.get(at).map(|(key, _)| key);
        let places = sorted(entries.len(), &|a, b| key(a).cmp(&key(b)));
        let mut slots: Vec<_> = entries.drain(..).map(Some).collect();
        for place in places {
            let Some(entry) = slots.get_mut(place).and_then(Option::take) else { continue };
            match entries.last_mut() {
                Some(last) if last.0 == entry.0 => *last = entry,
                _ => entries.push(entry),
            }
        }
        Sorted(entries)
    }

    /// The entries of this map and of a later one; `both` gives what becomes of two values under one key.
    pub fn merge(
        self,
        later: Sorted<K, V>,
        mut both: impl FnMut(V, V) -> Option<V>,
    ) -> Sorted<K, V> {
        steps::count(self.len().saturating_add(later.len()));
        let mut merged = Vec::with_capacity(self.len().max(later.len()));
        let (mut first, mut later) =
            (self.0.into_iter().peekable(), later.0.into_iter().peekable());
        while let (Some((a, _)), Some((b, _))) = (first.peek(), later.peek()) {
            match a.cmp(b) {
                Ordering::Less => merged.extend(first.next()),
                Ordering::Greater => merged.extend(later.next()),
                Ordering::Equal => {
                    let pair = first.next().zip(later.next());
                    merged.extend(pair.and_then(|((key, a), (_, b))| Some((key, both(a, b)?))));
                }
            }
        }
        merged.extend(first);
        merged.extend(later);
        Sorted(merged)
    }

    fn find(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }

    /// The value under `key`.
    pub fn get(&self, key: &K) -> Option<&V> {
        let at = self.find(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The value under `key`, to change.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.find(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Whether there is a value under `key`.
    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Puts `value` under `key`, and returns what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.get_mut(&key) {
            Some(known) => Some(std::mem::replace(known, value)),
            None => {
                self.get_or_insert_with(key, || value);
                None
            }
        }
    }

    /// The value under `key`, to change; `new` gives one if there is none.
    pub fn get_or_insert_with(&mut self, key: K, new: impl FnOnce() -> V) -> &mut V {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, new()));
                at
            }
        };
        // It is there: it was found, or put in.
        #[allow(clippy::indexing_slicing)]
        &mut self.0[at].1
    }

    /// Takes the value under `key` out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps the entries for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K) -> bool) {
        self.0.retain(|(key, _)| keep(key));
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The keys from this one on, which need not be there, in order.
    pub fn keys_from<'a>(&'a self, key: &K) -> impl Iterator<Item = &'a K> + use<'a, K, V> {
        let (Ok(at) | Err(at)) = self.find(key);
        self.keys().skip(at)
    }

    /// The values, by their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, by their keys, to change.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Sorted<K, V> {
        Sorted::of(entries.into_iter().collect())
    }
}

impl<K, V> IntoIterator for Sorted<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collects_what_it_would_be_given_one_by_one() {
        for entries in [&[][..], &[(1, 'a')], &[(1, 'a'), (2, 'b')], &[(2, 'a'), (2, 'b')]] {
            let map: Sorted<i32, char> = entries.iter().copied().collect();
            let mut expected = Sorted::default();
            for (key, value) in entries {
                expected.insert(*key, *value);
            }
            assert_eq!(map, expected);
        }
        let map: Sorted<_, _> =
            [(5, 'a'), (1, 'b'), (9, 'c'), (5, 'd'), (1, 'e')].into_iter().collect();
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&1, &'e'), (&5, &'d'), (&9, &'c')]);
        let mut slots = map.into_slots();
        assert_eq!(slots.get_mut(&5).and_then(Option::take), Some('d'));
        assert_eq!(slots.into_iter().filter_map(|(_, value)| value).collect::<String>(), "ec");
    }

    #[test]
    fn keeps_the_last_value_of_each_key() {
        let mut map = Sorted::default();
        for (key, value) in [(5, 'a'), (1, 'b'), (9, 'c'), (5, 'd')] {
            map.insert(key, value);
        }
        assert_eq!(map.get(&5), Some(&'d'));
        assert_eq!(map.get(&4), None);
        *map.get_mut(&1).unwrap() = 'e';
        assert_eq!(map.insert(1, 'f'), Some('e'));
        assert_eq!(map.remove(&1), Some('f'));
        assert_eq!(map.remove(&1), None);
        *map.get_or_insert_with(7, || 'x') = 'g';
        assert_eq!(map.keys().copied().collect::<Vec<_>>(), [5, 7, 9]);
        assert_eq!(map.keys_from(&6).copied().collect::<Vec<_>>(), [7, 9]);
        assert_eq!(map.keys_from(&7).copied().collect::<Vec<_>>(), [7, 9]);
        assert_eq!(map.keys_from(&10).next(), None);
        map.retain(|key| *key > 5);
        assert_eq!(map.values().collect::<String>(), "gc");
    }
}
