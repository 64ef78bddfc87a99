//! The entity that the machines are tested with.

use std::collections::BTreeMap;

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

/// Has another name than [`Note`], and nothing else.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The text.
    pub text: String,
}
