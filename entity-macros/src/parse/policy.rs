//! The options of a field: how changes by several people come together.

use syn::{Attribute, Ident, LitStr, Meta, Type};

use super::settings::{self, Setting};
use crate::model::{Merge, Policy};
use crate::report::Errors;
use crate::spelling::{self, Spelling};
use crate::words::{FIELD_OPTIONS, FIELD_OPTIONS_TO_COME, MERGES, NO_MERGES};
use crate::{messages, suggest, words};

/// Reads the `#[entity(..)]` above a field of type `ty`.
pub fn policy(attributes: &[Attribute], ty: &Type, errors: &mut Errors) -> Option<Policy> {
    let mut settings: Vec<Setting> = Vec::new();
    for setting in all(attributes, errors) {
        match settings.first() {
            Some(first) if first.key == setting.key => {
                errors.add(&setting.key, messages::given_twice(&setting.key));
            }
            Some(first) if FIELD_OPTIONS.contains(&setting.key.to_string().as_str()) => {
                errors.add(&setting.key, messages::two_policies(&first.key, &setting.key));
            }
            _ => settings.push(setting),
        }
    }
    let read = settings.iter().filter_map(|setting| match setting.key.to_string().as_str() {
        "merge" => merge(setting, ty, errors),
        "key" => key(setting, ty, errors),
        _ => unknown(setting, errors),
    });
    read.last()
}

/// The options of a field that can have none, each of which is a mistake for the same reason.
pub fn none(attributes: &[Attribute], reason: impl Fn(&Ident) -> String, errors: &mut Errors) {
    for setting in all(attributes, errors) {
        errors.add(&setting.key, reason(&setting.key));
    }
}

fn all(attributes: &[Attribute], errors: &mut Errors) -> Vec<Setting> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident(words::HELPER)) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                found.extend(settings::all(list.tokens.clone(), errors));
            }
            _ => errors.add(attribute, messages::empty_attribute()),
        }
    }
    found
}

fn unknown(setting: &Setting, errors: &mut Errors) -> Option<Policy> {
    let key = &setting.key;
    let word = key.to_string();
    if FIELD_OPTIONS_TO_COME.contains(&word.as_str()) {
        errors.add(key, messages::field_option_to_come(key));
    } else if MERGES.contains(&word.as_str()) {
        errors.add(key, messages::bare_policy(key));
    } else {
        setting.unknown(FIELD_OPTIONS, errors);
    }
    None
}

fn merge(setting: &Setting, ty: &Type, errors: &mut Errors) -> Option<Policy> {
    let source = setting.text("merge = \"counter\"", errors)?;
    let name = source.value();
    let merge = match name.as_str() {
        "atomic" => Merge::Atomic,
        "counter" => Merge::Counter,
        "text" => Merge::Text,
        _ => {
            let instead = NO_MERGES.iter().find(|(word, _)| *word == name).map(|(_, help)| *help);
            let guess = suggest::nearest(&name, MERGES);
            errors.add(&source, messages::unknown_merge(&name, guess, instead, MERGES));
            return None;
        }
    };
    if merge == Merge::Counter && matches!(spelling::of(ty), Spelling::Float) {
        errors.add(&source, messages::counter_of_floats());
        return None;
    }
    Some(Policy { merge, source })
}

fn key(setting: &Setting, ty: &Type, errors: &mut Errors) -> Option<Policy> {
    let source = setting.text("key = \"id\"", errors)?;
    if !is_name(&source) {
        errors.add(&source, messages::key_is_no_name(&source.value()));
        return None;
    }
    match spelling::of(ty) {
        Spelling::List(_) => Some(Policy { merge: Merge::Key, source }),
        Spelling::Map(..) => {
            errors.add(&setting.key, messages::key_of_a_map());
            None
        }
        _ => {
            errors.add(&setting.key, messages::key_of_no_list());
            None
        }
    }
}

/// Whether a literal could name a field in Rust. Keywords can, as raw identifiers.
fn is_name(literal: &LitStr) -> bool {
    literal.parse_with(<Ident as syn::ext::IdentExt>::parse_any).is_ok()
}
