//! Changes on their way to those who subscribed, and all that goes down a socket.

use ciborium::Value;

use crate::codec::{CodecError, decode_own_value, encode_value};
use crate::message::{EntityRef, Malformed, Meta, Reply, ShortPush, is_true, text};
use crate::time::Stamp;
use crate::value::{MapBuilder, get};

/// A change, sent to those who subscribed.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// Of which entity.
    pub entity: EntityRef,
    /// The version that the diff leads away from: who holds another one asks with `get`.
    pub since: Stamp,
    /// What is known about the new version; `meta.modified` is the version.
    pub meta: Meta,
    /// From `since` to the new version; empty where only the meta changed.
    pub diff: Value,
    /// Whether the entity is crowded, so that a browser had better open a direct line.
    pub line: bool,
}

impl Push {
    /// The wire form.
    pub fn to_value(&self) -> Value {
        self.builder().finish()
    }

    fn builder(&self) -> MapBuilder {
        MapBuilder::new()
            .put("type", self.entity.name.as_str())
            .put("entity", self.entity.id.as_str())
            .put("since", self.since.to_value())
            .put("modified", self.meta.modified.to_value())
            .put("meta", self.meta.to_value())
            .put("diff", self.diff.clone())
            .put_some("line", self.line.then_some(true))
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// If a field is missing or something else.
    pub fn from_value(message: &Value) -> Result<Push, Malformed> {
        let missing = |key: &str| Malformed::new(format!("a push has a `{key}`"));
        let part = |key| text(message, key).ok_or_else(|| missing(key));
        Ok(Push {
            entity: EntityRef::new(part("type")?, part("entity")?)?,
            since: get(message, "since")
                .and_then(Stamp::from_value)
                .ok_or_else(|| missing("since"))?,
            meta: Meta::from_value(get(message, "meta").ok_or_else(|| missing("meta"))?)?,
            diff: get(message, "diff").cloned().ok_or_else(|| missing("diff"))?,
            line: is_true(message, "line"),
        })
    }
}

/// A push on its way from an entity object to a Person object.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The change.
    pub push: Push,
    /// The browser that made it, if it is one of this person's: it has the change in its reply, if there was one.
    pub skip: Option<String>,
}

impl Delivery {
    /// The bytes to post to the Person's object.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        encode_value(&self.push.builder().put_some("skip", self.skip.as_deref()).finish())
    }

    /// Reads what an entity object posted.
    ///
    /// # Errors
    /// If it is no push.
    pub fn decode(bytes: &[u8]) -> Result<Delivery, Malformed> {
        let message = decode_own_value(bytes)?;
        Ok(Delivery {
            push: Push::from_value(&message)?,
            skip: text(&message, "skip").map(str::to_owned),
        })
    }
}

/// What a Person object sends down a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Downstream {
    /// The first frame of every socket: who is logged in.
    Welcome {
        /// The person.
        person: String,
    },
    /// An answer.
    Reply(Reply),
    /// A change.
    Push(Push),
    /// A change of an entity to which the browser has given a handle.
    Short(ShortPush),
}

impl Downstream {
    /// The frame.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        match self {
            Downstream::Welcome { person } => {
                encode_value(&MapBuilder::new().put("welcome", person.as_str()).finish())
            }
            Downstream::Reply(reply) => reply.encode(),
            Downstream::Push(push) => encode_value(&push.to_value()),
            Downstream::Short(push) => encode_value(&push.to_value()),
        }
    }

    /// Reads a frame: a reply has a `status`, the first frame `welcome`, a push in the short form is an array.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn decode(bytes: &[u8]) -> Result<Downstream, Malformed> {
        let message = decode_own_value(bytes)?;
        if message.is_array() {
            ShortPush::from_value(&message).map(Downstream::Short)
        } else if get(&message, "status").is_some() {
            Reply::from_value(message).map(Downstream::Reply)
        } else if let Some(person) = text(&message, "welcome") {
            Ok(Downstream::Welcome { person: person.to_owned() })
        } else {
            Push::from_value(&message).map(Downstream::Push)
        }
    }
}
