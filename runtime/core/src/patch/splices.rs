//! Changes of texts and lists by splices, on trees.

use ciborium::Value;

use super::form::{Form, form, splices_to_value};
use crate::sequence::{splice::Splices, text};

/// A patch by splices, of whichever kind of sequence.
pub enum Spliced {
    /// Of a text.
    Text(Splices<String>),
    /// Of a list.
    List(Splices<Vec<Value>>),
}

/// Reads a patch by splices; `None` if it is none, or not in the one form that a change has.
pub fn spliced(patch: &Value) -> Option<Spliced> {
    let Form::Splice(parts) = form(patch) else {
        return None;
    };
    let texts = parts.get(2)?.is_text();
    if texts {
        Splices::from_values(parts, |v| v.as_text().map(str::to_owned)).map(Spliced::Text)
    } else {
        Splices::from_values(parts, |v| v.as_array().cloned()).map(Spliced::List)
    }
}

/// The wire form of a change of a text.
pub fn write_text(splices: &Splices<String>) -> Option<Value> {
    splices_to_value(splices, |text| Value::from(text.as_str()))
}

/// The wire form of a change of a list.
pub fn write_list(splices: &Splices<Vec<Value>>) -> Option<Value> {
    splices_to_value(splices, |items| Value::Array(items.clone()))
}

/// The change between two texts.
pub fn text_diff(old: &str, new: &str) -> Option<Value> {
    write_text(&text::diff(old, new))
}
