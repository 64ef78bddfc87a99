//! What is asked, and who asks.

use ciborium::Value;

use crate::codec::{CodecError, decode};
use crate::message::content::Content;
use crate::message::short::handle_of;
use crate::message::{EntityRef, PastQuery, Reason, Reply, encode_with, text, whole_number};
use crate::time::Stamp;
use crate::value::{MapBuilder, get, take};

/// The most edits that one write carries.
pub const MAX_EDITS: u64 = 10_000;

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
    /// Give it the value that it had at an instant.
    Restore,
    /// Read it and hear of every later change.
    Subscribe,
    /// Hear no more.
    Unsubscribe,
    /// Get a ticket for a direct line; the Person answers it.
    Line,
    /// Page through its snapshots, the newest first.
    History,
    /// What it differs in between two instants.
    Changes,
    /// Let go of its past before an instant.
    Compact,
}

impl Method {
    const ALL: [(Method, &'static str); 12] = [
        (Method::Post, "post"),
        (Method::Get, "get"),
        (Method::PatchDiff, "patchDiff"),
        (Method::Delete, "delete"),
        (Method::PatchUndelete, "patchUndelete"),
        (Method::Restore, "restore"),
        (Method::Subscribe, "subscribe"),
        (Method::Unsubscribe, "unsubscribe"),
        (Method::Line, "line"),
        (Method::History, "history"),
        (Method::Changes, "changes"),
        (Method::Compact, "compact"),
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
        use Method::{Delete, PatchDiff, PatchUndelete, Post, Restore};
        matches!(self, Post | PatchDiff | Delete | PatchUndelete | Restore)
    }

    /// Whether it withdraws something or makes room, so that no quota stands in its way.
    pub fn withdraws(self) -> bool {
        matches!(self, Method::Delete | Method::Unsubscribe | Method::Compact)
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
    pub(super) fn read(message: &Value, key: &str) -> Token {
        match get(message, key) {
            None => Token::Missing,
            Some(value) => Stamp::from_value(value).map_or(Token::Malformed, Token::At),
        }
    }

    pub(super) fn to_value(self) -> Option<Value> {
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
    /// How many successive edits of one store a `patchDiff` carries, the last of which has the number `id`; 0 if it does
    /// not say.
    pub edits: u64,
    /// What is asked.
    pub method: Method,
    /// Of which entity.
    pub entity: EntityRef,
    /// The number by which the browser wants to be told of the entity.
    pub handle: Option<u32>,
    /// The fingerprint of the shape that the sender was built for, if it was built for one.
    pub schema: Option<u64>,
    /// The version held, for `get` and `subscribe`.
    pub if_modified_since: Token,
    /// The version that the diff was made on.
    pub if_unmodified_since: Token,
    /// The diff of `patchDiff`.
    pub diff: Option<Value>,
    /// The value of `post`.
    pub value: Option<Value>,
    /// What of the past is asked for.
    pub past: PastQuery,
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

impl From<CodecError> for BadRequest {
    fn from(error: CodecError) -> BadRequest {
        let (status, reason) = match error {
            CodecError::TooLarge { .. } | CodecError::TooManyItems | CodecError::Expands => {
                (413, Reason::TooLarge)
            }
            _ => (400, Reason::Malformed),
        };
        BadRequest { id: None, status, reason, message: error.to_string() }
    }
}

impl Request {
    /// A request with nothing but the required fields.
    pub fn new(id: u64, method: Method, entity: EntityRef) -> Request {
        Request {
            id,
            edits: 0,
            method,
            entity,
            handle: None,
            schema: None,
            if_modified_since: Token::Missing,
            if_unmodified_since: Token::Missing,
            diff: None,
            value: None,
            past: PastQuery::default(),
        }
    }

    /// What two writes with one id share if they write the same, in whichever of the forms of CBOR they say it. The
    /// version that they name is left out, for it tells where, not what. Of edits only their number counts: made again
    /// after what others changed, they are written otherwise.
    pub fn content(&self) -> Content {
        if self.is_edits() {
            return Content::Edits(self.edits);
        }
        self.with_written(|written| Content::of(self.method, written))
    }

    /// Whether what a stored change says is what this request does.
    pub fn says(&self, content: Content) -> bool {
        match self.is_edits() {
            true => content == self.content(),
            false => self.with_written(|written| content.is_of(self.method, written)),
        }
    }

    /// Whether it carries edits that have numbers.
    pub fn is_edits(&self) -> bool {
        self.method == Method::PatchDiff && self.edits > 0
    }

    fn with_written<R>(&self, read: impl FnOnce(Option<&Value>) -> R) -> R {
        let instant = self.past.as_of.to_value();
        read(match self.method {
            Method::PatchDiff => self.diff.as_ref(),
            Method::Post => self.value.as_ref(),
            Method::Restore => instant.as_ref(),
            _ => None,
        })
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
        let message = MapBuilder::new()
            .put("id", self.id)
            .put("method", self.method.name())
            .put("type", self.entity.name.as_str())
            .put("entity", self.entity.id.as_str())
            .put_some("handle", self.handle)
            .put_some("edits", (self.edits > 0).then_some(self.edits))
            .put_some("schema", self.schema)
            .put_some("ifModifiedSince", self.if_modified_since.to_value())
            .put_some("ifUnmodifiedSince", self.if_unmodified_since.to_value());
        self.past.put(message)
    }

    /// Reads a frame of at most `limit` bytes.
    ///
    /// # Errors
    /// If it is no request; the error knows what to answer.
    pub fn decode(bytes: &[u8], limit: usize) -> Result<Request, BadRequest> {
        let message = decode(bytes, limit)?;
        Request::from_value(message)
    }

    /// Reads the wire form.
    ///
    /// # Errors
    /// As [`Request::decode`].
    pub fn from_value(mut message: Value) -> Result<Request, BadRequest> {
        let (diff, value) = (take(&mut message, "diff"), take(&mut message, "value"));
        let message = &message;
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
        let handle = get(message, "handle").map(|handle| {
            handle_of(handle).ok_or_else(|| malformed("`handle` must be an integer below 2^32"))
        });
        let handle = handle.transpose()?;
        let unnamed = || match handle {
            Some(_) if get(message, "type").is_none() => {
                "no entity has that `handle`: name it by `type` and `entity`"
            }
            _ => "`type` and `entity` must be strings",
        };
        let named = text(message, "type").zip(text(message, "entity"));
        let (kind, entity) = named.ok_or_else(|| malformed(unnamed()))?;
        let schema = get(message, "schema").map(|schema| {
            whole_number(schema)
                .ok_or_else(|| malformed("`schema` must be an integer from 0 to 2^53"))
        });
        let edits = match get(message, "edits") {
            Some(edits) => whole_number(edits)
                .filter(|edits| (1..=MAX_EDITS.min(number)).contains(edits))
                .ok_or_else(|| {
                    malformed("`edits` must be an integer from 1 to 10000, and to `id`")
                })?,
            None => 0,
        };
        Ok(Request {
            id: number,
            edits,
            method,
            entity: EntityRef::new(kind, entity).map_err(|error| malformed(&error.0))?,
            handle,
            schema: schema.transpose()?,
            if_modified_since: Token::read(message, "ifModifiedSince"),
            if_unmodified_since: Token::read(message, "ifUnmodifiedSince"),
            diff,
            value,
            past: PastQuery::read(message),
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
    /// Who acts in the person's name, if somebody else does.
    pub impersonator: Option<String>,
}

impl Sender {
    /// A person at a browser, in the person's own name.
    pub fn new(person: impl Into<String>, browser: impl Into<String>) -> Sender {
        Sender { person: person.into(), browser: browser.into(), impersonator: None }
    }
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
            .put("browser", self.sender.browser.as_str())
            .put_some("impersonator", self.sender.impersonator.as_deref());
        let head = self.request.head().put("sender", sender.finish()).finish();
        let Request { diff, value, .. } = &self.request;
        encode_with(&head, &[("diff", diff.as_ref()), ("value", value.as_ref())])
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
        let mut message = decode(bytes, limit)?;
        let sender = take(&mut message, "sender");
        let request = Request::from_value(message)?;
        let part = |key| text(sender.as_ref()?, key).map(str::to_owned);
        match (part("person"), part("browser")) {
            (Some(person), Some(browser)) => {
                let sender = Sender { person, browser, impersonator: part("impersonator") };
                Ok(Envelope { sender, request })
            }
            _ => {
                Err(malformed("`sender` is missing: entities are reached through a Person".into()))
            }
        }
    }
}
