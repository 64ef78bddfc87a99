//! A patch without what comes to nothing.

use ciborium::Value;

use super::compose;
use super::form::{Form, elements, form, removes};
use super::keyed::{self, Trees, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::sequence::order::{Anchor, Order};
use crate::sorted::Sorted;
use crate::value::{Key, Places, as_map, into_map, key_order, map_of, same};

/// What is left of `patch` without the parts that change nothing, when `undo` leads back from where it leads.
pub fn settle(patch: Value, undo: &Value) -> Value {
    settle_change(patch, undo).unwrap_or_else(super::empty)
}

fn settle_change(patch: Value, undo: &Value) -> Option<Value> {
    if let (Some(_), Some(undos)) = (as_map(&patch), as_map(undo)) {
        let mut places = Places::default();
        let settled = into_map(patch).ok()?.into_iter().filter_map(|(key, inner)| {
            // What need not be undone changes nothing.
            let undone = places.get(undos, &key)?;
            settle_change(inner, undone).map(|inner| (key, inner))
        });
        let settled: Vec<_> = settled.collect();
        return (!settled.is_empty()).then(|| map_of(settled));
    }
    match (form(&patch), form(undo)) {
        (Form::Set(new), Form::Set(old)) if same(new, old) => None,
        (Form::Remove, Form::Remove) => None,
        (Form::Splice(_), Form::Splice(_)) => match (spliced(&patch), spliced(undo)) {
            (Some(Spliced::Text(a)), Some(Spliced::Text(b))) => splices::write_text(&a.settle(&b)),
            (Some(Spliced::List(a)), Some(Spliced::List(b))) => splices::write_list(&a.settle(&b)),
            _ => Some(patch),
        },
        (Form::Elements(come, leave), Form::Elements(back, out)) => {
            // What comes must leave again to undo it, and the other way round.
            let kept = |these: &[Value], those: &[Value]| {
                let also =
                    |element: &&Value| those.binary_search_by(|e| key_order(e, element)).is_ok();
                these.iter().filter(also).cloned().collect()
            };
            elements(kept(come, out), kept(leave, back))
        }
        (Form::Keyed(..), Form::Keyed(..)) => match (read_keyed(&patch), read_keyed(undo)) {
            (Some((name, a)), Some((_, b))) => keyed::write(name, &settle_keyed(a, &b)),
            _ => Some(patch),
        },
        _ => Some(patch),
    }
}

fn settle_keyed(patch: Trees, undo: &Trees) -> Trees {
    let settled = |(key, change): (Key, Value)| {
        let undone = undo.changes.get(&key)?;
        settle_change(change, undone).map(|change| (key, change))
    };
    let changes: Sorted<_, _> = patch.changes.into_iter().filter_map(settled).collect();
    // The same moves there and back, to places that do not move themselves, with nothing coming or leaving: nothing has
    // moved.
    let placed = patch.order.placed();
    let moves_only = |key: &Key| !placed.contains(key) && !changes.get(key).is_some_and(removes);
    let still = patch.order == undo.order
        && patch.order.0.iter().all(|placement| match &placement.anchor {
            Anchor::After(key) => !placed.contains(key),
            Anchor::Start | Anchor::End => true,
        })
        && changes.keys().all(moves_only);
    let order = if still { Order::default() } else { patch.order };
    Trees { changes, order }
}

/// What others did, where `all` is what they did and `part` together, made on one value, and each comes with what undoes
/// it: from the value with `part` alone to the value with both, and back.
pub fn without(all: (Value, Value), part: (Value, Value)) -> (Value, Value) {
    let ((all, all_undo), (part, part_undo)) = (all, part);
    let (others, undo) = (compose(part_undo, all), compose(all_undo, part));
    (settle(others.clone(), &undo), settle(undo, &others))
}

/// A patch of an entity without the replacements by what is in `value`, which may be another one than it was made on.
pub fn without_same(patch: Value, value: &Value) -> Value {
    let entries = into_map(patch).unwrap_or_default().into_iter();
    let mut places = Places::default();
    let there = as_map(value).unwrap_or(&[]);
    let kept = entries.filter_map(|(key, change)| {
        let Some(old) = places.get(there, &key) else { return Some((key, change)) };
        match form(&change) {
            Form::Set(new) if same(new, old) => None,
            Form::Inside(inner) if !inner.is_empty() => {
                let inner = without_same(change, old);
                (!super::is_empty(&inner)).then_some((key, inner))
            }
            _ => Some((key, change)),
        }
    });
    map_of(kept.collect())
}

/// Whether a patch has splices that may put in what they take out.
pub fn may_rest(patch: &Value) -> bool {
    match form(patch) {
        Form::Inside(entries) => entries.iter().any(|(_, inner)| may_rest(inner)),
        Form::Splice(_) => match spliced(patch) {
            Some(Spliced::Text(splices)) => splices.may_rest(),
            Some(Spliced::List(splices)) => splices.may_rest(),
            None => false,
        },
        _ => false,
    }
}
