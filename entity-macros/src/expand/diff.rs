//! The typed diff: one optional change for each field.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{place, private};
use crate::model::{Field, Model, Shape};

/// The struct itself, beside the user's.
pub fn diff(model: &Model) -> TokenStream {
    let Shape::Struct { diff, .. } = &model.shape else {
        return TokenStream::new();
    };
    let private = private(model);
    let vis = &model.vis;
    let docs = format!("Changes between two values of [`{}`].", model.ident);
    let fields = model.wire_fields().map(|field| {
        let Field { ident, vis, ty, .. } = field;
        let docs = &field.docs.attributes;
        quote_spanned! {place(field)=>
            #(#docs)*
            #vis #ident: ::core::option::Option<#private::Change<#ty>>,
        }
    });
    quote! {
        #[doc = #docs]
        #[derive(::core::default::Default)]
        #vis struct #diff {
            #(#fields)*
        }
    }
}

/// `impl Patch` for it, and `Debug`, which shows its wire form and so asks nothing of the types of the fields.
pub fn impls(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let unchanged = model.wire_fields().map(|field| {
        let ident = &field.ident;
        quote_spanned! {place(field)=> self.#ident.is_none() }
    });
    let written = model.wire_fields().map(|field| {
        let (ident, name) = (&field.ident, &field.name.text);
        quote_spanned! {place(field)=> __writer.field(#name, &self.#ident); }
    });
    let read = model.wire_fields().map(|field| {
        let (ident, name) = (&field.ident, &field.name.text);
        quote_spanned! {place(field)=> #ident: __reader.field(#name)?, }
    });
    quote! {
        #[automatically_derived]
        impl #private::Patch for #diff {
            fn is_empty(&self) -> bool {
                true #(&& #unchanged)*
            }

            fn to_value(&self) -> #private::Value {
                let mut __writer = #private::PatchWriter::new();
                #(#written)*
                __writer.finish()
            }

            fn from_value(
                __value: #private::Value,
            ) -> ::core::result::Result<Self, #private::ShapeError> {
                let mut __reader = #private::PatchReader::new(__value)?;
                let __diff = #diff { #(#read)* };
                __reader.finish()?;
                ::core::result::Result::Ok(__diff)
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for #diff {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&#private::Patch::to_value(self), __f)
            }
        }
    }
}
