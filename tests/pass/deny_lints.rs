//! Generated code is clean, also by the strictest lints.
#![deny(missing_docs, missing_debug_implementations, warnings, unused_qualifications)]
#![deny(non_local_definitions, single_use_lifetimes, trivial_casts, unused_lifetimes)]
#![deny(unreachable_pub, unused_results, explicit_outlives_requirements, let_underscore_drop)]
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};
use temporal_entity::{Change, EntityField, Patch, temporal_entity};

/// A card.
#[temporal_entity(access = "signed-in")]
#[derive(Debug, Serialize, Deserialize)]
struct Card {
    /// Its title.
    title: String,
    /// How far it is.
    progress: Progress,
    /// Where.
    place: Option<Place>,
    #[serde(skip)]
    seen: bool,
}

/// How far a card is.
#[derive(Debug, Serialize, Deserialize, EntityField)]
enum Progress {
    /// Not done.
    Open,
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
        seen: false,
    };
    let diff = CardDiff {
        place: Some(Change::Patch(PlaceDiff { row: Some(Change::Set(2)) })),
        ..CardDiff::default()
    };
    assert!(!format!("{diff:?}").is_empty());
    assert!(!card.apply(diff).is_empty());
    assert!(!card.seen);
}
