//! Where two patches of one value cannot both be made.

use ciborium::Value;

use super::form::{Form, form};
use super::keyed::{Trees, keyed as read_keyed};
use super::splices::{Spliced, spliced};
use crate::schema::key_text;
use crate::sequence::lookup::Lookup;
use crate::steps;
use crate::value::{Key, Places, as_map, key_order, same};

/// The places where two patches of one value cannot both be carried out: both change the same leaf, or one
/// changes inside what the other replaces or removes. The same result on both sides is no conflict. Symmetric.
pub fn overlap(a: &Value, b: &Value) -> Vec<String> {
    let mut overlaps = Overlaps::default();
    overlap_in(a, b, &mut overlaps);
    overlaps.places
}

/// As [`overlap`], where `a` says no more than what it changes, and `tight` is what `b` changes and no more. What `b`
/// replaces as a whole conflicts with whatever `a` makes of it, unless the two come to the same, also where it differs
/// from what was there in little.
pub fn overlap_tight(a: &Value, b: &Value, tight: &Value) -> Vec<String> {
    let mut overlaps = Overlaps::default();
    collect_tight(a, b, tight, &mut overlaps);
    overlaps.places
}

fn collect_tight(a: &Value, b: &Value, tight: &Value, overlaps: &mut Overlaps) {
    match (as_map(a), as_map(b), as_map(tight)) {
        (Some(map_a), Some(map_b), Some(map_tight)) => {
            let (mut in_b, mut in_tight) = (Places::default(), Places::default());
            for (key, inner_a) in map_a {
                // What is not in `tight` changes nothing.
                let inner = in_b.get(map_b, key).zip(in_tight.get(map_tight, key));
                if let Some((inner_b, tight)) = inner {
                    overlaps.inside(key_text(key), |overlaps| {
                        collect_tight(inner_a, inner_b, tight, overlaps);
                    });
                }
            }
        }
        _ if !matches!(form(b), Form::Set(_)) => overlap_in(a, tight, overlaps),
        _ if !same(a, tight) => overlaps.here(),
        _ => {}
    }
}

/// After so many bytes no more places of conflicts are noted.
const MAX_BYTES: usize = 1 << 16;

/// Collects the places of conflicts.
#[derive(Debug, Default)]
pub struct Overlaps {
    path: Vec<String>,
    /// The places found: keys from the entity down, with dots between. Of very many, the first.
    pub places: Vec<String>,
    /// How long these are.
    bytes: usize,
}

impl Overlaps {
    /// Goes on inside an entry.
    pub fn inside(&mut self, key: impl Into<String>, go_on: impl FnOnce(&mut Overlaps)) {
        self.path.push(key.into());
        go_on(self);
        self.path.pop();
    }

    /// Notes a conflict at this place, unless enough are noted: each costs the length of its path.
    pub fn here(&mut self) {
        if self.bytes < MAX_BYTES {
            let place = self.path.join(".");
            steps::count(place.len());
            self.bytes = self.bytes.saturating_add(place.len()).saturating_add(1);
            self.places.push(place);
        }
    }
}

/// As [`overlap`], for patches of a part of a value.
pub fn overlap_in(a: &Value, b: &Value, overlaps: &mut Overlaps) {
    if let (Some(a), Some(b)) = (as_map(a), as_map(b)) {
        let mut in_b = Places::default();
        for (key, inner_a) in a {
            if let Some(inner_b) = in_b.get(b, key) {
                overlaps.inside(key_text(key), |overlaps| overlap_in(inner_a, inner_b, overlaps));
            }
        }
        return;
    }
    steps::count(1);
    match (form(a), form(b)) {
        (Form::Add(_), Form::Add(_)) => {}
        (Form::Elements(come_a, leave_a), Form::Elements(come_b, leave_b)) => {
            let crossing = both(come_a, leave_b).chain(both(come_b, leave_a));
            let crossing: Vec<Key> = crossing.cloned().map(Key).collect();
            for element in Lookup::of(&crossing).iter() {
                overlaps.inside(key_text(&element.0), Overlaps::here);
            }
        }
        (Form::Splice(_), Form::Splice(_)) => {
            let cross = match (spliced(a), spliced(b)) {
                (Some(Spliced::Text(a)), Some(Spliced::Text(b))) => a.crosses(&b),
                _ => !same(a, b),
            };
            if cross {
                overlaps.here();
            }
        }
        (Form::Keyed(..), Form::Keyed(..)) => match (read_keyed(a), read_keyed(b)) {
            (Some((_, a)), Some((_, b))) => collect_keyed(&a, &b, overlaps),
            _ => overlaps.here(),
        },
        _ if same(a, b) => {}
        _ => overlaps.here(),
    }
}

fn both<'a>(these: &'a [Value], those: &'a [Value]) -> impl Iterator<Item = &'a Value> {
    let within =
        |element: &&Value| those.binary_search_by(|other| key_order(other, element)).is_ok();
    these.iter().filter(within)
}

fn collect_keyed(a: &Trees, b: &Trees, overlaps: &mut Overlaps) {
    let moved = a.order_conflicts(b);
    let mut said = Vec::new();
    for (key, inner_a) in a.changes.iter() {
        let Some(inner_b) = b.changes.get(key) else { continue };
        let before = overlaps.places.len();
        overlaps.inside(key_text(&key.0), |overlaps| overlap_in(inner_a, inner_b, overlaps));
        if overlaps.places.len() > before {
            // Said already, and with the place inside.
            said.push(key);
        }
    }
    let said = Lookup::of(said);
    for key in Lookup::of(&moved).iter().filter(|key| !said.contains(key)) {
        overlaps.inside(key_text(&key.0), Overlaps::here);
    }
}
