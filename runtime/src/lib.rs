//! One attribute turns a plain struct into an entity that many people edit at once: a Cloudflare Durable Object
//! class with history, a typed diff, and a store in the browser with its TypeScript typings.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use temporal_entity::{Change, Entity, EntityField, Patch, Timestamp, temporal_entity};
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
//!     /// When it is to be done.
//!     pub due_at: Option<Timestamp>,
//!     /// How many want it. What several people add adds up.
//!     #[entity(merge = "counter")]
//!     pub votes: i64,
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
//! let mut card = Card { title: "Paint".into(), progress: Progress::Open, due_at: None, votes: 0 };
//!
//! // The diff has one optional change for each field, and methods that say them. Applying it gives the diff that undoes
//! // it.
//! let done = CardDiff::default().progress(Progress::Done).votes_add(2);
//! assert!(matches!(done.progress, Some(Change::Set(Progress::Done))));
//! let undo = card.apply(done);
//! assert!(matches!(card.progress, Progress::Done));
//! assert_eq!(card.votes, 2);
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
mod lock;
#[cfg(feature = "server")]
pub mod server;

pub use temporal_entity_core::entity::{Access, Config, Entity, Invalid, Migration, Retain};
// Under other names: `read` and `write` say nothing beside everything else that is here.
pub use temporal_entity_core::field::{
    Add, Bytes, Change, EntityField, EntityId, JsonChange, KeyedPatch, ListPatch, MapKey, MapPatch,
    Misfit, Never, Patch, SetPatch, TextPatch, Timestamp,
};
pub use temporal_entity_core::field::{read as read_value, write as write_value};
pub use temporal_entity_core::json::{
    JsonError, JsonPatch, typed_from_json_patch as from_json_patch,
    typed_to_json_patch as to_json_patch,
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
/// | `migrate(from = 1, with = path)` | the step from a version to the next, once for each version before the current one; without `with` where all that came are fields with a default | none |
/// | `validate = path` | may refuse a value: a `fn(&Card) -> Result<(), String>`, asked after the functions of the fields | none |
/// | `retain = "90d"` | how much of the past is kept at the least: days, hours (`"12h"`), weeks (`"2w"`), or a number of snapshots (`100`) | everything |
/// | `lines = 100` | from how many readers on browsers open direct lines to the entity, at least 2; `"never"` for none. A Person has none | 32 |
/// | `ping = "5m"` | how often the Persons of those who subscribed are asked whether a browser is still there: minutes, hours or days, from `"1m"` to `"7d"`; who is not is removed without a change | never |
/// | `quota = "1GB"` | how many bytes one entity may store with its history, from `"1MB"` to `"9800MB"`; a write beyond it is refused with 413 `full` | `"1GB"` |
/// | `granularity = "hour"` | edits of one person within this time share a snapshot: `"second"`, `"minute"`, `"hour"`, `"day"`, or milliseconds; 0 keeps every edit apart | `"hour"` |
/// | `name = "Card"` | name on the wire, in TypeScript, and of the class `CardObject` | the struct's |
/// | `role = "person"` | the entity's objects also hold the sockets of that person's browsers | none |
/// | `diff = CardDiff` | name of the diff | the struct's and `Diff` |
/// | `crate = path` | where this crate is re-exported | `::temporal_entity` |
///
/// # Fields
/// | type | in JavaScript | changes |
/// |---|---|---|
/// | `bool`, `String` | `boolean`, `string` | whole |
/// | integers up to 64 bits, `f32`, `f64` | `number`; `bigint` for `i64` and `u64` | whole |
/// | [`Bytes`], [`Timestamp`], [`EntityId<T>`](EntityId) | `Uint8Array`, `Date`, `string` | whole |
/// | `Option<T>` | `null` or the value, its key always there | as `T` |
/// | `Vec<T>` | `T[]` | one place for conflicts, sent as what differs |
/// | `BTreeMap<K, V>` | `Record`, or `Map` where the keys are not strings | by key |
/// | `BTreeSet<K>` | `Set` | by element |
/// | `serde_json::Value` | untyped JSON | by the keys of its objects |
/// | a struct, enum or newtype with [`#[derive(EntityField)]`](macro@EntityField) | an interface, a union, or what is in it | a struct by field, an enum whole |
///
/// Keys of maps and elements of sets are strings, booleans, integers, ids, and newtypes of these and enums without data
/// that derive `Ord`.
///
/// # Options of a field
/// Where two people change the same place differently, the second is told of a conflict. A field can say how changes
/// come together instead, in `#[entity(..)]`:
///
/// | option | for | two people |
/// |---|---|---|
/// | `merge = "counter"` | integers | what they add adds up |
/// | `merge = "text"` | `String` | edits of different places of the text both stay |
/// | `key = "id"` | `Vec` of structs with a field `id` | elements come, leave, move and change independently of each other |
/// | `merge = "atomic"` | every type | the field is one place, whatever it holds |
///
/// Each of the types may be in an `Option`.
///
/// Beside these, a field of the entity itself (not of a struct in it) can say in which form it is kept, and what it
/// refuses:
///
/// | option | for | what it does |
/// |---|---|---|
/// | `normalize = "trim"`, `"lowercase"` | `String`, `Option<String>` | white space at the ends goes, letters become small |
/// | `normalize = path` | every type | a `fn(&mut Type)` changes the value in place |
/// | `normalize = ("trim", path)` | | one after another |
/// | `validate = path` | every type | a `fn(&Type) -> Result<(), String>` says why it refuses a value |
///
/// The functions are called for the fields that a change touches, and for all of them in a new value; normalisers come
/// first. What a normaliser has done it leaves alone the next time: it gives the same for its own result. A field with
/// `merge = "text"` has no normaliser, for a change of it counts the characters of what its writer sees.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use temporal_entity::{Entity, temporal_entity};
///
/// #[temporal_entity(access = "signed-in", validate = Booking::ends_after_it_began)]
/// #[derive(Serialize, Deserialize)]
/// struct Booking {
///     #[entity(normalize = ("trim", "lowercase"), validate = an_address)]
///     email: String,
///     begins: u32,
///     ends: u32,
/// }
///
/// fn an_address(email: &str) -> Result<(), String> {
///     if email.contains('@') { Ok(()) } else { Err(format!("{email} is no address")) }
/// }
///
/// impl Booking {
///     fn ends_after_it_began(&self) -> Result<(), String> {
///         if self.begins < self.ends { Ok(()) } else { Err("it ends before it begins".into()) }
///     }
/// }
///
/// let booking = Booking { email: " Ada ".into(), begins: 3, ends: 2 };
/// let normal = booking.normalize(None).expect("there is white space");
/// assert!(normal.email.is_some());
/// assert_eq!(booking.validate(None).unwrap_err().field, Some("email"));
/// ```
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
///
/// The diff has methods that put changes into it, one after another:
///
/// | for | methods |
/// |---|---|
/// | each field | `title(value)` |
/// | a counter | `votes_add(number)` |
/// | a merged text | `body_splice(at, removed, inserted)` |
/// | a list with a key | `checklist_push(item)`, `_insert_first(item)`, `_insert_after(&key, item)`, `_remove(&key)`, `_change(&key, diff)`, `_move_first(&key)`, `_move_after(&key, &after)` |
/// | a set | `labels_insert(element)`, `labels_remove(element)` |
/// | a map | `limits_insert(key, value)`, `limits_remove(key)`, `limits_change(key, diff)` |
/// | a struct | `address_change(diff)` |
///
/// A method that would have the name of another field's, or of a method that every diff has, is left out.
pub use temporal_entity_macros::temporal_entity;

/// Lets a struct, an enum or a newtype be the type of a field.
///
/// | what | on the wire | changes |
/// |---|---|---|
/// | `struct Address { city: String }` | a map | by field; its diff is a type of its own, `AddressDiff` |
/// | `enum Progress { Open, Done }` | the name of the variant | whole |
/// | an enum with data, under `#[serde(tag = "kind")]` | a map with the variant's name under `kind` | whole |
/// | the same, under `#[serde(tag = "kind", content = "value")]` | what the variant holds is under `value` | whole |
/// | `struct Label(String)` | what is in it | as what is in it |
///
/// A variant holds named fields, or one struct; under a `content`, one value of any type. Derive serde's two traits as
/// well: their attributes are treated as [`#[temporal_entity]`](macro@temporal_entity) treats them. A `rename` on the
/// type is its name in TypeScript. Fields of a struct have the same options for
/// [how changes come together](macro@temporal_entity#options-of-a-field) as those of an entity.
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
