//! An entity for every policy, and the operations on its typed patches.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Patch, temporal_entity};
use temporal_entity_core::codec::{decode_typed, encode_value};
use temporal_entity_core::field::{Change, read, write};
use temporal_entity_core::patch::Overlaps;
use temporal_entity_core::schema::encode_typed;
use temporal_entity_core::value::Value;

use crate::operations::{Case, Run};

#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Costly {
    #[entity(merge = "text")]
    pub text: String,
    pub list: Vec<u32>,
    #[entity(key = "id")]
    pub rows: Vec<Row>,
    pub set: BTreeSet<String>,
    pub map: BTreeMap<String, Part>,
    pub numbers: BTreeMap<u32, i64>,
    pub json: serde_json::Value,
}

#[derive(Debug, Default, Serialize, Deserialize, EntityField)]
pub struct Row {
    pub id: String,
    #[entity(merge = "text")]
    pub note: String,
    pub done: bool,
    #[entity(key = "id")]
    pub items: Vec<Item>,
}

#[derive(Debug, Default, Serialize, Deserialize, EntityField)]
pub struct Item {
    pub id: u32,
    #[entity(merge = "counter")]
    pub votes: i64,
}

#[derive(Debug, Default, Serialize, Deserialize, EntityField)]
pub struct Part {
    pub label: String,
    #[entity(merge = "counter")]
    pub votes: i64,
}

fn typed(patch: &Value) -> CostlyDiff {
    CostlyDiff::from_value(patch.clone()).expect("it has its shape")
}

/// Hands each typed operation to `run`.
pub fn each(case: &Case, changed: &Value, run: Run) {
    let Case { value, first, other, later, .. } = case;
    let of = |tree: &Value| read::<Costly>(tree.clone()).expect("it has its shape");
    let (before, after) = (of(value), of(changed));
    run("typed: read a patch", &mut || drop(typed(first)));
    run("typed: write a patch", &mut || drop(typed(first).to_value()));
    run("typed: fits", &mut || before.fits(&typed(first)).expect("it fits"));
    run("typed: apply and undo", &mut || {
        let mut value = of(value);
        let undo = value.apply(typed(first));
        value.apply(undo);
    });
    run("typed: tighten", &mut || drop(before.tighten(typed(first))));
    run("typed: tighten undo", &mut || {
        let undo = of(value).apply(typed(first));
        drop(after.tighten(undo));
    });
    run("typed: compose", &mut || drop(typed(first).compose(typed(later))));
    run("typed: overlap", &mut || {
        typed(first).overlap(&typed(other), &mut Overlaps::default());
    });
    run("typed: diff", &mut || {
        if let Some(Change::Patch(patch)) = before.diff(&after) {
            drop(patch.to_value());
        }
    });
    run("typed: same and copy", &mut || assert!(before.same(&before.copy())));
    run("typed: encode and decode", &mut || {
        let bytes = encode_typed(&before, 0).expect("bytes");
        assert_eq!(bytes, encode_value(&write(&before)).expect("bytes"));
        drop(decode_typed::<Costly>([&*bytes]).expect("our own bytes"));
    });
}
