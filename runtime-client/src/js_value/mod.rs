//! Value trees as JavaScript values and back: the only place that knows both.
//!
//! Everything is directed by the [`Kind`], since neither side says enough: 64-bit integers are `bigint`s, a map
//! with text keys is a plain object and one with other keys a `Map`, an `Option` is a value or `null`.
//!
//! | kind | JavaScript | also accepted |
//! |---|---|---|
//! | `Bool` | `boolean` | |
//! | `Int` up to 32 bits | `number` | a `bigint` in range |
//! | `Int` of 64 bits | `bigint` | a whole `number` up to 2^53 |
//! | `Float` | `number` | |
//! | `Text`, `Enum` | `string` | |
//! | `Option` | `null` or the inner kind | |
//! | `List` | an array | |
//! | `Map` with text keys | a plain object | a class instance, a proxy |
//! | `Map` with other keys | a `Map` | |
//! | `Struct` | a plain object | a class instance, a proxy |
//!
//! A property that is `undefined` is absent. Published objects are never changed afterwards: a change makes new
//! objects along its path and keeps all others, so that `===` tells a user interface what to draw again.

mod apply;
mod diff;
mod keys;
mod object;
mod patch;
mod read;
mod write;

use js_sys::Array;
use temporal_entity_core::codec;
use temporal_entity_core::schema::{Kind, ShapeError};
use wasm_bindgen::JsValue;

pub use apply::apply_js;
pub use diff::diff_js;
pub use object::set_named;
pub use patch::patch_from_js;
pub use read::from_js;
pub use write::{plain, share, to_js};

use crate::js::{display, exception_text, tag};

/// The deepest nesting that is read: a message around the value has some levels of its own. It also ends the
/// reading of an object that contains itself.
const MAX_DEPTH: usize = codec::MAX_DEPTH.saturating_sub(8);

fn wrong(problem: impl Into<String>) -> ShapeError {
    ShapeError { path: Vec::new(), problem: problem.into() }
}

fn thrown(exception: JsValue) -> ShapeError {
    wrong(["reading it threw ", &exception_text(&exception)].concat())
}

fn deeper(depth: usize) -> Result<usize, ShapeError> {
    depth.checked_sub(1).ok_or_else(|| wrong("nested too deep, or an object that contains itself"))
}

fn mismatch(kind: &Kind, found: &JsValue) -> ShapeError {
    wrong(["expected ", &expected(kind), ", found ", &found_name(found)].concat())
}

fn out_of_range(found: &JsValue, kind: &str) -> ShapeError {
    wrong([&text_of(found), " is out of the range of ", kind].concat())
}

/// A value in words, for messages. JavaScript prints it, because Rust's printing of floats and wide integers
/// would be a tenth of the whole module.
fn text_of(value: &JsValue) -> String {
    display(value).map_or_else(|error| exception_text(&error), String::from)
}

fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "a boolean".into(),
        Kind::Int(range) if range.bigint => ["a bigint (", range.name, ")"].concat(),
        Kind::Int(range) => ["an integer (", range.name, ")"].concat(),
        Kind::Float => "a number".into(),
        Kind::Text => "a string".into(),
        Kind::Option(inner) => ["null or ", &expected(inner)].concat(),
        Kind::List(_) => "an array".into(),
        Kind::Map(Kind::Text, _) => "an object".into(),
        Kind::Map(..) => "a Map".into(),
        Kind::Struct(shape) => ["an object (", shape.name, ")"].concat(),
        Kind::Enum(shape) => ["a string (", shape.name, ")"].concat(),
    }
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
