//! Rules about several things at once, one function each.

use proc_macro2::Ident;

use crate::model::{Model, Name, Shape};
use crate::report::Errors;
use crate::{messages, words};

/// Applies every rule.
pub fn check(model: &Model, errors: &mut Errors) {
    something_travels(model, errors);
    wire_names_differ(model, errors);
    wire_names_are_free(model, errors);
    type_name_is_free(model, errors);
}

/// Without a field there would be no diff, without a variant no value.
fn something_travels(model: &Model, errors: &mut Errors) {
    match &model.shape {
        Shape::Struct { .. } if model.wire_fields().next().is_none() => {
            errors.add(&model.ident, messages::no_fields(&model.ident));
        }
        Shape::Enum(variants) if variants.is_empty() => {
            errors.add(&model.ident, messages::no_variants(&model.ident));
        }
        _ => {}
    }
}

/// A key can only hold one of two fields; serde would write both, and refuse to read them.
fn wire_names_differ(model: &Model, errors: &mut Errors) {
    let names: Vec<(&Ident, &Name)> = match &model.shape {
        Shape::Struct { .. } => model.wire_fields().map(|f| (&f.ident, &f.name)).collect(),
        Shape::Enum(variants) => variants.iter().map(|v| (&v.ident, &v.name)).collect(),
    };
    for (at, (second, name)) in names.iter().enumerate() {
        let before = names.iter().take(at);
        if let Some((first, _)) = before.clone().find(|(_, other)| other.text == name.text) {
            errors.add(&name.source, messages::duplicate_name(&name.text, first, second));
        }
    }
}

/// Objects of JavaScript, messages and diffs have keys of their own.
fn wire_names_are_free(model: &Model, errors: &mut Errors) {
    for field in model.wire_fields() {
        let name = field.name.text.as_str();
        let owner = if words::RESERVED_IN_OBJECTS.contains(&name) {
            "every object in JavaScript has it"
        } else if model.entity.is_some() && words::RESERVED_IN_ENTITIES.contains(&name) {
            "it belongs to what is known about a value, not to the value"
        } else if name.starts_with('$') {
            "a `$` begins the changes of a diff"
        } else {
            continue;
        };
        errors.add(&field.name.source, messages::reserved_name(name, owner));
    }
}

/// All types of an app share one `.d.ts` file, with what that file needs itself.
fn type_name_is_free(model: &Model, errors: &mut Errors) {
    let name = model.name.text.as_str();
    if words::RESERVED_TYPES.contains(&name) {
        let message = messages::reserved_type(name, model.entity.is_some());
        errors.add(&model.name.source, message);
    }
}
