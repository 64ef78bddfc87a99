//! The shape as constant data.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{method, private};
use crate::model::{Field, Model, Variant};

/// `impl StructFields`.
pub fn struct_fields(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let name = &model.name.text;
    let diff = diff_name(model, diff);
    let docs = &model.docs.text;
    let fields = model.wire_fields().map(|field| field_schema(field, &private));
    quote! {
        #[automatically_derived]
        impl #private::StructFields for #ident {
            const NAME: &'static str = #name;
            const DIFF: &'static str = #diff;
            const DOCS: &'static str = #docs;
            const FIELDS: &'static [#private::FieldSchema] = &[#(#fields,)*];
        }
    }
}

/// The diff is called after the name, unless it was given a name of its own.
pub fn diff_name(model: &Model, diff: &Ident) -> String {
    if *diff == quote::format_ident!("{}Diff", model.ident) {
        format!("{}Diff", model.name.text)
    } else {
        syn::ext::IdentExt::unraw(diff).to_string()
    }
}

fn field_schema(field: &Field, private: &TokenStream) -> TokenStream {
    let default = field.default;
    let kind = method(field, private, "KIND");
    let name = &field.name.text;
    let docs = &field.docs.text;
    quote! {
        #private::FieldSchema {
            name: #name,
            docs: #docs,
            kind: #kind,
            default: #default,
        }
    }
}

/// The variants of an enum, which its `KIND` and its typings refer to.
pub fn enum_kind(model: &Model, variants: &[Variant]) -> TokenStream {
    let private = private(model);
    let name = &model.name.text;
    let names = variants.iter().map(|variant| &variant.name.text);
    quote! {
        const __KIND: &#private::EnumKind = &#private::EnumKind {
            name: #name,
            variants: &[#(#names),*],
        };
    }
}
