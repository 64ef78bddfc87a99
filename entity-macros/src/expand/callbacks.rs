//! The methods of an entity that call functions of the user's, and its steps. Without such functions there is nothing to
//! print: the trait's defaults say so.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::LitStr;

use super::policy::{method, place};
use super::{Locals, private, span};
use crate::model::{Field, Model, Normaliser, Options, Step};

/// What the entity's impl has beside its options.
pub fn callbacks(model: &Model, options: &Options, diff: &Ident) -> TokenStream {
    let migrations = migrations(model, &options.steps);
    let normalize = normalize(model, diff);
    let validate = validate(model, options, diff);
    quote! { #migrations #normalize #validate }
}

fn migrations(model: &Model, steps: &[Step]) -> TokenStream {
    if steps.is_empty() {
        return TokenStream::new();
    }
    let private = private(model);
    let steps = steps.iter().map(|Step { from, with, .. }| {
        let with = match with {
            Some(path) => {
                let kept = span::keep(path);
                span::at(quote!(#private::step(#kept)), path, model.ident.span())
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(#private::Migration { from: #from, with: #with })
    });
    quote! {
        const MIGRATIONS: &'static [#private::Migration] = &[#(#steps),*];
    }
}

/// A diff of what the normalisers still change, one line for each field.
fn normalize(model: &Model, diff: &Ident) -> TokenStream {
    if model.wire_fields().all(|field| field.normalize.is_none()) {
        return TokenStream::new();
    }
    let private = private(model);
    let Locals { this, touched, .. } = &Locals::of(model);
    let lines = model.wire_fields().map(|field| {
        let ident = &field.ident;
        let Some(normalize) = &field.normalize else {
            return quote!(#ident: ::core::option::Option::None);
        };
        let method = method(model, field, "normal_change");
        let touches = touches(model, field);
        let by = normalize.by.iter().map(|by| span::keep(normaliser(model, field, by)));
        let line = quote!(#ident: #method(&#this.#ident, #touches, &[#(#by),*]));
        place(line, field, model.ident.span())
    });
    quote! {
        fn normalize(
            &#this,
            #touched: ::core::option::Option<&#diff>,
        ) -> ::core::option::Option<#diff> {
            #private::unless_empty(#diff { #(#lines,)* })
        }
    }
}

fn normaliser(model: &Model, field: &Field, by: &Normaliser) -> TokenStream {
    match by {
        Normaliser::Named(name) => named(model, field, name),
        Normaliser::Function(path) => {
            let private = private(model);
            let (ty, kept) = (span::keep(&field.ty), span::keep(path));
            let line = quote!(|__value: &mut #ty| #private::in_place(#kept(__value)));
            span::at(line, path, model.ident.span())
        }
    }
}

fn named(model: &Model, field: &Field, name: &LitStr) -> TokenStream {
    let private = private(model);
    let ty = span::keep(&field.ty);
    let method = Ident::new(&name.value(), Span::call_site());
    span::at(quote!(<#ty as #private::Normal>::#method), name, Span::call_site())
}

/// A closure that calls the user's function, so that one which takes `&str` fits a `String`, too. It names the type of
/// what it takes, or clippy would find it redundant.
fn call(model: &Model, path: &TokenStream, takes: impl ToTokens) -> TokenStream {
    let (kept, takes) = (span::keep(path), span::keep(takes));
    span::at(quote!(|__value: &#takes| #kept(__value)), path, model.ident.span())
}

/// Asks the functions of the fields, one line each, and then that of the entity.
fn validate(model: &Model, options: &Options, diff: &Ident) -> TokenStream {
    let private = private(model);
    let Locals { this, touched, .. } = &Locals::of(model);
    let lines = model.wire_fields().filter_map(|field| {
        let Field { ident, name, ty, .. } = field;
        let name = &name.text;
        let call = span::keep(call(model, field.validate.as_ref()?, ty));
        let touches = touches(model, field);
        let line = quote!(#private::valid_field(#name, &#this.#ident, #touches, #call)?);
        Some(place(line, field, model.ident.span()))
    });
    let lines: Vec<TokenStream> = lines.collect();
    let last = match &options.validate {
        Some(path) => {
            let call = call(model, path, &model.ident);
            quote!(#private::valid_entity(#this, #call))
        }
        None if lines.is_empty() => return TokenStream::new(),
        None => quote!(::core::result::Result::Ok(())),
    };
    quote! {
        fn validate(
            &#this,
            #touched: ::core::option::Option<&#diff>,
        ) -> ::core::result::Result<(), #private::Invalid> {
            #(#lines;)*
            #last
        }
    }
}

fn touches(model: &Model, field: &Field) -> TokenStream {
    let private = private(model);
    let ident = &field.ident;
    let Locals { touched, patch, .. } = &Locals::of(model);
    quote!(#private::touches(#touched, |#patch| #patch.#ident.is_some()))
}
