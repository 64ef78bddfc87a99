//! The changes that earlier systems lost: each leads there, and back, typed and on the tree, and over the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use temporal_entity::{Bytes, EntityField, Patch, Timestamp, temporal_entity};
use temporal_entity_core::codec::{decode, encode};
use temporal_entity_core::field::write;
use temporal_entity_core::patch::apply;
use temporal_entity_core::value::same;
use temporal_entity_tests::notation::write as notation;

#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Clone, Debug, Serialize, Deserialize)]
struct All {
    list: Vec<String>,
    map: BTreeMap<String, Option<String>>,
    numbers: BTreeMap<i64, String>,
    set: BTreeSet<String>,
    maybe: Option<Vec<String>>,
    part: Option<Part>,
    due: Option<Timestamp>,
    icon: Bytes,
    any: serde_json::Value,
    float: f64,
    #[entity(key = "id")]
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Part {
    name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Step {
    id: String,
    text: String,
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn steps(steps: &[(&str, &str)]) -> Vec<Step> {
    steps.iter().map(|(id, text)| Step { id: (*id).into(), text: (*text).into() }).collect()
}

fn all() -> All {
    All {
        list: texts(&["a", "b", "c", "d", "e"]),
        map: BTreeMap::from([("x".into(), Some("1".into())), ("y".into(), None)]),
        numbers: BTreeMap::from([(2, "two".into()), (10, "ten".into())]),
        set: BTreeSet::from(["a".into(), "b".into()]),
        maybe: None,
        part: Some(Part { name: Some("n".into()) }),
        due: Some(Timestamp::from_millis(1_000)),
        icon: Bytes(vec![1, 2]),
        any: json!({}),
        float: 0.0,
        steps: steps(&[("1", "one"), ("2", "two"), ("3", "three")]),
    }
}

/// What a change is on the wire; it is followed there and back on the way.
fn told(change: impl Fn(&mut All)) -> String {
    told_from(all(), change)
}

fn told_from(before: All, change: impl Fn(&mut All)) -> String {
    let mut after = before.clone();
    change(&mut after);
    assert!(!before.same(&after), "it is a change");
    let patch = before.diff(&after).expect("a change has a diff").to_value();

    let bytes = encode(&patch).unwrap();
    let mut arrived = decode(&bytes, bytes.len()).unwrap();
    All::KIND.conform_patch(&mut arrived).unwrap();
    let mut value = before.copy();
    let undo = value.apply(AllDiff::from_value(arrived).unwrap());
    assert!(value.same(&after), "{value:?}");
    value.apply(undo);
    assert!(value.same(&before), "{value:?}");

    let mut tree = write(&before);
    let undo = apply(&mut tree, &patch).unwrap();
    assert!(same(&tree, &write(&after)));
    apply(&mut tree, &undo).unwrap();
    assert!(same(&tree, &write(&before)));
    notation(&patch)
}

#[test]
fn several_elements_of_a_list_leave_at_once() {
    let removed = told(|all| all.list = texts(&["a", "c", "e"]));
    assert_eq!(removed, r#"{"list": [2, 1, 1, [], 3, 1, []]}"#);
    let emptied = told(|all| all.list.clear());
    assert_eq!(emptied, r#"{"list": [0, []]}"#);
    assert_eq!(told(|all| all.list.insert(0, "z".into())), r#"{"list": [2, 0, 0, ["z"]]}"#);
}

#[test]
fn maps_and_sets_change_by_their_entries() {
    let changed = told(|all| {
        all.map.remove("y");
        all.map.insert("z".into(), None);
    });
    assert_eq!(changed, r#"{"map": {"y": [1], "z": null}}"#);
    let numbers = told(|all| {
        all.numbers.remove(&10);
        all.numbers.insert(-1, "less".into());
    });
    assert_eq!(numbers, r#"{"numbers": 259({-1: "less", 10: [1]})}"#);
    let set = told(|all| {
        all.set.remove("a");
        all.set.insert("c".into());
    });
    assert_eq!(set, r#"{"set": [3, ["c"], ["a"]]}"#);
}

#[test]
fn null_absent_and_empty_are_three_things() {
    assert_eq!(told(|all| all.maybe = Some(Vec::new())), r#"{"maybe": [0, []]}"#);
    let empty = All { maybe: Some(Vec::new()), ..all() };
    assert_eq!(told_from(empty, |all| all.maybe = None), r#"{"maybe": null}"#);
    let null = told(|all| {
        all.map.insert("x".into(), None);
    });
    assert_eq!(null, r#"{"map": {"x": null}}"#);
    let absent = told(|all| {
        all.map.remove("x");
    });
    assert_eq!(absent, r#"{"map": {"x": [1]}}"#);
    let empty_text = told(|all| {
        all.map.insert("x".into(), Some(String::new()));
    });
    assert_eq!(empty_text, r#"{"map": {"x": ""}}"#);
    assert_eq!(told(|all| all.part = Some(Part { name: None })), r#"{"part": {"name": null}}"#);
    assert_eq!(told(|all| all.part = None), r#"{"part": null}"#);
}

#[test]
fn an_object_becomes_a_list_and_back() {
    assert_eq!(told(|all| all.any = json!([])), r#"{"any": [0, []]}"#);
    let list = All { any: json!([]), ..all() };
    assert_eq!(told_from(list, |all| all.any = json!({})), r#"{"any": [0, {}]}"#);
    let object = All { any: json!({"a": {"b": 1}}), ..all() };
    assert_eq!(
        told_from(object.clone(), |all| all.any = json!({"a": [1]})),
        r#"{"any": {"a": [0, [1]]}}"#
    );
    assert_eq!(
        told_from(object.clone(), |all| all.any = json!({"a": {"b": 1.0}})),
        r#"{"any": {"a": {"b": 1.0}}}"#
    );
    assert_eq!(told_from(object, |all| all.any = json!(null)), r#"{"any": null}"#);
}

#[test]
fn dates_bytes_and_odd_floats_change() {
    let later = told(|all| all.due = Some(Timestamp::from_millis(1_001)));
    assert_eq!(later, r#"{"due": 1(1.001)}"#);
    assert_eq!(told(|all| all.icon = Bytes(vec![1, 3])), r#"{"icon": h'0103'}"#);
    assert_eq!(told(|all| all.icon = Bytes(Vec::new())), r#"{"icon": h''}"#);
    assert_eq!(told(|all| all.float = -0.0), r#"{"float": -0.0}"#);
    assert_eq!(told(|all| all.float = f64::NAN), r#"{"float": NaN}"#);
    assert_eq!(told(|all| all.float = f64::NEG_INFINITY), r#"{"float": -inf}"#);
}

#[test]
fn an_element_moves_while_it_is_edited() {
    let moved = told(|all| {
        let mut first = all.steps.remove(0);
        first.text = "uno".into();
        all.steps.push(first);
    });
    assert_eq!(moved, r#"{"steps": [5, "id", {"1": {"text": "uno"}}, [["3", "1"]]]}"#);
    let renamed = told(|all| all.steps[1].id = "4".into());
    assert_eq!(
        renamed,
        r#"{"steps": [5, "id", {"2": [1], "4": [0, {"id": "4", "text": "two"}]}, [["1", "4"]]]}"#
    );
}
