//! What of the past a request asks for.

use ciborium::Value;

use crate::message::{Token, text, whole_number};
use crate::value::{MapBuilder, get};

/// What of the past a request asks for. What a method has no use for is left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastQuery {
    /// `get`: the instant to read the entity as of. `restore`: the instant whose value is wanted back.
    pub as_of: Token,
    /// `history`: the first instant at which a snapshot may begin. `changes`: the instant that the diff leads away from.
    pub from: Token,
    /// `history`: the instant before which a snapshot has to begin. `changes`: the instant that the diff leads to.
    pub to: Token,
    /// `history`: where the page before ended. `compact`: the instant before which the past may go.
    pub before: Token,
    /// `history`: the most snapshots in one page.
    pub limit: Option<u64>,
    /// `history`: only snapshots that this person made.
    pub person: Option<String>,
    /// `history`: only snapshots that changed this field, or the place under these keys with dots between.
    pub field: Option<String>,
    /// `history`: only snapshots in which that field ceased to have this value.
    pub was: Option<Value>,
    /// `history`: only snapshots in which that field came to have this value.
    pub became: Option<Value>,
    /// A part of it that is not what it must be, by its name. It is kept, because other checks come before it.
    pub malformed: Option<&'static str>,
}

impl PastQuery {
    /// Adds it to a message.
    pub(super) fn put(&self, message: MapBuilder) -> MapBuilder {
        let message = message
            .put_some("asOf", self.as_of.to_value())
            .put_some("from", self.from.to_value())
            .put_some("to", self.to.to_value())
            .put_some("before", self.before.to_value())
            .put_some("limit", self.limit)
            .put_some("person", self.person.as_deref())
            .put_some("field", self.field.as_deref())
            .put_some("was", self.was.clone())
            .put_some("became", self.became.clone());
        match self.malformed {
            // Anything that it must not be: a Person hands the request on, and the entity refuses it.
            Some(name) => message.put(name, false),
            None => message,
        }
    }

    /// Reads it from a message.
    pub(super) fn read(message: &Value) -> PastQuery {
        let is_text = |name: &&str| get(message, name).is_some_and(|value| !value.is_text());
        let malformed = ["person", "field"].into_iter().find(is_text);
        let bad_limit = get(message, "limit").is_some_and(|limit| whole_number(limit).is_none());
        PastQuery {
            as_of: Token::read(message, "asOf"),
            from: Token::read(message, "from"),
            to: Token::read(message, "to"),
            before: Token::read(message, "before"),
            limit: get(message, "limit").and_then(whole_number),
            person: text(message, "person").map(str::to_owned),
            field: text(message, "field").map(str::to_owned),
            was: get(message, "was").cloned(),
            became: get(message, "became").cloned(),
            malformed: malformed.or(bad_limit.then_some("limit")),
        }
    }
}
