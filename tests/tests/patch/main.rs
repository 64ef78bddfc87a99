//! The laws of patches, for random values: generic ones among themselves, and typed against generic ones.

#[macro_use]
mod same;
mod overlay;
mod trees;

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Patch, temporal_entity};
use temporal_entity_core::codec::encode;
use temporal_entity_core::field::{read, set_to, write};
use temporal_entity_core::patch::{
    apply, compose, diff, empty, is_empty, overlap, settle, without,
};
use temporal_entity_core::value::{Value, entries, same};

use trees::{between, three, tree, two};

/// A patch that does the same as `patch` with more words: it replaces whole where `coarse` says so, and changes what
/// stays as it is.
fn wordy(
    patch: &Value,
    old: &Value,
    new: &Value,
    coarse: &mut impl Iterator<Item = bool>,
) -> Value {
    let mut changes = Vec::new();
    for (key, value) in entries(new) {
        let inner = entries(patch).iter().find(|(k, _)| same(k, key)).map(|(_, inner)| inner);
        let before = entries(old).iter().find(|(k, _)| same(k, key)).map(|(_, value)| value);
        match (inner, before) {
            (Some(inner @ Value::Map(_)), Some(before)) if !coarse.next().unwrap_or(false) => {
                changes.push((key.clone(), wordy(inner, before, value, coarse)));
            }
            (None, _) if !coarse.next().unwrap_or(false) => {}
            _ => changes.push((key.clone(), set_to(value.clone()))),
        }
    }
    for (key, inner) in entries(patch) {
        if !entries(new).iter().any(|(k, _)| same(k, key)) {
            changes.push((key.clone(), inner.clone()));
        }
    }
    changes.push((Value::from("never there"), Value::Array(vec![Value::from(1)])));
    Value::Map(changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_diff_leads_from_one_value_to_the_other_and_back((a, b) in two()) {
        let mut value = a.clone();
        let undo = apply(&mut value, &between(&a, &b)).unwrap();
        assert_same!(value, b);
        apply(&mut value, &undo).unwrap();
        assert_same!(value, a);
        prop_assert!(diff(&a, &a).is_none());
        prop_assert_eq!(is_empty(&undo), same(&a, &b));
    }

    #[test]
    fn composed_is_both_in_turn((a, b, c) in three()) {
        let both = compose(between(&a, &b), between(&b, &c));
        let mut value = a.clone();
        apply(&mut value, &both).unwrap();
        assert_same!(value, c);
    }

    #[test]
    fn settled_is_the_shortest_way((a, b, c) in three(), coarse in vec(any::<bool>(), 20)) {
        let mut coarse = coarse.into_iter();
        let mut value = a.clone();
        let first = wordy(&between(&a, &b), &a, &b, &mut coarse);
        let undo = apply(&mut value, &first).unwrap();
        assert_same!(value, b);
        let second = wordy(&between(&b, &c), &b, &c, &mut coarse);
        let undo = compose(apply(&mut value, &second).unwrap(), undo);
        assert_same!(value, c);
        assert_same!(settle(compose(first, second), &undo), between(&a, &c));
    }

    #[test]
    fn patches_that_do_not_overlap_commute((a, b, c) in three()) {
        let (ours, theirs) = (between(&a, &b), between(&a, &c));
        let places = overlap(&ours, &theirs);
        prop_assert_eq!(&places, &{
            let mut other_way = overlap(&theirs, &ours);
            other_way.sort_by_key(|place| places.iter().position(|p| p == place));
            other_way
        });
        prop_assert!(overlap(&ours, &ours).is_empty());
        if places.is_empty() {
            let (mut one, mut other) = (a.clone(), a.clone());
            let mut undos = vec![apply(&mut one, &theirs).unwrap()];
            undos.push(apply(&mut one, &ours).unwrap());
            apply(&mut other, &ours).unwrap();
            apply(&mut other, &theirs).unwrap();
            assert_same!(one, other);

            // What the answer to a stale write says, and what of it is the others' work.
            let undo = undos.into_iter().reduce(|first, second| compose(second, first)).unwrap();
            let all = settle(compose(theirs.clone(), ours.clone()), &undo);
            let rest = without(&all, &ours);
            prop_assert!(overlap(&rest, &theirs).is_empty());
            let mut value = a.clone();
            apply(&mut value, &rest).unwrap();
            apply(&mut value, &ours).unwrap();
            assert_same!(value, one);
        }
    }

    #[test]
    fn a_patch_that_does_not_fit_changes_nothing((a, b, c) in three()) {
        let mut value = a.clone();
        if apply(&mut value, &between(&b, &c)).is_err() {
            assert_same!(value, a);
        }
    }

    #[test]
    fn generic_values_do_not_depend_on_the_order_of_maps(a in tree()) {
        let mut reversed = entries(&a).to_vec();
        reversed.reverse();
        let reversed = Value::Map(reversed);
        assert_same!(a, reversed);
        prop_assert!(diff(&a, &reversed).is_none());
    }
}

#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rich {
    on: bool,
    some_number: i64,
    weight: f64,
    light: f32,
    title: String,
    list: Vec<Option<String>>,
    by_name: BTreeMap<String, Part>,
    by_number: BTreeMap<i16, BTreeMap<String, u8>>,
    part: Option<Part>,
    color: Color,
    nested: Part,
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
struct Part {
    label: String,
    count: Option<u64>,
    shade: Color,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
enum Color {
    DarkRed,
    Blue,
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::DarkRed), Just(Color::Blue)]
}

