//! Our operations.

use board::bench::{Doc, DocDiff, RowDiff};
use temporal_entity::{Change, EntityField, Patch};
use temporal_entity_core::codec::{decode, decode_typed, encode_value};
use temporal_entity_core::patch;
use temporal_entity_core::schema::encode_typed;
use temporal_entity_core::value::Value;

use crate::contender::{Contender, Group};
use crate::value::{doc, edited};

/// Everything of ours that is measured, for a document of so many records.
pub fn ours(records: usize) -> Vec<Contender> {
    let mut all = diffs(records);
    all.extend(applies(records));
    all.extend(codecs(records));
    all
}

/// The diff that a user writes when the edit is known, as the bytes to send.
pub fn built_diff(key: &str) -> Vec<u8> {
    let diff = DocDiff::default().records_change(key, RowDiff::default().quantity(1));
    bytes(&diff.to_value())
}

/// The wire form of the diff from one document to another that differs.
pub fn typed_diff(from: &Doc, to: &Doc) -> Value {
    match from.diff(to) {
        Some(Change::Patch(diff)) => diff.to_value(),
        _ => panic!("one field differs"),
    }
}

fn diffs(records: usize) -> Vec<Contender> {
    let (old, new, key) = (doc(records, 0), doc(records, 1), edited(records));
    let (old_tree, new_tree) = (tree(&old), tree(&new));
    vec![
        Contender::new(Group::Diff, "ours, typed", move || old.diff(&new)),
        Contender::new(Group::Diff, "ours, built and encoded", move || built_diff(&key)),
        Contender::new(Group::Diff, "ours, generic", move || {
            patch::diff(&Doc::KIND, &old_tree, &new_tree)
        }),
    ]
}

/// There and back, so that each one changes something.
fn applies(records: usize) -> Vec<Contender> {
    let (mut old, new) = (doc(records, 0), doc(records, 1));
    let for_generic = [typed_diff(&old, &new), typed_diff(&new, &old)];
    let for_typed = for_generic.clone();
    let mut old_tree = tree(&old);
    let (mut typed_turn, mut generic_turn) = (turns(), turns());
    vec![
        Contender::new(Group::Apply, "ours, typed", move || {
            let wire = for_typed[typed_turn()].clone();
            old.apply(DocDiff::from_value(wire).expect("the diff fits"))
        }),
        Contender::new(Group::Apply, "ours, generic", move || {
            patch::apply(&mut old_tree, &for_generic[generic_turn()]).expect("the diff fits")
        }),
    ]
}

fn codecs(records: usize) -> Vec<Contender> {
    let value = doc(records, 0);
    let tree = tree(&value);
    let (for_typed, for_generic) = (bytes(&tree), bytes(&tree));
    vec![
        Contender::new(Group::Encode, "ours, typed", move || encode_typed(&value, 0)),
        Contender::new(Group::Encode, "ours, generic", move || encode_value(&tree)),
        Contender::new(Group::Decode, "ours, typed", move || {
            decode_typed::<Doc>([for_typed.as_slice()])
        }),
        Contender::new(Group::Decode, "ours, generic", move || {
            decode(&for_generic, for_generic.len())
        }),
    ]
}

/// 0 and 1 by turns.
pub fn turns() -> impl FnMut() -> usize {
    let mut turn = 1;
    move || {
        turn = 1 - turn;
        turn
    }
}

fn tree(doc: &Doc) -> Value {
    Value::serialized(doc).expect("a document has a CBOR form")
}

fn bytes(value: &Value) -> Vec<u8> {
    encode_value(value).expect("a value has a CBOR form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_diff_is_the_one_that_is_found() {
        let (old, new) = (doc(9, 0), doc(9, 1));
        assert_eq!(built_diff(&edited(9)), bytes(&typed_diff(&old, &new)));
    }

    #[test]
    fn every_contender_runs_again_and_again() {
        for mut contender in ours(9) {
            contender.run(3);
        }
    }
}
