//! From model to code. Cannot fail.
//!
//! Generated code reads like something a colleague would write: one line for each field, no decisions, no loops.
//! What has a decision in it belongs in the runtime. All paths are absolute, all locals begin with `__`, and all but
//! the diff is out of sight in one `const _`.

mod builder;
mod callbacks;
mod diff;
mod entity_impl;
mod field_impl;
mod leaf;
mod newtype;
mod object;
mod policy;
mod schema;
mod span;
mod store;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::{Model, Shape};

/// The code for a sound model.
pub fn expand(model: &Model) -> TokenStream {
    let impls = impls(model, Body::Real);
    let server = object::object(model);
    let client = store::store(model);
    assemble(model, quote! { #impls #server #client })
}

/// The code for a model with errors: the same types and impls, so that the rest of the crate still fits, without
/// what needs every field, and without the objects and stores.
pub fn fallback(model: &Model) -> TokenStream {
    if model.can_have_impls {
        assemble(model, impls(model, Body::Missing))
    } else {
        TokenStream::new()
    }
}

/// Whether the methods that need every field or variant get a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Real,
    Missing,
}

fn assemble(model: &Model, hidden: TokenStream) -> TokenStream {
    let private = private(model);
    let diff = diff::diff(model);
    let version = env!("CARGO_PKG_VERSION");
    // The user deprecates a field for whoever writes it in code, and still wants it to travel.
    let allow = model.has_deprecated().then(|| quote!(#[allow(deprecated)]));
    quote! {
        #diff

        #allow
        const _: () = {
            const _: () = #private::assert_version(#version);
            #hidden
        };
    }
}

fn impls(model: &Model, body: Body) -> TokenStream {
    match &model.shape {
        Shape::Struct { diff, fields } => {
            let field = field_impl::field_impl(model, diff, fields, body);
            let patch = diff::impls(model, diff);
            let builder = builder::builder(model, diff);
            let schema = schema::struct_fields(model, diff);
            let named = schema::named_fields(model);
            let keyed = policy::keyed_fields(model);
            let entity = entity_impl::entity(model, diff, body);
            quote! { #field #patch #builder #schema #named #keyed #entity }
        }
        Shape::Newtype(ty) => newtype::newtype(model, ty),
        Shape::Enum(variants) => {
            let kind = schema::enum_kind(model, variants);
            let field = leaf::leaf(model, variants, body);
            quote! { #kind #field }
        }
        Shape::Union { tag, variants } => {
            let kind = schema::union_kind(model, tag, variants);
            let field = leaf::leaf(model, variants, body);
            let beside = leaf::beside_tag(model, tag, variants);
            quote! { #kind #field #beside }
        }
    }
}

/// Where generated code finds all it needs.
fn private(model: &Model) -> TokenStream {
    let krate = &model.krate;
    quote!(#krate::__private)
}

/// The bound of the impls of `ident` that need serde's: where the derives are missing, it is said once, at the name.
fn serde_bound(ident: &Ident, private: &TokenStream) -> TokenStream {
    span::at_name(quote!(#ident: #private::EntityValue), ident)
}

/// `self` and the locals of generated methods, which the lines about fields use from the place of a field's type.
struct Locals {
    this: Ident,
    other: Ident,
    later: Ident,
    overlaps: Ident,
    to: Ident,
    patch: Ident,
    writer: Ident,
    reader: Ident,
    touched: Ident,
}

impl Locals {
    fn of(model: &Model) -> Locals {
        let local = |name| Ident::new(name, model.ident.span());
        Locals {
            this: local("self"),
            other: local("__other"),
            later: local("__later"),
            overlaps: local("__overlaps"),
            to: local("__to"),
            patch: local("__patch"),
            writer: local("__writer"),
            reader: local("__reader"),
            touched: local("__touched"),
        }
    }
}
