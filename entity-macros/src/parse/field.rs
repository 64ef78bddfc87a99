//! One field of a struct or of a variant.

use proc_macro2::Ident;

use super::case::Case;
use super::docs::docs;
use super::serde::{Above, Serde};
use super::{policy, types};
use crate::messages;
use crate::model::{Field, Rebuild};
use crate::report::Errors;

/// What a field takes from its struct, or from the enum of its variant.
pub struct Surroundings<'a> {
    /// Name of the struct or enum.
    pub ident: &'a Ident,
    /// How its fields are named on the wire.
    pub rename_all: Option<Case>,
    /// Whether all of its fields may be left out.
    pub default: bool,
    /// Whether it is a variant, which is replaced whole.
    pub is_variant: bool,
}

/// Reads a field; `None` if its type can be no field's. Whether no impl can fit a struct with it comes beside.
pub fn field(
    field: &syn::Field,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> (Option<Field>, bool) {
    let serde = Serde::read(&field.attrs, Above::Field, errors);
    let policy = match &serde.skip {
        _ if around.is_variant => {
            policy::none(&field.attrs, messages::option_in_a_variant, errors);
            None
        }
        Some(_) => {
            policy::none(&field.attrs, messages::option_of_a_skipped_field, errors);
            None
        }
        None => policy::policy(&field.attrs, &field.ty, errors),
    };
    if let (Some(skip), true) = (&serde.skip, around.is_variant) {
        errors.add(skip, messages::skipped_in_a_variant());
    }
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
        deprecated: is_deprecated(&field.attrs),
        default: around.default || serde.default.is_some(),
        skipped: serde.skip.map(|_| serde.default.unwrap_or(Rebuild::Default)),
        policy,
        ident,
    });
    (read, spoils_impls)
}

/// Whether `#[deprecated]` is among `attributes`.
pub fn is_deprecated(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}
