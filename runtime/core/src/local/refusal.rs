//! Edits that were refused, as stores report them until somebody dismisses them.

use ciborium::Value;

use crate::local::Problem;
use crate::message::whole_number;
use crate::patch::{apply, is_empty};
use crate::schema::key_text;
use crate::time::Stamp;
use crate::value::{Places, as_map, as_map_mut, get, map_of};

/// The most refused edits of one entity that are kept. The oldest ones make room for new ones.
pub const MAX_PROBLEMS: usize = 32;

/// A refused edit: a map with the keys `id`, `status`, `reason`, `message`, `paths`, `mine`, `theirs` and `when`. It stays
/// a tree on its way from the hub to JavaScript, because nothing between reads more than the id.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal(Value);

impl Refusal {
    /// The refusal of an edit. `lost` is what the edit changed, `now` what is shown without it, and `undo` leads from
    /// there to what was shown with it. Where the entity is gone, nobody has another value (`has_theirs`).
    pub fn of_edit(
        id: u64,
        problem: &Problem,
        lost: &Value,
        (now, undo): (&Value, &Value),
        has_theirs: bool,
    ) -> Refusal {
        let theirs = fields_of(now, lost);
        let mut mine = theirs.clone();
        // An undo that does not fit leaves the fields as they are shown now.
        drop(apply(&mut mine, &fields_of(undo, lost)));
        let mut paths = Vec::new();
        collect_paths(lost, "", &mut paths);
        Refusal::new(id, problem, paths, Some(mine), has_theirs.then_some(theirs))
    }

    /// The refusal of a whole first value.
    pub fn of_value(id: u64, problem: &Problem, value: Option<Value>) -> Refusal {
        Refusal::new(id, problem, Vec::new(), value, None)
    }

    fn new(
        id: u64,
        problem: &Problem,
        paths: Vec<Value>,
        mine: Option<Value>,
        theirs: Option<Value>,
    ) -> Refusal {
        let map = problem.to_map().put("id", id).put("paths", Value::Array(paths));
        Refusal(map.put_some("mine", mine).put_some("theirs", theirs).finish())
    }

    /// The number of the refused edit, which no other edit of this browser has.
    pub fn id(&self) -> u64 {
        get(&self.0, "id").and_then(whole_number).unwrap_or(0)
    }

    /// Why the edit was refused.
    pub fn problem(&self) -> Option<Problem> {
        Problem::from_value(&self.0)
    }

    /// Notes when the edit was refused, unless that is known.
    pub fn note_time(&mut self, now: Stamp) {
        if get(&self.0, "when").is_none()
            && let Some(entries) = as_map_mut(&mut self.0)
        {
            entries.push((Value::from("when"), now.to_value()));
        }
    }

    /// The map.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The map, as it came from a tab or from the hub.
    pub(super) fn from_value(value: &Value) -> Refusal {
        Refusal(value.clone())
    }
}

/// The fields of `value` that are in `wanted`.
fn fields_of(value: &Value, wanted: &Value) -> Value {
    let (fields, wanted) = (as_map(value).unwrap_or(&[]), as_map(wanted).unwrap_or(&[]));
    let mut places = Places::default();
    let found = wanted
        .iter()
        .filter_map(|(key, _)| places.get(fields, key).map(|field| (key.clone(), field.clone())));
    map_of(found.collect())
}

/// Collects the places that a patch changes: keys from the entity down, with dots between.
fn collect_paths(patch: &Value, path: &str, paths: &mut Vec<Value>) {
    let Some(changes) = as_map(patch).filter(|_| !is_empty(patch)) else {
        return paths.push(Value::from(path));
    };
    for (key, inner) in changes {
        let dot = if path.is_empty() { "" } else { "." };
        collect_paths(inner, &[path, dot, &key_text(key)].concat(), paths);
    }
}
