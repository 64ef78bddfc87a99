//! What does not fit, in words.

use js_sys::Array;
use temporal_entity_core::schema::{Kind, ShapeError};
use wasm_bindgen::JsValue;

use crate::js::{display, exception_text, tag};

/// An error at the place that is being read.
pub fn wrong(problem: impl Into<String>) -> ShapeError {
    ShapeError { path: Vec::new(), problem: problem.into() }
}

/// Something else than a value of `kind` was found.
pub fn mismatch(kind: &Kind, found: &JsValue) -> ShapeError {
    unexpected(&expected(kind), found)
}

/// Something else than `expected` was found.
pub fn unexpected(expected: &str, found: &JsValue) -> ShapeError {
    wrong(["expected ", expected, ", found ", &found_name(found)].concat())
}

/// An integer that its kind does not hold.
pub fn out_of_range(found: &JsValue, kind: &str) -> ShapeError {
    wrong([&text_of(found), " is out of the range of ", kind].concat())
}

/// A field that is not there.
pub fn missing(name: &str) -> ShapeError {
    wrong(["the field \"", name, "\" is missing"].concat())
}

/// Words with something between them. (Joining a slice of them would add a kilobyte.)
pub fn listed<'a>(words: impl Iterator<Item = &'a str>, between: &str) -> String {
    let mut list = String::new();
    for word in words {
        if !list.is_empty() {
            list.push_str(between);
        }
        list.push_str(word);
    }
    list
}

/// A name that is none of the variants of an enum.
pub fn unknown_variant<'a>(
    name: &str,
    of: &str,
    known: impl Iterator<Item = &'a str>,
) -> ShapeError {
    let known = listed(known, ", ");
    wrong(["\"", name, "\" is no ", of, ": expected one of ", &known].concat())
}

/// A value in words, for messages. JavaScript prints it, because Rust's printing of floats and wide integers
/// would be a tenth of the whole module.
pub fn text_of(value: &JsValue) -> String {
    display(value).map_or_else(|error| exception_text(&error), String::from)
}

/// What a value of `kind` is in JavaScript.
pub fn expected(kind: &Kind) -> String {
    let (what, name) = match kind {
        Kind::Bool => ("a boolean", ""),
        Kind::Int(range) | Kind::Counter(range) if range.bigint => ("a bigint", range.name),
        Kind::Int(range) | Kind::Counter(range) => ("an integer", range.name),
        Kind::Float => ("a number", ""),
        Kind::Text | Kind::MergedText => ("a string", ""),
        Kind::Id => ("a string", "an id"),
        Kind::Bytes => ("a Uint8Array", ""),
        Kind::Timestamp => ("a Date", ""),
        Kind::Json => ("what JSON has", ""),
        Kind::Option(inner) => return ["null or ", &expected(inner)].concat(),
        Kind::Atomic(inner) => return expected(inner),
        Kind::List(_) | Kind::Keyed(..) => ("an array", ""),
        Kind::Set(_) => ("a Set", ""),
        Kind::Map(key, _) if key.is_text() => ("an object", ""),
        Kind::Map(..) => ("a Map", ""),
        Kind::Struct(shape) => ("an object", shape.name),
        Kind::Enum(shape) => ("a string", shape.name),
        Kind::Union(shape) => ("an object", shape.name),
    };
    if name.is_empty() { what.into() } else { [what, " (", name, ")"].concat() }
}

fn found_name(value: &JsValue) -> String {
    if value.is_undefined() {
        return "undefined".into();
    }
    if value.is_null() {
        return "null".into();
    }
    if Array::is_array(value) {
        return "an array".into();
    }
    if value.is_object() {
        let tag = tag(value).map_or_else(|_| String::new(), String::from);
        let class = tag.strip_prefix("[object ").and_then(|rest| rest.strip_suffix(']'));
        return match class {
            Some("Object") | None => "an object".into(),
            Some(class) => ["a ", class].concat(),
        };
    }
    let name = value.js_typeof().as_string().unwrap_or_default();
    ["a ", &name].concat()
}
