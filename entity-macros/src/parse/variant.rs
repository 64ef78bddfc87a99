//! One variant of an enum.

use syn::{Fields, Meta};

use super::case::Case;
use super::docs::docs;
use super::serde::Serde;
use super::settings;
use crate::model::Variant;
use crate::report::Errors;
use crate::{messages, words};

/// Reads a variant. Whether no impl can fit an enum with it comes beside.
pub fn variant(
    variant: &syn::Variant,
    rename_all: Option<Case>,
    errors: &mut Errors,
) -> (Variant, bool) {
    let serde = Serde::read(&variant.attrs, errors);
    if let Some(skip) = &serde.skip {
        errors.add(skip, messages::skipped_variant());
    }
    if !matches!(variant.fields, Fields::Unit) {
        errors.add(&variant.fields, messages::variant_with_data());
    }
    for attribute in variant.attrs.iter().filter(|a| a.path().is_ident(words::HELPER)) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                for setting in settings::all(list.tokens.clone(), errors) {
                    errors.add(&setting.key, messages::variant_option(&setting.key));
                }
            }
            _ => errors.add(attribute, messages::empty_attribute()),
        }
    }
    let read = Variant {
        docs: docs(&variant.attrs),
        name: serde.wire_name(&variant.ident, |name| match rename_all {
            Some(case) => case.variant(name),
            None => name.to_owned(),
        }),
        ident: variant.ident.clone(),
    };
    (read, serde.stops_serde)
}
