//! One variant of an enum.

use syn::Fields;

use super::case::Case;
use super::docs::docs;
use super::field::{Owner, Surroundings, field, is_deprecated};
use super::serde::{Above, Serde};
use super::{options, types};
use crate::messages;
use crate::model::{Content, Variant};
use crate::report::Errors;

/// What a variant takes from its enum.
pub struct Enum<'a> {
    /// Name of the enum.
    pub ident: &'a proc_macro2::Ident,
    /// How its variants are named on the wire.
    pub rename_all: Option<Case>,
    /// How the fields of its variants are named on the wire.
    pub rename_all_fields: Option<Case>,
}

/// Reads a variant. Whether no impl can fit an enum with it comes beside.
pub fn variant(variant: &syn::Variant, around: &Enum<'_>, errors: &mut Errors) -> (Variant, bool) {
    let serde = Serde::read(&variant.attrs, Above::Variant, errors);
    if let Some(skip) = &serde.skip {
        errors.add(skip, messages::skipped_variant());
    }
    options::none(&variant.attrs, messages::variant_option, errors);
    let fields = Surroundings {
        ident: around.ident,
        rename_all: serde.rename_all.or(around.rename_all_fields),
        default: false,
        owner: Owner::Variant,
    };
    let (content, spoiled) = content(variant, &fields, errors);
    let read = Variant {
        docs: docs(&variant.attrs),
        name: serde.wire_name(&variant.ident, |name| match around.rename_all {
            Some(case) => case.variant(name),
            None => name.to_owned(),
        }),
        deprecated: is_deprecated(&variant.attrs),
        content,
        ident: variant.ident.clone(),
    };
    (read, spoiled || serde.stops_serde)
}

fn content(
    variant: &syn::Variant,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> (Content, bool) {
    match &variant.fields {
        Fields::Unit => (Content::Unit, false),
        Fields::Named(named) => {
            let mut spoiled = false;
            let fields = named.named.iter().filter_map(|syntax| {
                let (read, spoils) = field(syntax, around, errors);
                // Without one of its fields, no pattern fits the variant.
                spoiled |= spoils || read.is_none();
                read
            });
            (Content::Struct(fields.collect()), spoiled)
        }
        Fields::Unnamed(unnamed) => match unnamed.unnamed.first() {
            Some(only) if unnamed.unnamed.len() == 1 => {
                let (ty, spoiled) = newtype(only, around.ident, errors);
                (Content::Newtype(ty), spoiled)
            }
            _ => {
                errors.add(unnamed, messages::unnamed_in_a_variant(&variant.ident));
                (Content::Unit, true)
            }
        },
    }
}

/// Reads the one field without a name of a struct or variant. Whether no impl can fit it comes beside.
pub fn newtype(
    only: &syn::Field,
    owner: &proc_macro2::Ident,
    errors: &mut Errors,
) -> (Box<syn::Type>, bool) {
    let serde = Serde::read(&only.attrs, Above::Field, errors);
    options::none(&only.attrs, messages::option_in_a_newtype, errors);
    if let Some(skip) = &serde.skip {
        errors.add(skip, messages::skipped_in_a_newtype());
    }
    let unfit = !types::check(&only.ty, errors);
    let spoiled = unfit || serde.stops_serde || types::leaves_no_impl(&only.ty, owner);
    (Box::new(types::without_self(&only.ty, owner)), spoiled)
}
