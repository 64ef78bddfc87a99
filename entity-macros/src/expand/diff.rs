//! The typed diff: one optional change for each field.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::policy::{self, lines};
use super::{Locals, private};
use crate::model::{Field, Merge, Model, Shape};

/// The struct itself, beside the user's.
pub fn diff(model: &Model) -> TokenStream {
    let Shape::Struct { diff, .. } = &model.shape else {
        return TokenStream::new();
    };
    let vis = &model.vis;
    let docs = format!("Changes between two values of [`{}`].", model.ident);
    let fields = model.wire_fields().map(|field| {
        let Field { ident, vis, .. } = field;
        let docs = &field.docs.attributes;
        // Clippy finds the patch of a list with a key complex, but not what comes from a macro.
        let keyed = field.policy.as_ref().is_some_and(|policy| policy.merge == Merge::Key);
        let like = if keyed { Span::call_site() } else { model.ident.span() };
        let change = policy::place(policy::change(model, field), field, like);
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
    let wire_form = wire_form(model, diff);
    let merging = merging(model, diff);
    let untouched = model.wire_fields().map(|field| {
        let ident = &field.ident;
        let line = quote!(#ident: ::core::default::Default::default());
        policy::place(line, field, model.ident.span())
    });
    quote! {
        #[automatically_derived]
        impl #private::Patch for #diff {
            #wire_form
            #merging
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

/// The methods of a patch that write and read it.
fn wire_form(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let Locals { this, writer, reader, .. } = &Locals::of(model);
    let unchanged = model.wire_fields().map(|field| {
        let ident = &field.ident;
        policy::place(quote!(#this.#ident.is_none()), field, model.ident.span())
    });
    let written = lines(model, "write_change", |method, Field { ident, name, .. }| {
        let name = &name.text;
        quote!(#method(#name, &#this.#ident, &mut #writer))
    });
    let read = lines(model, "read_change", |method, Field { ident, name, .. }| {
        let name = &name.text;
        quote!(#ident: #method(#name, &mut #reader)?)
    });
    quote! {
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
}

/// The methods of a patch that bring it together with another one.
fn merging(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let Locals { this, other, later, overlaps, .. } = &Locals::of(model);
    let composed = lines(
        model,
        "compose_change",
        |method, Field { ident, .. }| quote!(#ident: #method(#this.#ident, #later.#ident)),
    );
    let overlapping = lines(model, "overlap_change", |method, Field { ident, name, .. }| {
        let name = &name.text;
        quote!(#method(#name, &#this.#ident, &#other.#ident, #overlaps))
    });
    quote! {
        fn compose(#this, #later: Self) -> Self {
            #diff { #(#composed,)* }
        }

        fn overlap(&#this, #other: &Self, #overlaps: &mut #private::Overlaps) {
            #(#overlapping;)*
        }
    }
}
