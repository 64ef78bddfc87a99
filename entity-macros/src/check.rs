//! Rules about several things at once, one function each.

use proc_macro2::Ident;

use crate::model::{Field, Merge, Model, Name, Options, Shape, Variant};
use crate::report::Errors;
use crate::{messages, words};

/// How many steps that are missing a message names.
const MAX_NAMED: usize = 3;

/// Applies every rule.
pub fn check(model: &Model, errors: &mut Errors) {
    something_travels(model, errors);
    wire_names_differ(model, errors);
    wire_names_are_free(model, errors);
    type_name_is_free(model, errors);
    merged_texts_are_left_alone(model, errors);
    if let Some(options) = &model.entity {
        each_version_has_its_step(options, errors);
    }
}

/// Without a field there would be no diff, without a variant no value.
fn something_travels(model: &Model, errors: &mut Errors) {
    match &model.shape {
        Shape::Struct { .. } if model.wire_fields().next().is_none() => {
            errors.add(&model.ident, messages::no_fields(&model.ident));
        }
        Shape::Enum(variants) | Shape::Union { variants, .. } if variants.is_empty() => {
            errors.add(&model.ident, messages::no_variants(&model.ident));
        }
        _ => {}
    }
}

/// A key can only hold one of two fields; serde would write both, and refuse to read them.
fn wire_names_differ(model: &Model, errors: &mut Errors) {
    differ(model.wire_fields().map(of_field), errors);
    differ(model.variants().iter().map(|variant| (&variant.ident, &variant.name)), errors);
    for variant in model.variants() {
        differ(variant.fields().iter().map(of_field), errors);
    }
}

fn of_field(field: &Field) -> (&Ident, &Name) {
    (&field.ident, &field.name)
}

fn differ<'a>(names: impl Iterator<Item = (&'a Ident, &'a Name)>, errors: &mut Errors) {
    let names: Vec<_> = names.collect();
    for (at, (second, name)) in names.iter().enumerate() {
        let mut before = names.iter().take(at);
        if let Some((first, _)) = before.find(|(_, other)| other.text == name.text) {
            errors.add(&name.source, messages::duplicate_name(&name.text, first, second));
        }
    }
}

/// Objects of JavaScript, messages and diffs have keys of their own.
fn wire_names_are_free(model: &Model, errors: &mut Errors) {
    let of_variants = model.variants().iter().flat_map(Variant::fields);
    for field in model.wire_fields().chain(of_variants) {
        if let Some(owner) = owner(&field.name, model) {
            let message = messages::reserved_name(&field.name.text, owner);
            errors.add(&field.name.source, message);
        }
    }
    if let Shape::Union { tag, .. } = &model.shape {
        for key in [Some(&tag.name), tag.content.as_ref()].into_iter().flatten() {
            if let Some(owner) = owner(key, model) {
                errors.add(&key.source, messages::reserved_key(&key.text, owner));
            }
        }
    }
}

/// Who has a name on the wire already.
fn owner(name: &Name, model: &Model) -> Option<&'static str> {
    let name = name.text.as_str();
    if words::RESERVED_IN_OBJECTS.contains(&name) {
        Some("every object in JavaScript has it")
    } else if model.entity.is_some() && words::RESERVED_IN_ENTITIES.contains(&name) {
        Some("it belongs to what is known about a value, not to the value")
    } else if name.starts_with('$') {
        Some("a `$` begins the changes of a diff")
    } else {
        None
    }
}

/// All types of an app share one `.d.ts` file, with what that file needs itself. A newtype has no name there.
fn type_name_is_free(model: &Model, errors: &mut Errors) {
    let name = model.name.text.as_str();
    let has_typings = !matches!(model.shape, Shape::Newtype(_));
    if has_typings && words::RESERVED_TYPES.contains(&name) {
        let message = messages::reserved_type(name, model.entity.is_some());
        errors.add(&model.name.source, message);
    }
}

/// A splice counts characters, which a normaliser would move under those who write.
fn merged_texts_are_left_alone(model: &Model, errors: &mut Errors) {
    for field in model.wire_fields() {
        let merge = field.policy.as_ref().map(|policy| policy.merge);
        if let (Some(Merge::Text), Some(normalize)) = (merge, &field.normalize) {
            errors.add(&normalize.key, messages::normalised_text());
        }
    }
}

/// A value that was stored under any earlier version is brought to this one, step by step.
fn each_version_has_its_step(options: &Options, errors: &mut Errors) {
    let version = options.version;
    let mut before = None;
    for step in &options.steps {
        if before == Some(step.from) {
            errors.add(&step.source, messages::step_twice(step.from));
        } else if step.from >= version {
            errors.add(&step.source, messages::step_beyond(step.from, version));
        }
        before = Some(step.from);
    }
    let is_missing = |from: &u32| options.steps.iter().all(|step| step.from != *from);
    // A number that was mistyped is not counted up to.
    let missing: Vec<u32> = (1..version).filter(is_missing).take(MAX_NAMED + 1).collect();
    if !missing.is_empty() {
        let message = messages::steps_missing(&missing, MAX_NAMED);
        errors.add(&options.version_source, message);
    }
}
