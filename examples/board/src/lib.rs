//! A board of cards that several people edit at once: the whole schema of the example.
//!
//! With the feature `server` this crate is the Worker, with `client` the browser's wasm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[cfg(feature = "bench")]
pub mod bench;
#[cfg(feature = "tests")]
pub mod fragile;
// The entities of the tests' transcripts, which are repeated with the real objects.
#[cfg(all(feature = "tests", feature = "server"))]
#[path = "../../../tests/src/notes.rs"]
pub mod notes;
#[cfg(feature = "server")]
mod worker;

/// A board. It knows which cards are on it and their order; how far a card is, the card itself says.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// Shown at the top.
    pub title: String,
    /// The cards by their ids.
    pub cards: BTreeMap<String, Placement>,
}

/// The place of a card on its board.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// Cards of one column are ordered by it. A card that moves between two others takes a number between theirs,
    /// so that a move changes that card's place alone.
    pub position: f64,
}

/// A card.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Shown on the board.
    pub title: String,
    /// What is to be done, in full. Two people can write in different places of it at once.
    #[entity(merge = "text")]
    pub body: String,
    /// How far it is, which is the column that it stands in.
    pub status: Status,
    /// How many people asked for it. Votes that are cast at once all count.
    #[entity(merge = "counter")]
    pub votes: i64,
    /// The person who does it.
    pub assignee: Option<String>,
    /// Its steps, in order.
    #[entity(key = "id")]
    pub checklist: Vec<ChecklistItem>,
    /// Labels by their texts.
    pub labels: BTreeMap<String, Color>,
}

/// How far a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Not begun.
    Todo,
    /// Somebody is at it.
    Doing,
    /// Finished.
    Done,
}

/// A step of a card.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// Tells it from the others, also when its text changes.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Whether it is.
    pub done: bool,
}

/// Colors of labels and persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub enum Color {
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
}

/// A person. Its object also holds the sockets of that person's browsers.
#[temporal_entity(version = 1, granularity = "day", access = "signed-in", role = "person")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// As the person writes it.
    pub name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// Shown beside the name.
    pub color: Color,
}

temporal_entity::schema_lock!(Board, Card, Person);
