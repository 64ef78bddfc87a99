//! One attribute turns a plain struct into an entity that many people edit at once: a Cloudflare Durable Object
//! class with history, a typed diff, and a store in the browser with its TypeScript typings.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use temporal_entity::{Change, Entity, EntityField, Patch, temporal_entity};
//!
//! /// A card on the team's board.
//! #[temporal_entity(version = 1, access = "signed-in")]
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! pub struct Card {
//!     /// Shown on the board.
//!     pub title: String,
//!     /// How far it is.
//!     pub progress: Progress,
//!     /// When it is to be done, in milliseconds since 1970.
//!     pub due_at: Option<f64>,
//! }
//!
//! /// How far a card is.
//! #[derive(Serialize, Deserialize, EntityField)]
//! #[serde(rename_all = "camelCase")]
//! pub enum Progress {
//!     Open,
//!     Done,
//! }
//!
//! let mut card = Card { title: "Paint".into(), progress: Progress::Open, due_at: None };
//!
//! // The diff has one optional change for each field. Applying it gives the diff that undoes it.
//! let done = CardDiff { progress: Some(Change::Set(Progress::Done)), ..CardDiff::default() };
//! let undo = card.apply(done);
//! assert!(matches!(card.progress, Progress::Done));
//!
//! card.apply(undo);
//! assert!(matches!(card.progress, Progress::Open));
//! assert_eq!(Card::ENTITY, "Card");
//! ```
//!
//! # The two halves
//! A crate of entities is compiled twice: into the Worker with the feature `server`, and into the browser's wasm
//! with the feature `client`. With `server` the attribute also gives `CardObject`, a complete Durable Object class
//! (the crate then depends on [`worker`](https://docs.rs/worker), too). With `client` it gives `openCard(id)` in
//! JavaScript, a `TemporalStore<Card, CardDiff>` by Svelte's contract, and in the package's `.d.ts` the interfaces
//! `Card` and `CardDiff`. With neither, the struct and its diff remain, to be tested like any other Rust code.

// Generated code speaks of this crate from outside, also in its own tests.
extern crate self as temporal_entity;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod gates;
#[cfg(feature = "server")]
pub mod server;

pub use temporal_entity_core::entity::{Access, Config, Entity};
pub use temporal_entity_core::field::{
    Add, Bytes, Change, EntityField, EntityId, JsonChange, KeyedPatch, ListPatch, MapKey, MapPatch,
    Misfit, Never, Patch, SetPatch, TextPatch, Timestamp,
};
pub use temporal_entity_core::schema::ShapeError;
pub use temporal_entity_core::time::{Granularity, Stamp};
pub use temporal_entity_core::value::Value;

/// Turns a struct with named fields into an entity.
///
/// Write it above the derives, and derive serde's two traits below it. The struct itself stays as it is.
///
/// # Options
/// | option | meaning | default |
/// |---|---|---|
/// | `access = "signed-in"` | who may read and write: everyone who is logged in | none: it must be named |
/// | `version = 1` | version of the schema, to be raised when fields change | 1 |
/// | `granularity = "hour"` | edits of one person within this time share a snapshot: `"second"`, `"minute"`, `"hour"`, `"day"`, or milliseconds; 0 keeps every edit apart | `"hour"` |
/// | `name = "Card"` | name on the wire, in TypeScript, and of the class `CardObject` | the struct's |
/// | `role = "person"` | the entity's objects also hold the sockets of that person's browsers | none |
/// | `diff = CardDiff` | name of the diff | the struct's and `Diff` |
/// | `crate = path` | where this crate is re-exported | `::temporal_entity` |
///
/// # Fields
/// Booleans, integers up to 64 bits, floats, `String`, `Option`, `Vec`, `BTreeMap` with strings or integers as keys,
/// and structs and enums with [`#[derive(EntityField)]`](macro@EntityField). In JavaScript 64-bit integers are
/// `bigint`, and an `Option` is `null` or the value, its key always there.
///
/// Serde's `rename`, `rename_all`, `default` and `skip` are honoured; `alias` is for values that are stored already,
/// messages use the current name. An attribute that would change the wire form in a way that the typings cannot follow
/// is an error that says why. A skipped field stays off the wire and is made anew by its `default` in each copy of the
/// value.
///
/// # What it gives
/// For a struct `Card`: `CardDiff`, with one optional [`Change`] for each field; implementations of [`Entity`],
/// [`EntityField`] and [`Patch`]; and the halves for the Worker and the browser that the
/// [crate's documentation](crate#the-two-halves) describes.
pub use temporal_entity_macros::temporal_entity;

/// Lets a struct with named fields, or an enum without data, be the type of a field.
///
/// A struct is changed field by field, and its diff is a type of its own (`AddressDiff` for `Address`); an enum is
/// replaced whole. Derive serde's two traits as well: their attributes are treated as
/// [`#[temporal_entity]`](macro@temporal_entity) treats them. A `rename` on the type is its name in TypeScript.
///
/// # Options
/// `#[entity(diff = OtherName)]` names the diff, `#[entity(crate = path)]` says where this crate is re-exported.
pub use temporal_entity_macros::EntityField;

/// The Rust in the documents is compiled and run as well.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../../docs/using.md")]
    struct Using;
}
