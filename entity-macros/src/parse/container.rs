//! A struct or enum as a whole.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{Attribute, DeriveInput, GenericParam, Generics, Meta};

use super::docs::docs;
use super::entity::{self, Common, type_name};
use super::serde::{Above, Serde};
use super::{settings, shape};
use crate::model::{Model, Name, Options};
use crate::report::Errors;
use crate::{messages, words};

/// Reads a struct under `#[temporal_entity]`; `None` if the hidden derive was written by hand.
pub fn entity(input: &DeriveInput, errors: &mut Errors) -> Option<Model> {
    let mut arguments = input.attrs.iter().filter(|a| a.path().is_ident(words::ARGUMENTS));
    let arguments = match arguments.next().map(|attribute| &attribute.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => {
            errors.at(proc_macro2::Span::call_site(), messages::derived_directly());
            return None;
        }
    };
    for setting in settings::of_helper(&input.attrs, errors) {
        let key = &setting.key;
        let word = key.to_string();
        let of_fields =
            [words::FIELD_OPTIONS, words::FIELD_OPTIONS_TO_COME, words::MERGES].concat();
        let word = word.as_str();
        if of_fields.contains(&word) && !words::ENTITY_OPTIONS.contains(&word) {
            errors.add(key, messages::belongs_on_field(key));
        } else {
            errors.add(key, messages::belongs_in_attribute(key));
        }
    }
    let (common, options) = entity::entity_options(arguments, &input.ident, errors);
    Some(model(input, common, Some(options), errors))
}

/// Reads a struct or enum under `#[derive(EntityField)]`.
pub fn field_type(input: &DeriveInput, errors: &mut Errors) -> Model {
    let mut tokens = TokenStream::new();
    for attribute in input.attrs.iter().filter(|a| a.path().is_ident(words::HELPER)) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                tokens.extend(list.tokens.clone());
                tokens.extend(quote::quote!(,));
            }
            _ => errors.add(attribute, messages::empty_attribute()),
        }
    }
    let common = entity::container_options(tokens, errors);
    model(input, common, None, errors)
}

fn model(
    input: &DeriveInput,
    common: Common,
    entity: Option<Options>,
    errors: &mut Errors,
) -> Model {
    let above = shape::above(input, entity.is_some());
    let serde = Serde::read(&input.attrs, above, errors);
    let concrete = check_generics(&input.generics, errors);
    check_representation(&input.attrs, errors);
    let named = common.name.or_else(|| {
        // A newtype has no name on the wire or in TypeScript.
        let rename = serde.rename.as_ref().filter(|_| above != Above::Newtype)?;
        type_name(rename, errors)
    });
    let name = named.unwrap_or_else(|| Name {
        text: syn::ext::IdentExt::unraw(&input.ident).to_string(),
        source: input.ident.to_token_stream(),
    });
    let diff = common.diff.unwrap_or_else(|| format_ident!("{}Diff", input.ident));
    let (shape, spoiled) = shape::shape(input, &serde, diff, entity.is_some(), errors);
    Model {
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        docs: docs(&input.attrs),
        name,
        krate: common.krate.unwrap_or_else(settings::default_crate),
        shape,
        entity,
        can_have_impls: concrete && !spoiled && !serde.stops_serde,
    }
}

/// Adds an error for each generic parameter; whether there is none.
fn check_generics(generics: &Generics, errors: &mut Errors) -> bool {
    for parameter in &generics.params {
        let what = match parameter {
            GenericParam::Lifetime(_) => "lifetime",
            GenericParam::Type(_) | GenericParam::Const(_) => "type",
        };
        errors.add(parameter, messages::generic(what));
    }
    if let Some(clause) = &generics.where_clause {
        errors.add(clause, messages::where_clause());
    }
    generics.params.is_empty() && generics.where_clause.is_none()
}

/// `#[repr(packed)]` forbids references to fields.
fn check_representation(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("repr")
        {
            for token in list.tokens.clone() {
                if matches!(&token, TokenTree::Ident(word) if word == "packed") {
                    errors.add(token, messages::packed());
                }
            }
        }
    }
}
