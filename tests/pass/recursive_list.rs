//! A struct may hold lists and maps of itself, by name or as `Self`.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Patch, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Node {
    name: String,
    children: Vec<Self>,
    #[serde(default)]
    named: BTreeMap<String, Node>,
    below: Option<Leaf>,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Leaf {
    inside: Vec<Node>,
}

fn main() {
    let node = |name: &str, children| Node {
        name: name.into(),
        children,
        named: BTreeMap::new(),
        below: None,
    };
    let mut root = node("root", vec![]);
    let grown = node("root", vec![node("child", vec![])]);
    let change = root.diff(&grown).unwrap();
    let undo = root.apply_change(Some(change));
    assert!(root.same(&grown));
    assert!(root.apply_change(undo).is_some());
    assert!(root.children.is_empty());
    assert!(NodeDiff::default().is_empty());
}
