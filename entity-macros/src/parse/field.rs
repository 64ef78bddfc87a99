//! One field of a struct or of a variant.

use proc_macro2::Ident;

use super::case::Case;
use super::docs::docs;
use super::serde::{Above, Serde};
use super::{options, types};
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
    /// What it is.
    pub owner: Owner,
}

/// What a field is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// An entity.
    Entity,
    /// A struct that is the type of a field.
    Struct,
    /// A variant, which is replaced whole.
    Variant,
}

/// Reads a field; `None` if its type can be no field's. Whether no impl can fit a struct with it comes beside.
pub fn field(
    field: &syn::Field,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> (Option<Field>, bool) {
    let serde = Serde::read(&field.attrs, Above::Field, errors);
    let options = match (&serde.skip, around.owner) {
        (_, Owner::Variant) => options::none(&field.attrs, messages::option_in_a_variant, errors),
        (Some(_), _) => options::none(&field.attrs, messages::option_of_a_skipped_field, errors),
        (None, owner) => options::options(&field.attrs, &field.ty, owner == Owner::Entity, errors),
    };
    if let (Some(skip), Owner::Variant) = (&serde.skip, around.owner) {
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
        policy: options.policy,
        normalize: options.normalize,
        validate: options.validate,
        ident,
    });
    (read, spoils_impls)
}

/// Whether `#[deprecated]` is among `attributes`.
pub fn is_deprecated(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}
