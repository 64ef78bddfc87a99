//! Generated code is clean, also by the strictest lints.
#![deny(missing_docs, missing_debug_implementations, warnings, unused_qualifications)]
#![deny(non_local_definitions, single_use_lifetimes, trivial_casts, unused_lifetimes)]
#![deny(unreachable_pub, unused_results, explicit_outlives_requirements, let_underscore_drop)]
#![forbid(unsafe_code)]

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use temporal_entity::{Change, Entity, EntityField, Patch, Value, temporal_entity};

/// A card.
#[temporal_entity(
    access = "signed-in",
    version = 2,
    migrate(from = 1, with = first),
    validate = whole
)]
#[derive(Debug, Serialize, Deserialize)]
struct Card {
    /// Its title.
    #[entity(normalize = ("trim", tidy), validate = check)]
    title: String,
    /// How far it is.
    progress: Progress,
    /// Where.
    place: Option<Place>,
    /// Who likes it.
    #[entity(merge = "counter", normalize = even)]
    votes: u32,
    /// What is to be done.
    #[entity(key = "row")]
    places: Vec<Place>,
    /// What it is about.
    labels: BTreeSet<Label>,
    /// What stands on it.
    mark: Mark,
    #[serde(skip)]
    seen: bool,
}

fn first(old: Value) -> Result<Value, String> {
    Ok(old)
}

fn whole(_: &Card) -> Result<(), String> {
    Ok(())
}

fn tidy(title: &mut String) {
    title.retain(|c| !c.is_control());
}

fn check(title: &str) -> Result<(), String> {
    if title.contains('#') { Err("no number".to_owned()) } else { Ok(()) }
}

fn even(votes: &mut u32) {
    *votes &= !1;
}

/// How far a card is.
#[derive(Debug, Serialize, Deserialize, EntityField)]
enum Progress {
    /// Not done.
    Open,
}

/// A word.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
struct Label(String);

/// What stands on it.
#[derive(Debug, Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    /// One thing.
    Circle {
        /// From the middle.
        radius: f64,
    },
}

/// Where it hangs.
#[derive(Debug, Serialize, Deserialize, EntityField)]
struct Place {
    row: u32,
}

fn main() {
    let mut card = Card {
        title: String::new(),
        progress: Progress::Open,
        place: Some(Place { row: 1 }),
        votes: 0,
        places: vec![],
        labels: BTreeSet::from([Label(String::new())]),
        mark: Mark::Circle { radius: 1.0 },
        seen: false,
    };
    let diff = CardDiff {
        place: Some(Change::Patch(PlaceDiff { row: Some(Change::Set(2)) })),
        ..CardDiff::default()
    };
    assert!(!format!("{diff:?}").is_empty());
    assert!(!card.apply(diff).is_empty());
    assert!(!card.seen);
    card.votes = 3;
    let normal = card.normalize(None);
    assert!(normal.is_some_and(|diff| diff.votes.is_some()));
    assert!(card.validate(None).is_ok());
}
