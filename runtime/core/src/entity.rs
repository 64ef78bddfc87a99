//! What `#[temporal_entity]` gives a struct.

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
}

/// Who may read and write an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone who is logged in.
    SignedIn,
}
