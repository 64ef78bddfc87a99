//! The shortest edit script between two sequences: Myers' algorithm ("An O(ND) Difference Algorithm and Its
//! Variations", 1986), with a bound on the differences that it looks for.

use crate::steps;

/// The most differences that are told apart. What differs more is one hunk from its first difference to its last.
const MAX_DIFFERENCES: i64 = 96;

/// The most comparisons for each item, and how many more there may be. Items that repeat could make a script compare
/// each item with hundreds of others; what takes more is one hunk, too.
const COMPARISONS: (usize, usize) = (8, 8_192);

/// Items that were replaced by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Where in the old sequence.
    pub at: usize,
    /// How many items of it.
    pub removed: usize,
    /// Where in the new sequence the items begin that came for them.
    pub from: usize,
    /// How many these are.
    pub inserted: usize,
}

/// The hunks that lead from a sequence of `old` items to one of `new` items, in order, with equal items between each
/// two. `same` compares an old item with a new one, by their places.
pub fn script(old: usize, new: usize, same: impl Fn(usize, usize) -> bool) -> Vec<Hunk> {
    let shorter = old.min(new);
    steps::count(shorter);
    let prefix = (0..shorter).take_while(|at| same(*at, *at)).count();
    let (old_left, new_left) = (old.saturating_sub(prefix), new.saturating_sub(prefix));
    let from_end = |back: &usize| {
        let place = |length: usize| length.saturating_sub(1).saturating_sub(*back);
        same(place(old), place(new))
    };
    let suffix = (0..old_left.min(new_left)).take_while(from_end).count();
    let (old_left, new_left) = (old_left.saturating_sub(suffix), new_left.saturating_sub(suffix));
    if old_left == 0 && new_left == 0 {
        return Vec::new();
    }
    let whole = Hunk { at: prefix, removed: old_left, from: prefix, inserted: new_left };
    if old_left == 0 || new_left == 0 {
        return vec![whole];
    }
    let inner = |x: usize, y: usize| same(prefix.saturating_add(x), prefix.saturating_add(y));
    let (each, more) = COMPARISONS;
    let left = old_left.saturating_add(new_left).saturating_mul(each).saturating_add(more);
    match Search::new(old_left, new_left).run(inner, left) {
        Some(steps) => hunks(&steps, prefix),
        None => vec![whole],
    }
}

/// One step of the script at a place of the old and a place of the new sequence.
struct Step {
    x: usize,
    y: usize,
    removes: bool,
}

/// Steps in order, put together where nothing lies between.
fn hunks(steps: &[Step], prefix: usize) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for step in steps {
        let (at, from) = (prefix.saturating_add(step.x), prefix.saturating_add(step.y));
        let continues = |hunk: &Hunk| {
            hunk.at.saturating_add(hunk.removed) == at
                && hunk.from.saturating_add(hunk.inserted) == from
        };
        if !hunks.last().is_some_and(continues) {
            hunks.push(Hunk { at, removed: 0, from, inserted: 0 });
        }
        if let Some(hunk) = hunks.last_mut() {
            let count = if step.removes { &mut hunk.removed } else { &mut hunk.inserted };
            *count = count.saturating_add(1);
        }
    }
    hunks
}

/// The furthest place reached on each diagonal `k = x - y`, with `d` differences.
struct Search {
    old: i64,
    new: i64,
    furthest: Vec<i64>,
    /// `furthest` as it was before each `d`.
    trace: Vec<Vec<i64>>,
}

impl Search {
    fn new(old: usize, new: usize) -> Search {
        let length = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let diagonals = usize::try_from(MAX_DIFFERENCES.saturating_mul(2).saturating_add(3));
        Search {
            old: length(old),
            new: length(new),
            furthest: vec![0; diagonals.unwrap_or(0)],
            trace: Vec::new(),
        }
    }

    fn slot(k: i64) -> usize {
        usize::try_from(k.saturating_add(MAX_DIFFERENCES).saturating_add(1)).unwrap_or(0)
    }

    /// Whether the way to diagonal `k` with `d` differences comes down from the one above: by an insertion.
    fn comes_down(furthest: &[i64], k: i64, d: i64) -> bool {
        let reached = |k: i64| furthest.get(Self::slot(k)).copied().unwrap_or(0);
        k == d.saturating_neg()
            || k != d && reached(k.saturating_sub(1)) < reached(k.saturating_add(1))
    }

