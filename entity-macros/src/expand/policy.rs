//! How generated code names what a field can do: by its type, or by the merge policy that it names.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{LitStr, Type};

use super::{private, span};
use crate::model::{Field, Merge, Model, Policy};
use crate::spelling::{self, Spelling};

/// The path of a method of the field trait, for a type.
pub fn of_type(ty: &Type, private: &TokenStream, name: &str) -> TokenStream {
    let ty = span::keep(ty);
    let name = Ident::new(name, Span::call_site());
    quote!(<#ty as #private::EntityField>::#name)
}

/// The path of a method that a policy has, too: its own where the field names one, else that of the type.
pub fn method(model: &Model, field: &Field, name: &str) -> TokenStream {
    let private = &private(model);
    let Some(policy) = marker(model, field, private) else {
        return of_type(&field.ty, private, name);
    };
    let ty = span::keep(&field.ty);
    let name = Ident::new(name, Span::call_site());
    quote!(<#policy as #private::Merge<#ty>>::#name)
}

/// The type that stands for the policy, if the field names one.
pub fn marker(model: &Model, field: &Field, private: &TokenStream) -> Option<TokenStream> {
    Some(match field.policy.as_ref()?.merge {
        Merge::Atomic => quote!(#private::Atomic),
        Merge::Counter => quote!(#private::Counter),
        Merge::Text => quote!(#private::Text),
        Merge::Key => {
            let key = key(model, field, private);
            quote!(#private::Keyed<#key>)
        }
    })
}

/// The patch of the policy, if the field names one.
fn patch(model: &Model, field: &Field, private: &TokenStream) -> Option<TokenStream> {
    Some(match field.policy.as_ref()?.merge {
        Merge::Atomic => quote!(#private::Never),
        Merge::Counter => quote!(#private::Add),
        Merge::Text => quote!(#private::TextPatch),
        Merge::Key => {
            let key = key(model, field, private);
            quote!(#private::KeyedPatch<#key>)
        }
    })
}

/// What tells the elements of a list apart: by its owner and its field, so that the user's module needs no type for it.
fn key(model: &Model, field: &Field, private: &TokenStream) -> TokenStream {
    let owner = &model.ident;
    let element = element(field).map(span::keep);
    let name = in_rust(&field.ident);
    quote!(#private::By<#owner, #element, { #private::named(#name) }>)
}

/// The type of the elements of a list with a key.
pub fn element(field: &Field) -> Option<&Type> {
    match spelling::of(&field.ty) {
        Spelling::List(element) => Some(element),
        _ => None,
    }
}

/// `impl KeyedField` for each list with a key. Nothing but the name of the key can be wrong with it, and that is in the
/// value of its constant.
pub fn keyed_fields(model: &Model) -> TokenStream {
    let private = private(model);
    let owner = &model.ident;
    let impls = model.wire_fields().filter_map(|field| {
        let policy = field.policy.as_ref().filter(|policy| policy.merge == Merge::Key)?;
        let element = element(field).map(span::keep);
        let (list, key) = (in_rust(&field.ident), raw_name(&policy.source));
        let found = quote!(#private::key_field::<_, { #private::named(#key) }>());
        let found = span::at(found, &policy.source, owner.span());
        Some(quote! {
            #[automatically_derived]
            impl #private::KeyedField<#element, { #private::named(#list) }> for #owner {
                const KEY: #private::KeyField<#element> = #found;
            }
        })
    });
    quote!(#(#impls)*)
}

/// A name in Rust as fields are known by: without the `r#`.
pub fn in_rust(ident: &Ident) -> String {
    syn::ext::IdentExt::unraw(ident).to_string()
}

fn raw_name(literal: &LitStr) -> String {
    let name = literal.value();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
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
    let line = |field: &Field| {
        let line = print(&method(model, field, name), field);
        place(line, field, model.ident.span())
    };
    model.wire_fields().map(line).collect()
}

/// The change of a field, as the type of a field of the diff.
pub fn change(model: &Model, field: &Field) -> TokenStream {
    let private = private(model);
    let patch = patch(model, field, &private).map(|patch| quote!(, #patch));
    let ty = span::keep(&field.ty);
    quote!(::core::option::Option<#private::Change<#ty #patch>>)
}
