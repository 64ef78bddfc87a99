//! An entity that can be made as large as a measurement wants it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

/// A document of many records: 150 of them are about 15 KB, 3,500 about 350 KB.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Doc {
    /// The records by their ids.
    pub records: BTreeMap<String, Row>,
}

/// A record of about a hundred bytes on the wire, with a `note` of forty.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// A short text.
    pub name: String,
    /// A longer one.
    pub note: String,
    /// A whole number.
    pub quantity: i64,
    /// Another number.
    pub price: f64,
    /// A flag.
    pub done: bool,
}
