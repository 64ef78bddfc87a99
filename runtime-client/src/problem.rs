//! Refusals as JavaScript errors: an `Error` that is also a `TemporalProblem`, with `status` and `reason`.

use js_sys::{Error, Object};
use temporal_entity_core::local::{Problem, Refusal};
use temporal_entity_core::message::{Malformed, Reason};
use temporal_entity_core::schema::{Kind, ShapeError};
use temporal_entity_core::value::entries;
use wasm_bindgen::JsValue;

use crate::js_value::{plain, set_named, to_js};

/// The error to throw, or to reject a promise with.
pub fn error(problem: &Problem) -> JsValue {
    let error = Error::new(&problem.message);
    error.set_name("TemporalProblem");
    fill(&error, problem);
    error.into()
}

/// The plain object in a store's status.
pub fn object(problem: &Problem) -> JsValue {
    let object = Object::new();
    fill(&object, problem);
    set_named(&object, "message", &JsValue::from_str(&problem.message));
    object.into()
}

/// A refused edit in a store's status. What was shown and what is shown now have the entity's kind.
pub fn refused(kind: &Kind, refusal: &Refusal) -> JsValue {
    let object = Object::new();
    for (key, part) in entries(refusal.as_value()) {
        let name = key.as_text().unwrap_or_default();
        let part = match name {
            "mine" | "theirs" => to_js(kind, part),
            _ => plain(part),
        };
        set_named(&object, name, &part);
    }
    object.into()
}

fn fill(object: &Object, problem: &Problem) {
    set_named(object, "status", &problem.status.into());
    set_named(object, "reason", &JsValue::from_str(&problem.reason));
}

/// A value that does not have the shape of its type.
pub fn misshapen(shape: &ShapeError) -> JsValue {
    error(&Problem::new(400, Reason::Shape.name(), shape.to_string()))
}

/// An argument that is not what it must be.
pub fn malformed(why: Malformed) -> JsValue {
    error(&Problem::new(400, Reason::Malformed.name(), why.0))
}
