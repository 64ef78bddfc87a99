//! The functions of the user's: what they say is heard, and a panic in one is an error like any other.
//!
//! Only in a build that unwinds, that is: one that aborts takes the whole isolate with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ciborium::Value;

use crate::entity::Entity;
use crate::field::Patch;
use crate::message::{Reason, Reply};
use crate::object::plan::Checked;
use crate::storage::StorageError;

/// Calls a function of the user's; `None` if it panicked.
///
/// The functions see values by reference, so what a panic could leave half done is their own.
fn guarded<R>(call: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

fn panicked(what: &str) -> Box<Reply> {
    let message = format!("a `{what}` function of the entity panicked, and nothing was changed");
    Box::new(Reply::refusal(500, Reason::Internal, message))
}

/// What normalisers did to a value, and what takes it back.
pub type Normalized = Option<(Value, Value)>;

/// Has the normalisers change what they want to in a value of which the fields in `undo` were changed, or all where it
/// is `None`.
///
/// # Errors
/// If one panicked.
pub fn normalize<T: Entity>(value: &mut T, undo: Option<&T::Diff>) -> Checked<Normalized> {
    let change = guarded(|| value.normalize(undo)).ok_or_else(|| panicked("normalize"))?;
    Ok(change.map(|change| (change.to_value(), value.apply(change).to_value())))
}

/// Asks the `validate` functions about a value of which the fields in `undo` were changed, or all where it is `None`.
///
/// # Errors
/// If one refused it, or panicked.
pub fn validate<T: Entity>(value: &T, undo: Option<&T::Diff>) -> Checked<()> {
    match guarded(|| value.validate(undo)) {
        Some(Ok(())) => Ok(()),
        Some(Err(invalid)) => {
            let message = match invalid.field {
                Some(field) => format!("{field}: {}", invalid.problem),
                None => invalid.problem,
            };
            Err(Box::new(Reply::refusal(400, Reason::Invalid, message)))
        }
        None => Err(panicked("validate")),
    }
}

/// The tree of a stored value of schema version `from`, brought to the current one step by step.
///
/// # Errors
/// If there is no step for a version, or one refuses the value or panics.
pub fn migrate<T: Entity>(mut tree: Value, from: u32) -> Result<Value, StorageError> {
    let mut version = from;
    while version < T::CONFIG.version {
        let failed = |why: &str| {
            let name = T::ENTITY;
            StorageError::Unreadable(format!(
                "{name}: migrating from schema version {version}: {why}"
            ))
        };
        let step = T::MIGRATIONS.iter().find(|step| step.from == version);
        let step = step.ok_or_else(|| failed("there is no such step"))?;
        if let Some(with) = step.with {
            tree = match guarded(|| with(tree)) {
                Some(migrated) => migrated.map_err(|why| failed(&why))?,
                None => return Err(failed("the step panicked")),
            };
        }
        version = version.saturating_add(1);
    }
    Ok(tree)
}
