//! The messages between browsers, Person objects and entity objects, and their wire form.
//!
//! Every message is one CBOR map with text keys, described for other implementers in `docs/protocol.md`.
//! Unknown keys are ignored, so that a newer party can add some.

use std::fmt;

use ciborium::Value;

use crate::codec::{CodecError, decode, decode_own, encode};
use crate::time::Stamp;
use crate::value::{MapBuilder, get};

/// Longest entity id, entity name, person id and browser id, in bytes.
pub const MAX_ID_BYTES: usize = 128;

/// Which entity: the name of its type, and its id within that type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityRef {
    /// Name of the type, `type` on the wire.
    pub name: String,
    /// Id within the type, `entity` on the wire.
    pub id: String,
}

impl EntityRef {
    /// The entity `id` of the type `name`.
    ///
    /// # Errors
    /// If the name is no identifier, or the id is empty, too long, or has control characters.
    pub fn new(name: impl Into<String>, id: impl Into<String>) -> Result<EntityRef, Malformed> {
        let (name, id) = (name.into(), id.into());
        let identifier = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && name.len() <= MAX_ID_BYTES;
        if !identifier {
            return Err(Malformed::new("`type` must be the name of an entity type"));
        }
        check_id("`entity`", &id)?;
        Ok(EntityRef { name, id })
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name, self.id)
    }
}

/// Checks an id that came from outside.
///
/// # Errors
/// If it is empty, longer than [`MAX_ID_BYTES`] or has control characters.
pub fn check_id(what: &str, id: &str) -> Result<(), Malformed> {
    if id.is_empty() || id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
        return Err(Malformed::new(format!(
            "{what} must be 1 to {MAX_ID_BYTES} bytes without control characters"
        )));
    }
    Ok(())
}

/// Why a message could not be understood: a sentence for the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    /// With this sentence.
    pub fn new(why: impl Into<String>) -> Malformed {
        Malformed(why.into())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Malformed {}

impl From<CodecError> for Malformed {
    fn from(error: CodecError) -> Malformed {
        Malformed(error.to_string())
    }
}

/// What is asked of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Create the entity with a value.
    Post,
    /// Read it: not modified, the diff since a version, or the whole value.
    Get,
    /// Change it.
    PatchDiff,
    /// Mark it deleted.
    Delete,
    /// Take the mark away.
    PatchUndelete,
    /// Read it and hear of every later change.
    Subscribe,
    /// Hear no more.
    Unsubscribe,
}

impl Method {
    const ALL: [(Method, &'static str); 7] = [
        (Method::Post, "post"),
        (Method::Get, "get"),
        (Method::PatchDiff, "patchDiff"),
        (Method::Delete, "delete"),
        (Method::PatchUndelete, "patchUndelete"),
        (Method::Subscribe, "subscribe"),
        (Method::Unsubscribe, "unsubscribe"),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        Method::ALL.iter().find(|(method, _)| *method == self).map_or("", |(_, name)| name)
    }

    /// The method of that name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL.iter().find(|(_, known)| *known == name).map(|(method, _)| *method)
    }

    /// Whether it can change the entity.
    pub fn writes(self) -> bool {
        matches!(self, Method::Post | Method::PatchDiff | Method::Delete | Method::PatchUndelete)
    }
}

/// A version that a request names. A malformed one is kept, because other checks come before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Token {
    /// The field was absent.
    #[default]
    Missing,
    /// The field held something that is no instant.
    Malformed,
    /// A version.
    At(Stamp),
}

impl Token {
    fn read(message: &Value, key: &str) -> Token {
        match get(message, key) {
            None => Token::Missing,
            Some(value) => Stamp::from_value(value).map_or(Token::Malformed, Token::At),
        }
    }

    fn to_value(self) -> Option<Value> {
        match self {
            Token::At(stamp) => Some(stamp.to_value()),
            Token::Missing => None,
            // Anything that is no instant: a Person hands the request on, and the entity refuses it.
            Token::Malformed => Some(Value::Bool(false)),
        }
    }
}

impl From<Option<Stamp>> for Token {
    fn from(stamp: Option<Stamp>) -> Token {
        stamp.map_or(Token::Missing, Token::At)
    }
}

/// A request, from a browser to an entity through its Person.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Chosen by the browser, unique among its requests; the reply carries it, and a repeated one is applied once.
    pub id: u64,
    /// What is asked.
    pub method: Method,
    /// Of which entity.
    pub entity: EntityRef,
    /// The version held, for `get` and `subscribe`.
    pub if_modified_since: Token,
    /// The version that the diff was made on.
    pub if_unmodified_since: Token,
    /// The diff of `patchDiff`.
    pub diff: Option<Value>,
    /// The value of `post`.
    pub value: Option<Value>,
}

/// A request that could not be understood, with its id if that much was readable.
#[derive(Clone, Debug, PartialEq)]
pub struct BadRequest {
    /// The request's id.
    pub id: Option<u64>,
    /// Status of the answer: 400, 405 or 413.
    pub status: u16,
    /// Its reason.
    pub reason: Reason,
    /// Its sentence.
    pub message: String,
}

