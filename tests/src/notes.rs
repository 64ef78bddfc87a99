//! The entity that the machines are tested with.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

/// A page of notes.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Everybody changes it, so that it comes to conflicts.
    pub title: String,
    /// Each key has one writer.
    #[serde(default)]
    pub lines: BTreeMap<String, i64>,
    /// May be left out.
    #[serde(default)]
    pub place: Option<Place>,
    /// Rounded to 32 bits.
    #[serde(default)]
    pub weight: f32,
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
pub struct Place {
    /// In which room.
    pub room: String,
    /// On which shelf.
    #[serde(default)]
    pub shelf: u8,
}

/// A page that several people write at once: a field for each way in which changes come together. Four are a crowd.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in", lines = 4)]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Page {
    /// Everybody changes it, so that it comes to conflicts.
    pub title: String,
    /// Each key has one writer.
    pub lines: BTreeMap<String, i64>,
    /// May be replaced, and changed inside.
    pub place: Option<Place>,
    /// Everybody adds to it.
    #[entity(merge = "counter")]
    pub total: i64,
    /// Everybody writes into it.
    #[entity(merge = "text")]
    pub story: String,
    /// Everybody puts steps in, moves and changes them.
    #[entity(key = "id")]
    pub steps: Vec<Step>,
    /// Everybody puts marks in and takes them out.
    pub marks: BTreeSet<String>,
    /// One leaf, in spite of its small splices.
    pub list: Vec<String>,
}

/// A step of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
pub struct Step {
    /// Tells it from the others.
    pub id: String,
    /// Whether it is done.
    #[serde(default)]
    pub done: bool,
}

/// Has another name than [`Note`], and nothing else.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The text.
    pub text: String,
}

/// What is one leaf, and what is a tree.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub struct Sheet {
    /// One leaf, with the data of its variants.
    pub state: State,
    /// A tree by the keys of objects.
    pub any: serde_json::Value,
    /// Told apart by its bits.
    pub gauge: f64,
    /// One leaf, though it has fields.
    #[entity(merge = "atomic")]
    pub frame: Option<Place>,
}

/// How far a sheet is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, EntityField)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum State {
    /// Nobody has begun.
    #[default]
    Open,
    /// Somebody is at it.
    Taken {
        /// Who.
        by: String,
        /// How far.
        percent: u8,
    },
}

/// One that asks its subscribers whether they are still there.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in", ping = "5m")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bell {
    /// What changes.
    pub title: String,
}
