//! One field of a struct.

use proc_macro2::Ident;
use syn::{Attribute, Meta};

use super::case::Case;
use super::docs::docs;
use super::serde::Serde;
use super::{settings, types};
use crate::model::{Field, Rebuild};
use crate::report::Errors;
use crate::{messages, suggest, words};

/// What a field takes from its struct.
pub struct Surroundings<'a> {
    /// Name of the struct.
    pub ident: &'a Ident,
    /// How its fields are named on the wire.
    pub rename_all: Option<Case>,
    /// Whether all of its fields may be left out.
    pub default: bool,
}

/// Reads a field; `None` if its type can be no field's. Whether no impl can fit a struct with it comes beside.
pub fn field(
    field: &syn::Field,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> (Option<Field>, bool) {
    let serde = Serde::read(&field.attrs, errors);
    helper_attributes(&field.attrs, errors);
    let fit = serde.skip.is_some() || types::check(&field.ty, errors);
    let ident = field.ident.clone().filter(|_| fit);
    let spoils_impls = serde.stops_serde || types::leaves_no_impl(&field.ty, around.ident);
    let read = ident.map(|ident| Field {
        vis: field.vis.clone(),
        docs: docs(&field.attrs),
        ty: types::without_self(&field.ty, around.ident),
        name: serde.wire_name(&ident, |name| match around.rename_all {
            Some(case) => case.field(name),
            None => name.to_owned(),
        }),
        deprecated: field.attrs.iter().any(|a| a.path().is_ident("deprecated")),
        default: around.default || serde.default.is_some(),
        skipped: serde.skip.map(|_| serde.default.unwrap_or(Rebuild::Default)),
        ident,
    });
    (read, spoils_impls)
}

/// No option exists yet, so all that `#[entity(..)]` can hold here is a mistake.
fn helper_attributes(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes.iter().filter(|a| a.path().is_ident(words::HELPER)) {
        let settings = match &attribute.meta {
            Meta::List(list) => settings::all(list.tokens.clone(), errors),
            _ => Vec::new(),
        };
        if settings.is_empty() {
            errors.add(attribute, messages::empty_attribute());
        }
        for setting in settings {
            let key = &setting.key;
            if words::FIELD_OPTIONS_TO_COME.contains(&key.to_string().as_str()) {
                errors.add(key, messages::field_option_to_come(key));
            } else {
                let guess = suggest::nearest(&key.to_string(), words::FIELD_OPTIONS_TO_COME);
                errors.add(key, messages::unknown_field_option(key, guess));
            }
        }
    }
}