impl BadRequest {
    /// The reply to it.
    pub fn reply(self) -> Reply {
        Reply { id: self.id, ..Reply::refusal(self.status, self.reason, self.message) }
    }
}

impl Request {
    /// A request with nothing but the required fields.
    pub fn new(id: u64, method: Method, entity: EntityRef) -> Request {
        Request {
            id,
            method,
            entity,
            if_modified_since: Token::Missing,
            if_unmodified_since: Token::Missing,
            diff: None,
            value: None,
        }
    }

    /// The wire form.
    pub fn to_value(&self) -> Value {
        self.builder().finish()
    }

    fn builder(&self) -> MapBuilder {
        MapBuilder::new()
            .put("id", self.id)
            .put("method", self.method.name())
            .put("type", self.entity.name.as_str())
            .put("entity", self.entity.id.as_str())
            .put_some("ifModifiedSince", self.if_modified_since.to_value())
            .put_some("ifUnmodifiedSince", self.if_unmodified_since.to_value())
            .put_some("diff", self.diff.clone())
            .put_some("value", self.value.clone())
    }

    /// Reads a frame of at most `limit` bytes.
    ///
    /// # Errors
    /// If it is no request; the error knows what to answer.
    pub fn decode(bytes: &[u8], limit: usize) -> Result<Request, BadRequest> {
        let bad = |id, status, reason, message: String| BadRequest { id, status, reason, message };
        let message = decode(bytes, limit).map_err(|error| match error {
            CodecError::TooLarge { .. } => bad(None, 413, Reason::TooLarge, error.to_string()),
            _ => bad(None, 400, Reason::Malformed, error.to_string()),
        })?;
        Request::from_value(&message)
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// As [`Request::decode`].
    pub fn from_value(message: &Value) -> Result<Request, BadRequest> {
        let id = get(message, "id").and_then(whole_number);
        let bad = |status, reason, message: String| BadRequest { id, status, reason, message };
        let malformed = |why: &str| bad(400, Reason::Malformed, why.to_owned());
        if !message.is_map() {
            return Err(malformed("a message is a map with `id`, `method`, `type` and `entity`"));
        }
        let number = id.ok_or_else(|| malformed("`id` must be an integer from 0 to 2^53"))?;
        let name = text(message, "method").ok_or_else(|| malformed("`method` must be a string"))?;
        let method = Method::from_name(name).ok_or_else(|| {
            let known: Vec<_> = Method::ALL.iter().map(|(_, name)| *name).collect();
            let why = format!("{name:?} is no method: expected one of {}", known.join(", "));
            bad(405, Reason::Method, why)
        })?;
        let kind = text(message, "type").ok_or_else(|| malformed("`type` must be a string"))?;
        let entity =
            text(message, "entity").ok_or_else(|| malformed("`entity` must be a string"))?;
        Ok(Request {
            id: number,
            method,
            entity: EntityRef::new(kind, entity).map_err(|error| malformed(&error.0))?,
            if_modified_since: Token::read(message, "ifModifiedSince"),
            if_unmodified_since: Token::read(message, "ifUnmodifiedSince"),
            diff: get(message, "diff").cloned(),
            value: get(message, "value").cloned(),
        })
    }
}

/// Who sends a request: set by the Person object from the socket's session, never by the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The person that is logged in.
    pub person: String,
    /// The browser, an id that it keeps.
    pub browser: String,
}

/// A request with its sender, as a Person object hands it to an entity object.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Who asks.
    pub sender: Sender,
    /// What.
    pub request: Request,
}

impl Envelope {
    /// The bytes to post to the entity's object.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        let sender = MapBuilder::new()
            .put("person", self.sender.person.as_str())
            .put("browser", self.sender.browser.as_str());
        encode(&self.request.builder().put("sender", sender.finish()).finish())
    }

    /// Reads what a Person object posted.
    ///
    /// # Errors
    /// If the request is malformed or the sender is missing.
    pub fn decode(bytes: &[u8], limit: usize) -> Result<Envelope, BadRequest> {
        let malformed = |error: String| BadRequest {
            id: None,
            status: 400,
            reason: Reason::Malformed,
            message: error,
        };
        let message = decode(bytes, limit).map_err(|error| malformed(error.to_string()))?;
        let request = Request::from_value(&message)?;
        let sender = get(&message, "sender");
        let part = |key| sender.and_then(|sender| text(sender, key)).map(str::to_owned);
        match (part("person"), part("browser")) {
            (Some(person), Some(browser)) => {
                Ok(Envelope { sender: Sender { person, browser }, request })
            }
            _ => {
                Err(malformed("`sender` is missing: entities are reached through a Person".into()))
            }
        }
    }
}

