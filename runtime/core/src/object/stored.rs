//! The head of a checkpoint, its first part; the value follows in further parts.

use crate::codec::{decode_own_value, encode_value};
use crate::message::{Meta, text};
use crate::object::unreadable;
use crate::storage::StorageError;
use crate::value::{MapBuilder, get};

/// The first part of a checkpoint.
pub struct Head {
    /// Name of the entity's type.
    pub name: String,
    /// Meta of the version that is stored.
    pub meta: Meta,
}

impl Head {
    /// The bytes to store.
    pub fn encode(&self) -> Result<Vec<u8>, StorageError> {
        let map =
            MapBuilder::new().put("type", self.name.as_str()).put("meta", self.meta.to_value());
        encode_value(&map.finish()).map_err(unreadable)
    }

    /// Reads what was stored.
    pub fn decode(bytes: &[u8]) -> Result<Head, StorageError> {
        let map = decode_own_value(bytes).map_err(unreadable)?;
        let missing = || unreadable("its head lacks a field");
        Ok(Head {
            name: text(&map, "type").ok_or_else(missing)?.to_owned(),
            meta: Meta::from_value(get(&map, "meta").ok_or_else(missing)?).map_err(unreadable)?,
        })
    }
}
