//! What a struct or enum holds.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Data, DataEnum, DeriveInput, Fields, LitStr};

use super::field::{Owner, Surroundings, field};
use super::serde::{Above, Serde};
use super::variant::{self, Enum, variant};
use crate::messages;
use crate::model::{Content, Name, Shape, Tag, Variant};
use crate::report::Errors;

/// What serde's attributes of the item stand above. An entity is never a newtype: it is changed field by field.
pub fn above(input: &DeriveInput, is_entity: bool) -> Above {
    match &input.data {
        Data::Enum(_) => Above::Enum,
        Data::Struct(data) if !is_entity && is_newtype(&data.fields) => Above::Newtype,
        _ => Above::Struct,
    }
}

/// Reads what the item holds, and whether something in it leaves no impl that could fit.
pub fn shape(
    input: &DeriveInput,
    serde: &Serde,
    diff: Ident,
    is_entity: bool,
    errors: &mut Errors,
) -> (Shape, bool) {
    match &input.data {
        Data::Enum(data) => enumeration(data, serde, &input.ident, errors),
        Data::Struct(data) => match data.fields.iter().next() {
            Some(only) if !is_entity && is_newtype(&data.fields) => {
                let (ty, spoiled) = variant::newtype(only, &input.ident, errors);
                (Shape::Newtype(ty), spoiled)
            }
            _ => structure(&data.fields, serde, &input.ident, diff, is_entity, errors),
        },
        Data::Union(data) => {
            errors.add(data.union_token, messages::union());
            (Shape::Enum(Vec::new()), true)
        }
    }
}

fn is_newtype(fields: &Fields) -> bool {
    matches!(fields, Fields::Unnamed(_)) && fields.len() == 1
}

fn structure(
    fields: &Fields,
    serde: &Serde,
    ident: &Ident,
    diff: Ident,
    is_entity: bool,
    errors: &mut Errors,
) -> (Shape, bool) {
    if let Fields::Unnamed(fields) = fields {
        errors.add(fields, messages::unnamed_fields(is_entity));
    }
    let around = Surroundings {
        ident,
        rename_all: serde.rename_all,
        default: serde.default.is_some(),
        owner: if is_entity { Owner::Entity } else { Owner::Struct },
    };
    let mut spoiled = false;
    let fields = fields.iter().filter_map(|syntax| {
        let (read, spoils) = field(syntax, &around, errors);
        spoiled |= spoils;
        read
    });
    let fields = fields.collect();
    (Shape::Struct { diff, fields }, spoiled)
}

fn enumeration(
    data: &DataEnum,
    serde: &Serde,
    ident: &Ident,
    errors: &mut Errors,
) -> (Shape, bool) {
    let around =
        Enum { ident, rename_all: serde.rename_all, rename_all_fields: serde.rename_all_fields };
    let mut spoiled = false;
    let variants = data.variants.iter().map(|syntax| {
        let (read, spoils) = variant(syntax, &around, errors);
        spoiled |= spoils;
        read
    });
    let variants: Vec<Variant> = variants.collect();
    match (&serde.tag, &serde.content) {
        (Some(tag), content) => {
            let tag = Tag { name: name(tag), content: content.as_ref().map(name) };
            spoiled |= tag_clashes(&tag, &variants, errors);
            (Shape::Union { tag, variants }, spoiled)
        }
        (None, Some(content)) => {
            errors.add(content, messages::content_without_tag());
            (Shape::Enum(Vec::new()), true)
        }
        (None, None) => {
            let data = |v: &&Variant| !matches!(v.content, Content::Unit);
            if let Some(first) = variants.iter().find(data) {
                // Said once: it is the enum that has no tag.
                errors.add(&first.ident, messages::variant_without_tag());
                spoiled = true;
            }
            (Shape::Enum(variants), spoiled)
        }
    }
}

fn name(literal: &LitStr) -> Name {
    Name { text: literal.value(), source: literal.to_token_stream() }
}

/// Two keys of one map cannot have one name. Serde's derives stop at this, too.
fn tag_clashes(tag: &Tag, variants: &[Variant], errors: &mut Errors) -> bool {
    let name = tag.name.text.as_str();
    match &tag.content {
        Some(content) if content.text == name => {
            errors.add(&content.source, messages::content_is_tag(name));
            true
        }
        Some(_) => false,
        None => {
            let fields = variants.iter().flat_map(Variant::fields);
            let clashing = fields.filter(|field| field.name.text == name);
            let clashing = clashing
                .inspect(|field| errors.add(&field.name.source, messages::field_is_tag(name)));
            clashing.count() > 0
        }
    }
}
