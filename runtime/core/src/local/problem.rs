//! Refusals, as pages are told of them.

use ciborium::Value;

use crate::local::State;
use crate::message::{Reason, text, whole_number};
use crate::value::{MapBuilder, get};

/// A refusal, as a store reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status of the refusal.
    pub status: u16,
    /// The name of its reason.
    pub reason: String,
    /// Its sentence.
    pub message: String,
}

impl Problem {
    /// A problem of these parts.
    pub fn new(status: u16, reason: &str, message: impl Into<String>) -> Problem {
        Problem { status, reason: reason.to_owned(), message: message.into() }
    }

    /// The refusal of an edit of an entity that is in this state, which is not `live`.
    pub fn of_state(state: State) -> Problem {
        let message = match state {
            State::Loading => "the entity is not loaded yet: wait until its state is \"live\"",
            State::Deleted => "the entity is deleted: undelete it first",
            State::Outdated => {
                let message = "the page was built for another schema of the entity: reload it";
                return Problem::new(426, Reason::Schema.name(), message);
            }
            State::Failed => {
                let message = "the server cannot read the entity";
                return Problem::new(500, Reason::Unreadable.name(), message);
            }
            State::Absent | State::Live => "the entity does not exist: create it with post",
        };
        Problem::new(404, state.name(), message)
    }

    /// The refusal of edits of an entity that is gone.
    pub fn of_lost_edits(state: State) -> Problem {
        let message = ["the edit is lost: the entity is ", state.name()].concat();
        Problem::new(404, state.name(), message)
    }

    pub(super) fn to_map(&self) -> MapBuilder {
        MapBuilder::new()
            .put("status", self.status)
            .put("reason", self.reason.as_str())
            .put("message", self.message.as_str())
    }

    pub(super) fn to_value(&self) -> Value {
        self.to_map().finish()
    }

    pub(super) fn from_value(value: &Value) -> Option<Problem> {
        let status = get(value, "status").and_then(whole_number)?;
        let part = |key| text(value, key).unwrap_or_default();
        Some(Problem::new(u16::try_from(status).ok()?, part("reason"), part("message")))
    }
}
