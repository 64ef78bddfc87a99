//! What tabs and hub speak of.

use crate::message::EntityRef;

/// An entity, in the shape that a tab was built for. Tabs of two builds can be open at once: each has its own value
/// and its own edits, and the server answers each by its own fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    /// The entity. It comes first, so that the topics of one entity stand together.
    pub entity: EntityRef,
    /// The fingerprint of the shape; what has none is not checked.
    pub schema: Option<u64>,
}

impl Topic {
    /// An entity in a shape.
    pub fn new(entity: EntityRef, schema: Option<u64>) -> Topic {
        Topic { entity, schema }
    }

    /// The name of the channel on which all tabs of that build hear of the entity.
    pub fn channel(&self) -> String {
        // The fingerprint in front of the id, which can hold any sign but those that control.
        let mut name = String::from("temporal-entity/");
        if let Some(schema) = self.schema {
            name.push_str(&schema.to_string());
        }
        for part in [&self.entity.name, &self.entity.id] {
            name.push('/');
            name.push_str(part);
        }
        name
    }
}

impl From<EntityRef> for Topic {
    fn from(entity: EntityRef) -> Topic {
        Topic { entity, schema: None }
    }
}
