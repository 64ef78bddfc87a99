//! What the callbacks of an entity are called by.

use temporal_entity_core::entity::Invalid;
use temporal_entity_core::field::Patch;
use temporal_entity_core::value::Value;

/// Whether a diff says something about a field. Without a diff, the whole value is new.
pub fn touches<D>(touched: Option<&D>, field: fn(&D) -> bool) -> bool {
    touched.is_none_or(field)
}

/// The last line of a generated `normalize`: a diff, `None` where it is empty.
pub fn unless_empty<D: Patch>(diff: D) -> Option<D> {
    if diff.is_empty() { None } else { Some(diff) }
}

/// One line of a generated `validate`: asks about a field that is touched.
///
/// # Errors
/// What the function said.
pub fn valid_field<T>(
    name: &'static str,
    value: &T,
    touched: bool,
    validate: fn(&T) -> Result<(), String>,
) -> Result<(), Invalid> {
    if !touched {
        return Ok(());
    }
    validate(value).map_err(|problem| Invalid { field: Some(name), problem })
}

/// The last line of a generated `validate`: asks about the whole.
///
/// # Errors
/// What the function said.
pub fn valid_entity<T>(entity: &T, validate: fn(&T) -> Result<(), String>) -> Result<(), Invalid> {
    validate(entity).map_err(|problem| Invalid { field: None, problem })
}

/// What a function that changes something in place returns.
#[diagnostic::on_unimplemented(
    message = "a normaliser changes the value in place, and this one returns a `{Self}`",
    label = "returns a `{Self}`",
    note = "write a function that takes a `&mut` and returns nothing"
)]
pub trait Nothing {}

impl Nothing for () {}

/// Asks whether a normaliser returned nothing.
pub fn in_place<T: Nothing>(_: T) {}

/// The function of a step.
pub const fn step(
    with: fn(Value) -> Result<Value, String>,
) -> Option<fn(Value) -> Result<Value, String>> {
    Some(with)
}