fn part() -> impl Strategy<Value = Part> {
    ("[ab]?", prop::option::of(0..3_u64), color()).prop_map(|(label, count, shade)| Part {
        label,
        count,
        shade,
    })
}

prop_compose! {
    fn rich()(
        (on, some_number, weight) in (any::<bool>(), -1..2_i64, prop_oneof![Just(0.0), Just(-0.0), Just(f64::NAN)]),
        (light, title, list) in (0..3_u8, "[ab]?", vec(prop::option::of("[ab]"), 0..3)),
        by_name in btree_map("[a-d]", part(), 0..4),
        by_number in btree_map(-1..3_i16, btree_map("[a-c]", 0..2_u8, 0..3), 0..3),
        (part, color, nested) in (prop::option::of(part()), color(), part()),
    ) -> Rich {
        let light = f32::from(light) / 10.0;
        Rich { on, some_number, weight, light, title, list, by_name, by_number, part, color, nested }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn typed_and_generic_patches_are_one((a, b) in (rich(), rich())) {
        let patch = a.diff(&b).map_or_else(empty, |change| change.to_value());
        let (tree_a, tree_b) = (write(&a), write(&b));
        let generic = between(&tree_a, &tree_b);
        prop_assert_eq!(encode(&patch).unwrap(), encode(&generic).unwrap());

        let (mut typed, mut tree) = (a.copy(), tree_a.clone());
        let undo = typed.apply(RichDiff::from_value(patch.clone()).unwrap());
        let generic_undo = apply(&mut tree, &patch).unwrap();
        prop_assert!(typed.same(&b));
        prop_assert_eq!(encode(&typed).unwrap(), encode(&tree).unwrap());
        prop_assert_eq!(encode(&undo.to_value()).unwrap(), encode(&generic_undo).unwrap());
        prop_assert!(read::<Rich>(tree).unwrap().same(&b));
        typed.apply(undo);
        prop_assert!(typed.same(&a));
    }

    #[test]
    fn typed_and_generic_agree_on_what_fits((a, b, c) in (rich(), rich(), rich())) {
        let patch = b.diff(&c).map_or_else(empty, |change| change.to_value());
        let diff = RichDiff::from_value(patch.clone()).unwrap();
        let mut tree = write(&a);
        let generic = apply(&mut tree, &patch);
        prop_assert_eq!(a.fits(&diff), generic.map(drop));
        let mut typed = a.copy();
        if a.fits(&diff).is_ok() {
            typed.apply(diff);
        }
        prop_assert!(same(&write(&typed), &tree));
    }
}

#[test]
fn large_maps_take_no_long_time() {
    let numbered = |from: i64, value: i64| {
        Value::Map((from..from + 5_000).map(|n| (Value::from(n), Value::from(value))).collect())
    };
    let outer = |inner: Value| Value::Map(vec![(Value::from("map"), inner)]);
    let (a, b, c) = (outer(numbered(0, 1)), outer(numbered(2_500, 2)), outer(numbered(5_000, 3)));
    let (first, second) = (between(&a, &b), between(&b, &c));
    overlap(&first, &second);
    let mut value = a.clone();
    let undo = apply(&mut value, &first).unwrap();
    let undo = compose(apply(&mut value, &second).unwrap(), undo);
    assert!(same(&value, &c));
    assert!(same(&settle(compose(first, second), &undo), &between(&a, &c)));
}
