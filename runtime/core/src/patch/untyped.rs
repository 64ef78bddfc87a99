//! The patch from one value to another where nobody knows their kind.

use ciborium::Value;

use super::diff::{diff_entries, diff_keyed, diff_list, diff_set};
use super::form::{Form, add, form, set_to};
use super::splices::text_diff;
use crate::value::{Places, as_map, as_set, same};

/// The patch from `old` to `new`, as an entity without a kind changes; `None` if they are the same.
///
/// `like` is a patch of `old` that somebody else made, and tells by its forms how the parts that it changes are changed:
/// so that the two can come together as the policies of the entity want it.
pub fn diff_like(old: &Value, new: &Value, like: Option<&Value>) -> Option<Value> {
    let changed = match (like.map(form), old, new) {
        (Some(Form::Add(_)), Value::Integer(old), Value::Integer(new)) => {
            return add(i128::from(*new).saturating_sub(i128::from(*old)));
        }
        (Some(Form::Splice(_)), Value::Text(old), Value::Text(new)) => return text_diff(old, new),
        (Some(Form::Splice(_)), Value::Array(old), Value::Array(new)) => diff_list(old, new),
        (Some(Form::Keyed(key, changes, _)), Value::Array(old), Value::Array(new)) => {
            let mut places = Places::default();
            let likes = |key: &Value| places.get(changes, key);
            diff_keyed_like(key, old, new, likes)?
        }
        _ => match (as_map(old), as_map(new), as_set(old), as_set(new)) {
            (Some(old), Some(new), ..) => {
                let changes = like.and_then(as_map).unwrap_or(&[]);
                let mut places = Places::default();
                return diff_entries(old, new, |key, old, new| {
                    diff_like(old, new, places.get(changes, key))
                });
            }
            (.., Some(old), Some(new)) => return diff_set(old, new),
            _ => None,
        },
    };
    match changed {
        Some(patch) => Some(patch),
        None if same(old, new) => None,
        None => Some(set_to(new.clone())),
    }
}

fn diff_keyed_like<'a>(
    key: &str,
    old: &[Value],
    new: &[Value],
    mut like: impl FnMut(&Value) -> Option<&'a Value>,
) -> Option<Option<Value>> {
    diff_keyed(key, old, new, |key, old, new| diff_like(old, new, like(key)))
}
