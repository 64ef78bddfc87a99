//! A small map in a sorted vector: for a few dozen entries as quick as a `BTreeMap`, of which every type of entry adds
//! eight kilobytes to the wasm.

/// A map from `K` to `V`.
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
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

    /// Puts `value` under `key`.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Takes the value under `key` out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_value_of_each_key() {
        let mut map = Sorted::default();
        for (key, value) in [(5, 'a'), (1, 'b'), (9, 'c'), (5, 'd')] {
            map.insert(key, value);
        }
        assert_eq!(map.get(&5), Some(&'d'));
        assert_eq!(map.get(&4), None);
        *map.get_mut(&1).unwrap() = 'e';
        assert_eq!(map.remove(&1), Some('e'));
        assert_eq!(map.remove(&1), None);
        assert_eq!((map.get(&9), map.get(&1)), (Some(&'c'), None));
    }
}
