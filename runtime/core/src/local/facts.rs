//! What tabs know of an entity beside its value.

use ciborium::Value;

use crate::local::{Problem, Refusal, State, number};
use crate::message::{Malformed, Meta, text};
use crate::value::{MapBuilder, get};

/// What is known of an entity beside its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What the browser knows.
    pub state: State,
    /// Meta of the confirmed version.
    pub meta: Option<Meta>,
    /// Number of edits that are not confirmed.
    pub pending: u32,
    /// The number that the oldest of them has in its store.
    pub first: Option<u64>,
    /// What stands in the way of the next request.
    pub problem: Option<Problem>,
    /// The refused edits that nobody has dismissed; `None` if they are the same as in the message before.
    pub problems: Option<Vec<Refusal>>,
}

impl Facts {
    pub(super) fn to_value(&self) -> Value {
        let list = |problems: &Vec<Refusal>| {
            Value::Array(problems.iter().map(|refusal| refusal.as_value().clone()).collect())
        };
        MapBuilder::new()
            .put("state", self.state.name())
            .put_some("meta", self.meta.as_ref().map(Meta::to_value))
            .put("pending", self.pending)
            .put_some("first", self.first)
            .put_some("problem", self.problem.as_ref().map(Problem::to_value))
            .put_some("problems", self.problems.as_ref().map(list))
            .finish()
    }

    pub(super) fn from_value(value: &Value) -> Result<Facts, Malformed> {
        let problems = get(value, "problems").and_then(Value::as_array);
        Ok(Facts {
            state: text(value, "state").and_then(State::from_name).unwrap_or_default(),
            meta: get(value, "meta").map(Meta::from_value).transpose()?,
            pending: number(value, "pending")?,
            first: number(value, "first").ok(),
            problem: get(value, "problem").and_then(Problem::from_value),
            problems: problems.map(|list| list.iter().map(Refusal::from_value).collect()),
        })
    }
}
