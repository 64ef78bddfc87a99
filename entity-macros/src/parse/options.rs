//! The options of a field, in as many `#[entity(..)]` as there are above it.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Type};

use super::normalize::normalize;
use super::policy;
use super::settings::{self, Setting};
use crate::model::{Normalize, Policy};
use crate::report::Errors;
use crate::{messages, words};

/// What the options of a field say.
#[derive(Default)]
pub struct FieldOptions {
    /// `merge` or `key`.
    pub policy: Option<Policy>,
    /// `normalize`.
    pub normalize: Option<Normalize>,
    /// `validate`.
    pub validate: Option<TokenStream>,
}

/// Reads the `#[entity(..)]` above a field of type `ty`.
pub fn options(
    attributes: &[Attribute],
    ty: &Type,
    is_entity: bool,
    errors: &mut Errors,
) -> FieldOptions {
    let mut options = FieldOptions::default();
    let mut first_policy: Option<&Ident> = None;
    let settings = settings::once(settings::of_helper(attributes, errors), &[], errors);
    for setting in &settings {
        let key = &setting.key;
        match key.to_string().as_str() {
            word if words::CALLBACK_OPTIONS.contains(&word) && !is_entity => {
                errors.add(key, messages::callback_outside_of_an_entity(key));
            }
            "normalize" => options.normalize = normalize(setting, errors),
            "validate" => {
                options.validate = setting.function("validate = path::to::check", errors);
            }
            "key" | "merge" => match first_policy {
                Some(first) => errors.add(key, messages::two_policies(first, key)),
                None => {
                    first_policy = Some(key);
                    options.policy = policy::policy(setting, ty, errors);
                }
            },
            _ => unknown(setting, is_entity, errors),
        }
    }
    options
}

/// The options of a field that can have none, each of which is a mistake for the same reason.
pub fn none(
    attributes: &[Attribute],
    reason: impl Fn(&Ident) -> String,
    errors: &mut Errors,
) -> FieldOptions {
    for setting in settings::of_helper(attributes, errors) {
        errors.add(&setting.key, reason(&setting.key));
    }
    FieldOptions::default()
}

fn unknown(setting: &Setting, is_entity: bool, errors: &mut Errors) {
    let key = &setting.key;
    let word = key.to_string();
    if words::FIELD_OPTIONS_TO_COME.contains(&word.as_str()) {
        errors.add(key, messages::field_option_to_come(key));
    } else if words::MERGES.contains(&word.as_str()) {
        errors.add(key, messages::bare_policy(key));
    } else if words::NORMALISERS.contains(&word.as_str()) && is_entity {
        errors.add(key, messages::bare_normaliser(key));
    } else {
        let known = if is_entity { words::FIELD_OPTIONS } else { words::POLICY_OPTIONS };
        setting.unknown(known, errors);
    }
}
