//! The typed diff: one optional change for each field.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Locals, method, private, span};
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
        let kept = span::keep(ty);
        let change = quote!(::core::option::Option<#private::Change<#kept>>);
        let change = span::at_type(change, ty, model.ident.span());
        quote! {
            #(#docs)*
            #vis #ident: #change,
        }
    });
    // Where the user has a type of that name, the compiler underlines the name of the struct.
    let item = quote_spanned! {diff.span()=>
        struct #diff {
            #(#fields)*
        }
    };
    quote! {
        #[doc = #docs]
        #vis #item
    }
}

/// `impl Patch` for it, and two that ask nothing of the types of the fields: `Default`, which changes nothing, and
/// `Debug`, which shows the wire form. (A derived `Default` would repeat what is wrong with a type.)
pub fn impls(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let Locals { this, writer, reader, .. } = &Locals::of(model);
    let at_type = |line, field: &Field| span::at_type(line, &field.ty, model.ident.span());
    let unchanged = model.wire_fields().map(|field| {
        let ident = &field.ident;
        at_type(quote!(#this.#ident.is_none()), field)
    });
    let written = model.wire_fields().map(|field| {
        let method = method(field, &private, "write_change");
        let (ident, name) = (&field.ident, &field.name.text);
        at_type(quote!(#method(#name, &#this.#ident, &mut #writer)), field)
    });
    let read = model.wire_fields().map(|field| {
        let method = method(field, &private, "read_change");
        let (ident, name) = (&field.ident, &field.name.text);
        at_type(quote!(#ident: #method(#name, &mut #reader)?), field)
    });
    let untouched = model.wire_fields().map(|field| {
        let ident = &field.ident;
        at_type(quote!(#ident: ::core::default::Default::default()), field)
    });
    quote! {
        #[automatically_derived]
        impl #private::Patch for #diff {
            fn is_empty(&#this) -> bool {
                true #(&& #unchanged)*
            }

            fn to_value(&#this) -> #private::Value {
                let mut #writer = #private::PatchWriter::new();
                #(#written;)*
                #writer.finish()
            }

            fn from_value(
                __value: #private::Value,
            ) -> ::core::result::Result<Self, #private::ShapeError> {
                let mut #reader = #private::PatchReader::new(__value)?;
                let __diff = #diff { #(#read,)* };
                #reader.finish()?;
                ::core::result::Result::Ok(__diff)
            }
        }

        #[automatically_derived]
        impl ::core::default::Default for #diff {
            fn default() -> Self {
                #diff { #(#untouched,)* }
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
