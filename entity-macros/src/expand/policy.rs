//! How generated code names what a field can do: by its type, or by the merge policy that it names.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Type;

use super::{private, span};
use crate::model::{Field, Merge, Model, Policy};

/// The path of a method of the field trait, for a type.
pub fn of_type(ty: &Type, private: &TokenStream, name: &str) -> TokenStream {
    let ty = span::keep(ty);
    let name = Ident::new(name, Span::call_site());
    quote!(<#ty as #private::EntityField>::#name)
}

/// The path of a method that a policy has, too: its own where the field names one, else that of the type.
pub fn method(field: &Field, private: &TokenStream, name: &str) -> TokenStream {
    let Some(policy) = marker(field, private) else {
        return of_type(&field.ty, private, name);
    };
    let ty = span::keep(&field.ty);
    let name = Ident::new(name, Span::call_site());
    quote!(<#policy as #private::Merge<#ty>>::#name)
}

/// The type that stands for the policy, if the field names one.
pub fn marker(field: &Field, private: &TokenStream) -> Option<TokenStream> {
    Some(match field.policy.as_ref()?.merge {
        Merge::Atomic => quote!(#private::Atomic),
        Merge::Counter => quote!(#private::Counter),
        Merge::Text => quote!(#private::Text),
        Merge::Key => {
            let key = key(field, private);
            quote!(#private::Keyed<#key>)
        }
    })
}

/// The patch of the policy, if the field names one.
pub fn patch(field: &Field, private: &TokenStream) -> Option<TokenStream> {
    Some(match field.policy.as_ref()?.merge {
        Merge::Atomic => quote!(#private::Never),
        Merge::Counter => quote!(#private::Add),
        Merge::Text => quote!(#private::TextPatch),
        Merge::Key => {
            let key = key(field, private);
            quote!(#private::KeyedPatch<#key>)
        }
    })
}

/// What tells the elements of a list apart. Names its type and the field, and so needs no type of its own beside the
/// user's.
fn key(field: &Field, private: &TokenStream) -> TokenStream {
    let ty = span::keep(&field.ty);
    let name = field.policy.as_ref().map(|policy| policy.source.value());
    quote!(#private::By<#ty, { #private::named(#name) }>)
}

/// Puts a line about what changes in a field where a mistake in it is to be underlined: at the literal that names the
/// policy, else at the type.
pub fn place(line: TokenStream, field: &Field, like: Span) -> TokenStream {
    match &field.policy {
        Some(Policy { source, .. }) => span::at(line, source, like),
        None => span::at(line, &field.ty, like),
    }
}

/// A line for each field that calls a method which a policy has, too.
pub fn lines(
    model: &Model,
    name: &str,
    print: impl Fn(&TokenStream, &Field) -> TokenStream,
) -> Vec<TokenStream> {
    let private = private(model);
    let line = |field: &Field| {
        let line = print(&method(field, &private, name), field);
        place(line, field, model.ident.span())
    };
    model.wire_fields().map(line).collect()
}

/// The change of a field, as the type of a field of the diff.
pub fn change(field: &Field, private: &TokenStream) -> TokenStream {
    let patch = patch(field, private).map(|patch| quote!(, #patch));
    let ty = span::keep(&field.ty);
    quote!(::core::option::Option<#private::Change<#ty #patch>>)
}