    /// The steps of the script; `None` if there are too many differences, or it takes more comparisons than `left`.
    fn run(mut self, same: impl Fn(usize, usize) -> bool, mut left: usize) -> Option<Vec<Step>> {
        for d in 0..=MAX_DIFFERENCES {
            self.trace.push(self.furthest.clone());
            let mut k = d.saturating_neg();
            while k <= d {
                let down = Self::comes_down(&self.furthest, k, d);
                let before = if down { k.saturating_add(1) } else { k.saturating_sub(1) };
                let reached = self.furthest.get(Self::slot(before)).copied().unwrap_or(0);
                let mut x = if down { reached } else { reached.saturating_add(1) };
                let mut y = x.saturating_sub(k);
                while x < self.old && y < self.new {
                    steps::count(1);
                    left = left.checked_sub(1)?;
                    if !places_same(&same, x, y) {
                        break;
                    }
                    x = x.saturating_add(1);
                    y = y.saturating_add(1);
                }
                if let Some(slot) = self.furthest.get_mut(Self::slot(k)) {
                    *slot = x;
                }
                if x >= self.old && y >= self.new {
                    return Some(self.back(d));
                }
                k = k.saturating_add(2);
            }
        }
        None
    }

    /// From the end back to the beginning, through what was reached with fewer differences.
    fn back(&self, differences: i64) -> Vec<Step> {
        let (mut x, mut y) = (self.old, self.new);
        let mut steps = Vec::new();
        let mut d = differences;
        for furthest in self.trace.iter().skip(1).rev() {
            let k = x.saturating_sub(y);
            let down = Self::comes_down(furthest, k, d);
            let before = if down { k.saturating_add(1) } else { k.saturating_sub(1) };
            x = furthest.get(Self::slot(before)).copied().unwrap_or(0);
            y = x.saturating_sub(before);
            if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
                steps.push(Step { x, y, removes: !down });
            }
            d = d.saturating_sub(1);
        }
        steps.reverse();
        steps
    }
}

fn places_same(same: &impl Fn(usize, usize) -> bool, x: i64, y: i64) -> bool {
    match (usize::try_from(x), usize::try_from(y)) {
        (Ok(x), Ok(y)) => same(x, y),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn between(old: &[u8], new: &[u8]) -> Vec<Hunk> {
        script(old.len(), new.len(), |x, y| old[x] == new[y])
    }

    fn applied(old: &[u8], new: &[u8], hunks: &[Hunk]) -> Vec<u8> {
        let (mut result, mut at) = (Vec::new(), 0);
        for hunk in hunks {
            result.extend(&old[at..hunk.at]);
            result.extend(&new[hunk.from..hunk.from + hunk.inserted]);
            at = hunk.at + hunk.removed;
        }
        result.extend(&old[at..]);
        result
    }

    fn longest_common(old: &[u8], new: &[u8]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut corner = 0;
            for (at, b) in new.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if a == b { corner + 1 } else { above.max(row[at]) };
                corner = above;
            }
        }
        row[new.len()]
    }

    #[test]
    fn two_removed_items_are_two_hunks() {
        let hunks = between(b"abcdef", b"acdf");
        assert_eq!(hunks.iter().map(|h| (h.at, h.removed)).collect::<Vec<_>>(), [(1, 1), (4, 1)]);
    }

    #[test]
    fn what_differs_too_much_is_one_hunk() {
        let (old, new): (Vec<_>, Vec<_>) = (0..200_u8).map(|n| (n, n ^ 1)).unzip();
        let hunks = between(&old, &new);
        assert_eq!(hunks.len(), 1);
        assert_eq!(applied(&old, &new, &hunks), new);
    }

    proptest! {
        #[test]
        fn a_script_leads_there_and_is_shortest(old in "[abc]{0,30}", new in "[abc]{0,30}") {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            let hunks = between(old, new);
            prop_assert_eq!(applied(old, new, &hunks), new);
            let kept = old.len() - hunks.iter().map(|h| h.removed).sum::<usize>();
            prop_assert_eq!(kept, longest_common(old, new));
            for pair in hunks.windows(2) {
                prop_assert!(pair[0].at + pair[0].removed < pair[1].at);
            }
        }
    }
}
