//! What is known about a version.

use ciborium::Value;

use crate::message::{Malformed, text, whole_number};
use crate::time::Stamp;
use crate::value::{MapBuilder, get};

/// What is known about a version of an entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// When the snapshot began.
    pub valid_from: Stamp,
    /// When it ended; `None` while it is the current one.
    pub valid_to: Option<Stamp>,
    /// The version: the stamp of the latest change in it.
    pub modified: Stamp,
    /// Who made that change.
    pub person: String,
    /// Who acted in that person's name, if somebody else did.
    pub impersonator: Option<String>,
    /// Whether the entity is deleted.
    pub deleted: bool,
    /// Schema version of the value.
    pub schema_version: u32,
    /// Into how many chunks the value is cut in storage; zero if it is in one piece.
    pub chunks: u32,
    /// When the oldest snapshot began that is still kept; `None` if all are.
    pub compacted: Option<Stamp>,
    /// What leads from the value of the snapshot back to that of the one before. Only in what is read of the past, and
    /// not in the first snapshot.
    pub previous_values: Option<Box<Value>>,
}

impl Meta {
    /// The wire form: what is false, zero or absent is left out.
    pub fn to_value(&self) -> Value {
        MapBuilder::new()
            .put("validFrom", self.valid_from.to_value())
            .put_some("validTo", self.valid_to.map(Stamp::to_value))
            .put("modified", self.modified.to_value())
            .put("person", self.person.as_str())
            .put_some("impersonator", self.impersonator.as_deref())
            .put_some("deleted", self.deleted.then_some(true))
            .put("schemaVersion", self.schema_version)
            .put_some("chunks", (self.chunks > 0).then_some(self.chunks))
            .put_some("compacted", self.compacted.map(Stamp::to_value))
            .put_some("previousValues", self.previous_values.as_deref().cloned())
            .finish()
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// If one of `validFrom`, `modified` and `person` is missing or no such thing.
    pub fn from_value(value: &Value) -> Result<Meta, Malformed> {
        let stamp = |key| get(value, key).and_then(Stamp::from_value);
        let missing = || Malformed::new("`meta` lacks `validFrom`, `modified` or `person`");
        Ok(Meta {
            valid_from: stamp("validFrom").ok_or_else(missing)?,
            modified: stamp("modified").ok_or_else(missing)?,
            person: text(value, "person").ok_or_else(missing)?.to_owned(),
            ..Meta::beside(value)
        })
    }

    /// What there may be beside the version, its beginning and its person.
    pub(super) fn beside(value: &Value) -> Meta {
        let stamp = |key| get(value, key).and_then(Stamp::from_value);
        let number = |key| get(value, key).and_then(whole_number).and_then(|n| n.try_into().ok());
        Meta {
            valid_to: stamp("validTo"),
            impersonator: text(value, "impersonator").map(str::to_owned),
            deleted: get(value, "deleted").and_then(Value::as_bool).unwrap_or(false),
            schema_version: number("schemaVersion").unwrap_or(1),
            chunks: number("chunks").unwrap_or(0),
            compacted: stamp("compacted"),
            previous_values: get(value, "previousValues").cloned().map(Box::new),
            ..Meta::default()
        }
    }
}
