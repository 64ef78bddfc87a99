//! A reference to another entity.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::{EntityField, MapKey, Misfit, Never};
use crate::schema::Kind;

/// The id of an entity of type `T`: a reference that one entity holds to another. A `string` in JavaScript.
///
/// `T` needs to be no more than a type, so two entities can refer to each other.
pub struct EntityId<T> {
    id: String,
    of: PhantomData<fn() -> T>,
}

impl<T> EntityId<T> {
    /// A reference to the entity with this id.
    pub fn new(id: impl Into<String>) -> EntityId<T> {
        EntityId { id: id.into(), of: PhantomData }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.id
    }
}

impl<T> From<&str> for EntityId<T> {
    fn from(id: &str) -> EntityId<T> {
        EntityId::new(id)
    }
}

impl<T> From<String> for EntityId<T> {
    fn from(id: String) -> EntityId<T> {
        EntityId::new(id)
    }
}

// By hand: a derive would ask the same of `T`.

impl<T> Clone for EntityId<T> {
    fn clone(&self) -> EntityId<T> {
        EntityId::new(self.id.clone())
    }
}

impl<T> fmt::Debug for EntityId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.id, f)
    }
}

impl<T> PartialEq for EntityId<T> {
    fn eq(&self, other: &EntityId<T>) -> bool {
        self.id == other.id
    }
}

impl<T> Eq for EntityId<T> {}

impl<T> PartialOrd for EntityId<T> {
    fn partial_cmp(&self, other: &EntityId<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for EntityId<T> {
    fn cmp(&self, other: &EntityId<T>) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl<T> Hash for EntityId<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<T> Serialize for EntityId<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for EntityId<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EntityId<T>, D::Error> {
        String::deserialize(deserializer).map(EntityId::new)
    }
}

impl<T: 'static> EntityField for EntityId<T> {
    type Patch = Never;
    const KIND: Kind = Kind::Id;

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn copy(&self) -> Self {
        self.clone()
    }

    fn fits(&self, patch: &Never) -> Result<(), Misfit> {
        match *patch {}
    }

    fn apply(&mut self, patch: Never) -> Never {
        patch
    }
}

impl<T: 'static> MapKey for EntityId<T> {}
