//! The entities that are put to the test: one without merge policies in several granularities, and one with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, temporal_entity};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::parse;
use temporal_entity_tests::notes::{Page, Place};

/// What a run has to know of a type besides its schema.
pub trait Subject: Entity {
    /// The granularity in microseconds, said a second time: the model must not ask the code for it.
    const GRANULARITY: u64;
    /// Whether it has the fields of a page, or those of a note alone.
    const IS_PAGE: bool;

    /// What a `post` carries.
    fn first() -> Value;
}

/// A note without merge policies.
macro_rules! plain {
    ($(#[$doc:meta])* $name:ident, $granularity:tt, $micros:expr) => {
        $(#[$doc])*
        #[temporal_entity(version = 3, granularity = $granularity, access = "signed-in", migrate(from = 1), migrate(from = 2))]
        #[derive(Serialize, Deserialize)]
        pub struct $name {
            /// Everybody changes it.
            pub title: String,
            /// Everybody changes its entries.
            pub lines: BTreeMap<String, i64>,
            /// Is replaced, and changed inside.
            pub place: Option<Place>,
        }

        impl Subject for $name {
            const GRANULARITY: u64 = $micros;
            const IS_PAGE: bool = false;

            fn first() -> Value {
                parse(r#"{"title": "t0", "lines": {"a": 0}, "place": null}"#)
            }
        }
    };
}

plain! {
    /// Keeps every edit apart.
    Every, 0, 0
}
plain! {
    /// A granularity that edits in turn are just within, and just past.
    Millisecond, 1, 1_000
}
plain! {
    /// The default.
    Hourly, "hour", 3_600_000_000
}
plain! {
    /// The coarsest.
    Daily, "day", 86_400_000_000
}

impl Subject for Page {
    const GRANULARITY: u64 = 3_600_000_000;
    const IS_PAGE: bool = true;

    fn first() -> Value {
        parse(
            r#"{"title": "t0", "lines": {"a": 0}, "place": null, "total": 0, "story": "abc",
                "steps": [{"id": "s0", "done": false}, {"id": "s1", "done": false}],
                "marks": 258(["m0"]), "list": ["1", "2"]}"#,
        )
    }
}
