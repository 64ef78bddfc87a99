//! Answers, and the reasons of refusals.

use ciborium::Value;

use crate::codec::{CodecError, decode_own_value, split_item};
use crate::message::{Malformed, Meta, append, encode_with, is_true, text, whole_number};
use crate::time::Stamp;
use crate::value::{MapBuilder, get, take};

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Why a request was refused: tells the statuses of one number apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Reason::$variant => $name,)*
                }
            }

            /// The reason of that name.
            pub fn from_name(name: &str) -> Option<Reason> {
                match name {
                    $($name => Some(Reason::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

reasons! {
    /// 400: the message or one of its fields is not what it must be.
    Malformed = "malformed",
    /// 400: the value or diff does not have the shape of the entity.
    Shape = "shape",
    /// 400: a `validate` function of the entity refused the value.
    Invalid = "invalid",
    /// 400: `patchUndelete` of an entity that is not deleted.
    NotDeleted = "notDeleted",
    /// 404: no such entity.
    Absent = "absent",
    /// 404 or 409: the entity is deleted.
    Deleted = "deleted",
    /// 404: that part of the past is no longer kept.
    Compacted = "compacted",
    /// 404: no such type of entity.
    UnknownType = "unknownType",
    /// 405: no such method.
    Method = "method",
    /// 409: the entity exists already.
    Exists = "exists",
    /// 409: others changed the same places since.
    Conflict = "conflict",
    /// 409: the object holds an entity of another type.
    Type = "type",
    /// 412: the version is not known.
    UnknownVersion = "unknownVersion",
    /// 413: the message or the value is too large.
    TooLarge = "tooLarge",
    /// 413: a quota of storage is used up; repeating the write is of no use before something is removed.
    Full = "full",
    /// 426: the client was built for another schema of the entity: reload the page.
    Schema = "schema",
    /// 428: a write must name the version that it was made on.
    MissingVersion = "missingVersion",
    /// 429: too many requests or subscriptions.
    TooMany = "tooMany",
    /// 500: a fault of the server; nothing was changed.
    Internal = "internal",
    /// 500: this release cannot read what is stored, and says why. A repetition is refused in the same way.
    Unreadable = "unreadable",
    /// 500: the server has no binding for this type of entity. A repetition is refused in the same way.
    Unbound = "unbound",
    /// 503: the entity's object could not be reached; whether the request was carried out is not known. Repeat it
    /// with the same id.
    Unavailable = "unavailable",
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The request's id; `None` if it was not readable.
    pub id: Option<u64>,
    /// As in HTTP: 200, 201, 304, and the refusals from 400.
    pub status: u16,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// The same as a sentence.
    pub message: Option<String>,
    /// The version that `diff` leads away from.
    pub since: Option<Stamp>,
    /// What is known about the current version.
    pub meta: Option<Meta>,
    /// From `since` to the current version.
    pub diff: Option<Value>,
    /// The whole current value.
    pub value: Option<Value>,
    /// The same as bytes, in place of the tree, where an entity's machine answers.
    pub encoded: Option<Vec<u8>>,
    /// Snapshots, the newest first.
    pub history: Option<Vec<Meta>>,
    /// Where the next page of the history begins, if there is one.
    pub before: Option<Stamp>,
    /// The schema version that the entity has, where the sender was built for another shape.
    pub schema_version: Option<u32>,
    /// The fingerprint of that shape.
    pub schema: Option<u64>,
    /// Whether the entity is crowded, so that a browser that subscribed had better open a direct line.
    pub line: bool,
    /// The ticket of a direct line.
    pub ticket: Option<String>,
    /// In how many microseconds the request may be sent again.
    pub retry_after: Option<u64>,
}

impl Reason {
    /// Whether every request is refused in the same way until somebody deploys something else.
    pub fn needs_a_deploy(self) -> bool {
        use Reason::{Type, Unbound, UnknownType, Unreadable};
        matches!(self, Unreadable | Unbound | UnknownType | Type)
    }
}

impl Reply {
    /// A success without content.
    pub fn ok(status: u16) -> Reply {
        Reply { status, ..Reply::default() }
    }

    /// A refusal.
    pub fn refusal(status: u16, reason: Reason, message: impl Into<String>) -> Reply {
        Reply { reason: Some(reason), message: Some(message.into()), ..Reply::ok(status) }
    }

    /// Whether it is a success (an unmodified entity is one).
    pub fn is_success(&self) -> bool {
        self.status < 400
    }

    /// The bytes of the wire form.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        let mut bytes = encode_with(
            &self.head().finish(),
            &[("diff", self.diff.as_ref()), ("value", self.value.as_ref())],
        )?;
        if let Some(value) = &self.encoded {
            append(&mut bytes, "value", value)?;
        }
        Ok(bytes)
    }

    /// As [`Reply::encode`]; the bytes of a value stay where they are, and get the rest put in front of them.
    ///
    /// # Errors
    /// As [`Reply::encode`].
    pub fn into_bytes(mut self) -> Result<Vec<u8>, CodecError> {
        let Some(mut bytes) = self.encoded.take() else { return self.encode() };
        let mut head = self.encode()?;
        append(&mut head, "value", &[])?;
        bytes.splice(0..0, head);
        Ok(bytes)
    }

    /// Reads what another object of this system answered, but for what may be large: value, diff and history.
    ///
    /// # Errors
    /// If it is no reply.
    pub fn decode_head(bytes: &[u8]) -> Result<Reply, Malformed> {
        let no_map = || Malformed::new("a reply is a map");
        let (&first, mut rest) = bytes.split_first().ok_or_else(no_map)?;
        let count = first.checked_sub(0xa0).filter(|count| *count <= 23).ok_or_else(no_map)?;
        let mut entries = Vec::with_capacity(usize::from(count));
        for left in (0..count).rev() {
            let (key, behind) = split_item(rest)?;
            let key = decode_own_value(key)?;
            let skipped = matches!(key.as_text(), Some("value" | "diff" | "history"));
            if skipped && left == 0 {
                // It stands last, so nobody has to know where it ends.
                break;
            }
            let (value, behind) = split_item(behind)?;
            rest = behind;
            if !skipped {
                entries.push((key, decode_own_value(value)?));
            }
        }
        Reply::from_value(Value::Map(entries))
    }

    /// With the value as a tree, as a client reads it.
    ///
    /// # Errors
    /// If what this system wrote cannot be read.
    pub(crate) fn with_tree(self) -> Result<Reply, CodecError> {
        let tree = self.encoded.as_deref().map(decode_own_value).transpose()?;
        Ok(Reply { value: self.value.or(tree), encoded: None, ..self })
    }

    /// The wire form.
    pub fn to_value(&self) -> Value {
        self.head()
            .put_some("diff", self.diff.clone())
            .put_some("value", self.value.clone())
            .finish()
    }

    /// The wire form but for what may be large.
    fn head(&self) -> MapBuilder {
        let history = |metas: &Vec<Meta>| Value::Array(metas.iter().map(Meta::to_value).collect());
        MapBuilder::new()
            .put_some("id", self.id)
            .put("status", self.status)
            .put_some("reason", self.reason.map(Reason::name))
            .put_some("message", self.message.as_deref())
            .put_some("since", self.since.map(Stamp::to_value))
            .put_some("meta", self.meta.as_ref().map(Meta::to_value))
            .put_some("history", self.history.as_ref().map(history))
            .put_some("before", self.before.map(Stamp::to_value))
            .put_some("schemaVersion", self.schema_version)
            .put_some("schema", self.schema)
            .put_some("line", self.line.then_some(true))
            .put_some("ticket", self.ticket.as_deref())
            .put_some("retryAfter", self.retry_after)
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// If `status` is missing, or a field holds something else.
    pub fn from_value(mut message: Value) -> Result<Reply, Malformed> {
        let (diff, value) = (take(&mut message, "diff"), take(&mut message, "value"));
        let number = |key| get(&message, key).and_then(whole_number);
        Ok(Reply {
            id: number("id"),
            status: number("status")
                .and_then(|status| u16::try_from(status).ok())
                .ok_or_else(|| Malformed::new("a reply has a `status`"))?,
            reason: text(&message, "reason").and_then(Reason::from_name),
            message: text(&message, "message").map(str::to_owned),
            since: get(&message, "since").and_then(Stamp::from_value),
            meta: get(&message, "meta").map(Meta::from_value).transpose()?,
            diff,
            value,
            encoded: None,
            history: get(&message, "history")
                .and_then(Value::as_array)
                .map(|metas| metas.iter().map(Meta::from_value).collect())
                .transpose()?,
            before: get(&message, "before").and_then(Stamp::from_value),
            schema_version: number("schemaVersion").and_then(|version| version.try_into().ok()),
            schema: number("schema"),
            line: is_true(&message, "line"),
            ticket: text(&message, "ticket").map(str::to_owned),
            retry_after: number("retryAfter"),
        })
    }
}
