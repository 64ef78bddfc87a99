//! What `#[temporal_entity]` gives a struct.

use ciborium::Value;

use crate::field::{EntityField, Patch};
use crate::schema::StructFields;
use crate::time::Granularity;

/// A type of entity: one Durable Object class. Implemented by `#[temporal_entity]`, never by hand.
pub trait Entity: EntityField<Patch = <Self as Entity>::Diff> + StructFields {
    /// The typed diff: one optional change per field.
    type Diff: Patch;

    /// The name of the type on the wire and in the database.
    const ENTITY: &'static str;

    /// The options of the attribute.
    const CONFIG: Config;

    /// The steps from each earlier schema version to the one after it, in order.
    const MIGRATIONS: &'static [Migration] = &[];

    /// What the normalisers of the fields still change in this value: of the fields in `touched`, or of all where that
    /// is `None`. `None` if nothing.
    fn normalize(
        &self,
        _touched: Option<&<Self as Entity>::Diff>,
    ) -> Option<<Self as Entity>::Diff> {
        None
    }

    /// Asks the `validate` functions of the fields in `touched` (of all where that is `None`), then the entity's own.
    ///
    /// # Errors
    /// The first refusal.
    fn validate(&self, _touched: Option<&<Self as Entity>::Diff>) -> Result<(), Invalid> {
        Ok(())
    }
}

/// One step of a migration, as `migrate(from = 1, with = path)` names it.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The schema version of the values that it takes; it gives values of the next one.
    pub from: u32,
    /// What it does to the tree of a stored value; `None` where the fields that were added have defaults.
    pub with: Option<fn(Value) -> Result<Value, String>>,
}

/// A value that a `validate` function refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The field that has the function, by its name on the wire; `None` for the entity's own.
    pub field: Option<&'static str>,
    /// What the function said.
    pub problem: String,
}

/// The options of `#[temporal_entity]`.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Schema version of the stored values, from 1.
    pub version: u32,
    /// How long edits of one person coalesce into one snapshot.
    pub granularity: Granularity,
    /// Who may read and write.
    pub access: Access,
    /// How much of the past is kept.
    pub retain: Retain,
    /// From how many readers on a browser is told to open a direct line; zero for never.
    pub lines: u32,
    /// After how many seconds subscribers are asked again whether they still want the entity; zero for never.
    pub ping: u32,
    /// How many bytes one entity of the type may store.
    pub quota: u64,
}

/// How much of the past is kept, at the least: what goes is taken away now and then, not at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retain {
    /// Everything.
    All,
    /// The snapshots that were valid within this many seconds.
    Seconds(u32),
    /// This many snapshots.
    Snapshots(u32),
}

/// Who may read and write an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone who is logged in.
    SignedIn,
}