/// What is known about a version of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// When the snapshot began.
    pub valid_from: Stamp,
    /// When it ended; `None` while it is the current one.
    pub valid_to: Option<Stamp>,
    /// The version: the stamp of the latest change in it.
    pub modified: Stamp,
    /// Who made that change.
    pub person: String,
    /// On whose behalf somebody else acted.
    pub impersonator: Option<String>,
    /// Whether the entity is deleted.
    pub deleted: bool,
    /// Schema version of the value.
    pub schema_version: u32,
    /// Into how many chunks the value is cut in storage; zero if it is in one piece.
    pub chunks: u32,
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
            .finish()
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// If one of `validFrom`, `modified` and `person` is missing or no such thing.
    pub fn from_value(value: &Value) -> Result<Meta, Malformed> {
        let stamp = |key| get(value, key).and_then(Stamp::from_value);
        let number = |key| get(value, key).and_then(whole_number).and_then(|n| n.try_into().ok());
        let missing = || Malformed::new("`meta` lacks `validFrom`, `modified` or `person`");
        Ok(Meta {
            valid_from: stamp("validFrom").ok_or_else(missing)?,
            valid_to: stamp("validTo"),
            modified: stamp("modified").ok_or_else(missing)?,
            person: text(value, "person").ok_or_else(missing)?.to_owned(),
            impersonator: text(value, "impersonator").map(str::to_owned),
            deleted: get(value, "deleted").and_then(Value::as_bool).unwrap_or(false),
            schema_version: number("schemaVersion").unwrap_or(1),
            chunks: number("chunks").unwrap_or(0),
        })
    }
}

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
    /// 400: `patchUndelete` of an entity that is not deleted.
    NotDeleted = "notDeleted",
    /// 404: no such entity.
    Absent = "absent",
    /// 404 or 409: the entity is deleted.
    Deleted = "deleted",
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
    /// 428: a write must name the version that it was made on.
    MissingVersion = "missingVersion",
    /// 429: too many requests or subscriptions.
    TooMany = "tooMany",
    /// 500: a fault of the server; nothing was changed.
    Internal = "internal",
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

    /// The wire form.
    pub fn to_value(&self) -> Value {
        MapBuilder::new()
            .put_some("id", self.id)
            .put("status", self.status)
            .put_some("reason", self.reason.map(Reason::name))
            .put_some("message", self.message.as_deref())
            .put_some("since", self.since.map(Stamp::to_value))
            .put_some("meta", self.meta.as_ref().map(Meta::to_value))
            .put_some("diff", self.diff.clone())
            .put_some("value", self.value.clone())
            .finish()
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// If `status` is missing, or a field holds something else.
    pub fn from_value(message: Value) -> Result<Reply, Malformed> {
        let status = get(&message, "status").and_then(whole_number);
        Ok(Reply {
            id: get(&message, "id").and_then(whole_number),
            status: status
                .and_then(|status| u16::try_from(status).ok())
                .ok_or_else(|| Malformed::new("a reply has a `status`"))?,
            reason: text(&message, "reason").and_then(Reason::from_name),
            message: text(&message, "message").map(str::to_owned),
            since: get(&message, "since").and_then(Stamp::from_value),
            meta: get(&message, "meta").map(Meta::from_value).transpose()?,
            diff: get(&message, "diff").cloned(),
            value: get(&message, "value").cloned(),
        })
    }
}

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
        })
    }
}

/// A push on its way from an entity object to a Person object.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The change.
    pub push: Push,
    /// The browser that made it and had it in its reply, if it is one of this person's.
    pub skip: Option<String>,
}

impl Delivery {
    /// The bytes to post to the Person's object.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        encode(&self.push.builder().put_some("skip", self.skip.as_deref()).finish())
    }

    /// Reads what an entity object posted.
    ///
    /// # Errors
    /// If it is no push.
    pub fn decode(bytes: &[u8]) -> Result<Delivery, Malformed> {
        let message: Value = decode_own(bytes)?;
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
}

impl Downstream {
    /// The frame.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        match self {
            Downstream::Welcome { person } => {
                encode(&MapBuilder::new().put("welcome", person.as_str()).finish())
            }
            Downstream::Reply(reply) => encode(&reply.to_value()),
            Downstream::Push(push) => encode(&push.to_value()),
        }
    }

    /// Reads a frame: a reply has a `status`, a push a `since`, the first frame `welcome`.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn decode(bytes: &[u8]) -> Result<Downstream, Malformed> {
        let message: Value = decode_own(bytes)?;
        if get(&message, "status").is_some() {
            Reply::from_value(message).map(Downstream::Reply)
        } else if let Some(person) = text(&message, "welcome") {
            Ok(Downstream::Welcome { person: person.to_owned() })
        } else {
            Push::from_value(&message).map(Downstream::Push)
        }
    }
}

/// The text under `key`.
pub fn text<'a>(message: &'a Value, key: &str) -> Option<&'a str> {
    get(message, key).and_then(Value::as_text)
}

/// A whole number from 0 to 2^53, also where it came as a float.
pub fn whole_number(value: &Value) -> Option<u64> {
    const MAX: u64 = 1 << 53;
    match value {
        Value::Integer(n) => u64::try_from(*n).ok().filter(|n| *n <= MAX),
        Value::Float(f) if f.fract() == 0.0 && *f >= 0.0 && *f <= MAX as f64 => Some(*f as u64),
        _ => None,
    }
}
