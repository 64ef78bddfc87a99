//! Golden typings of a rich entity. `UPDATE_EXPECT=1 cargo test` writes them anew; `tsc --strict` reads them, too.

#![allow(dead_code)] // The types are here for their shape.

use std::collections::BTreeMap;

use expect_test::expect_file;
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};
use temporal_entity_core::schema::{EnumKind, Kind};
use temporal_entity_core::typescript::{self, Text};

/// A card with every kind of field.
///
/// A text that would end the comment, */ as here, does not.
#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    /// Shown on the board.
    title: String,
    done: bool,
    /// Counted exactly,
    /// past 2^53 as well.
    votes: i64,
    weight: f32,
    rank: u32,
    progress: Progress,
    due_at: Option<f64>,
    address: Address,
    invoice: Option<Address>,
    labels: Vec<String>,
    gaps: Vec<Option<u8>>,
    grid: Vec<Vec<u16>>,
    limits: BTreeMap<String, Option<u32>>,
    places: BTreeMap<String, Address>,
    by_number: BTreeMap<u64, Vec<Address>>,
    nested: BTreeMap<String, BTreeMap<i8, bool>>,
    children: Vec<Self>,
    #[serde(rename = "kebab-case \"quoted\"")]
    odd: u8,
    #[serde(skip)]
    seen: bool,
}

/// Where it is.
#[derive(Serialize, Deserialize, EntityField)]
#[entity(diff = Move)]
#[serde(rename = "Place")]
struct Address {
    city: String,
}

/// How far it is.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename_all = "kebab-case")]
enum Progress {
    /// Not begun.
    NotYet,
    Done,
}

const CARD: Text<{ typescript::struct_length::<Card>() }> = typescript::struct_text::<Card, _>();
const PLACE: Text<{ typescript::struct_length::<Address>() }> =
    typescript::struct_text::<Address, _>();

const PROGRESS: &EnumKind = match Progress::KIND {
    Kind::Enum(kind) => kind,
    _ => panic!("an enum"),
};
const DOCS: (&str, &[&str]) = ("How far it is.", &["Not begun.", ""]);
const STATE: Text<{ typescript::enum_length(PROGRESS, DOCS.0, DOCS.1) }> =
    typescript::enum_text(PROGRESS, DOCS.0, DOCS.1);

#[test]
fn a_rich_entity() {
    let sections = [CARD.as_str(), PLACE.as_str(), STATE.as_str(), typescript::TYPES];
    expect_file!["../golden/typings.d.ts"].assert_eq(&sections.join("\n"));
}
