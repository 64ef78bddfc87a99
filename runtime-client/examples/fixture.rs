//! An entity with a field of every kind, and the conversions laid open: what the tests in `tests/` run in a real
//! JavaScript engine, together with the shell.

#![allow(missing_docs)] // a test

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};
use temporal_entity_client::js_value::{
    apply_js, diff_js, from_js, patch_from_js, plain, share, to_js,
};
use temporal_entity_core::patch;
use temporal_entity_core::schema::{Kind, ShapeError};
use temporal_entity_core::value::same;
use wasm_bindgen::prelude::*;

/// An entity with a field of every kind.
#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    pub title: String,
    pub done: bool,
    pub small: u8,
    pub count: i64,
    pub total: u64,
    pub ratio: f64,
    pub due: Option<f64>,
    pub mood: Mood,
    pub tags: Vec<String>,
    pub items: Vec<Item>,
    pub limits: BTreeMap<String, i32>,
    pub parts: BTreeMap<String, Item>,
    pub by_number: BTreeMap<u32, Item>,
    pub by_big: BTreeMap<i64, String>,
    pub owner: Option<Item>,
    #[serde(default)]
    pub extra: i32,
    /// Every object inherits a function under this name.
    #[serde(default)]
    pub value_of: Option<String>,
}

#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub enum Mood {
    Calm,
    Busy,
}

/// Contains itself, so that nesting has no end.
#[derive(Serialize, Deserialize, EntityField)]
pub struct Item {
    pub text: String,
    pub done: bool,
    pub inner: Vec<Item>,
}

const KIND: &Kind = &<Sample as EntityField>::KIND;

fn text(error: ShapeError) -> JsValue {
    JsValue::from_str(&error.to_string())
}

fn ensure(holds: bool, law: &str) -> Result<(), JsValue> {
    if holds { Ok(()) } else { Err(JsValue::from_str(law)) }
}

/// To a tree and back.
#[wasm_bindgen(js_name = roundTrip)]
pub fn round_trip(value: &JsValue) -> Result<JsValue, JsValue> {
    Ok(to_js(KIND, &from_js(KIND, value).map_err(text)?))
}

/// The patch from one value to another, in its wire form; and the laws that hold for it.
#[wasm_bindgen]
pub fn diff(from: &JsValue, to: &JsValue) -> Result<JsValue, JsValue> {
    let before = from_js(KIND, from).map_err(text)?;
    let patch = diff_js(KIND, &before, to).map_err(text)?;
    let after = from_js(KIND, to).map_err(text)?;
    let of_trees = patch::diff(&before, &after);
    let agree = match (&patch, &of_trees) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    ensure(agree, "the patch is the one that the core finds between the trees")?;
    Ok(patch.as_ref().map(plain).unwrap_or_default())
}

/// `old` with the changes that lead to `to`: what a store publishes after an edit.
#[wasm_bindgen]
pub fn follow(old: &JsValue, to: &JsValue) -> Result<JsValue, JsValue> {
    let before = from_js(KIND, old).map_err(text)?;
    let Some(patch) = diff_js(KIND, &before, to).map_err(text)? else {
        return Ok(old.clone());
    };
    let after = apply_js(KIND, old, &patch)?;
    let mut tree = before;
    patch::apply(&mut tree, &patch).map_err(|misfit| JsValue::from_str(&misfit.to_string()))?;
    let holds = same(&tree, &from_js(KIND, &after).map_err(text)?);
    ensure(holds, "the patch does to the JavaScript value what it does to the tree")?;
    Ok(after)
}

/// `new` with all parts of `old` that are the same.
#[wasm_bindgen(js_name = shareParts)]
pub fn share_parts(old: &JsValue, new: &JsValue) -> Result<JsValue, JsValue> {
    Ok(share(KIND, old, &from_js(KIND, new).map_err(text)?))
}

/// A diff as a user writes it, in its wire form, which the schema accepts.
#[wasm_bindgen(js_name = readDiff)]
pub fn read_diff(diff: &JsValue) -> Result<JsValue, JsValue> {
    let Some(mut patch) = patch_from_js(KIND, diff).map_err(text)? else {
        return Ok(JsValue::UNDEFINED);
    };
    KIND.conform_patch(&mut patch).map_err(text)?;
    Ok(plain(&patch))
}
