//! `impl EntityField` for a struct, which is changed field by field.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::policy::{lines, of_type};
use super::{Body, Locals, private, serde_bound, span};
use crate::model::{Field, Model, Rebuild};

/// Each method goes through the fields, one line each.
pub fn field_impl(model: &Model, diff: &Ident, fields: &[Field], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let copy = match body {
        Body::Real => copy(model, fields),
        Body::Missing => quote!(::core::unimplemented!()),
    };
    let Locals { this, other, to, patch, .. } = &Locals::of(model);
    let same = model.wire_fields().map(|Field { ident, ty, .. }| {
        let same = of_type(ty, &private, "same");
        span::at(quote!(#same(&#this.#ident, &#other.#ident)), ty, model.ident.span())
    });
    let diffed = lines(
        model,
        "diff",
        |method, Field { ident, .. }| quote!(#ident: #method(&#this.#ident, &#to.#ident)),
    );
    let fits = lines(model, "fits_change", |method, Field { ident, name, .. }| {
        let name = &name.text;
        quote!(#method(&#this.#ident, #name, &#patch.#ident))
    });
    let applied = lines(
        model,
        "apply_change",
        |method, Field { ident, .. }| quote!(#ident: #method(&mut #this.#ident, #patch.#ident)),
    );
    let tight = lines(
        model,
        "tighten_change",
        |method, Field { ident, .. }| quote!(#ident: #method(&#this.#ident, #patch.#ident)),
    );
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::EntityField for #ident
        where
            #serde,
        {
            type Patch = #diff;

            const KIND: #private::Kind = #private::Kind::Struct(&#private::StructKind {
                name: <#ident as #private::StructFields>::NAME,
                diff: <#ident as #private::StructFields>::DIFF,
                fields: || <#ident as #private::StructFields>::FIELDS,
            });

            fn same(&#this, #other: &Self) -> bool {
                true #(&& #same)*
            }

            fn copy(&#this) -> Self {
                #copy
            }

            fn diff(&#this, #to: &Self) -> ::core::option::Option<#private::Change<Self>> {
                #private::patch_change(#diff { #(#diffed,)* })
            }

            fn fits(&#this, #patch: &#diff) -> ::core::result::Result<(), #private::Misfit> {
                #(#fits?;)*
                ::core::result::Result::Ok(())
            }

            fn apply(&mut #this, #patch: #diff) -> #diff {
                #diff { #(#applied,)* }
            }

            fn tighten(&#this, #patch: #diff) -> #diff {
                #diff { #(#tight,)* }
            }
        }
    }
}

fn copy(model: &Model, fields: &[Field]) -> TokenStream {
    let private = private(model);
    let this = Locals::of(model).this;
    let fields = fields.iter().map(|field| {
        let Field { ident, ty, .. } = field;
        let copied = match &field.skipped {
            None => {
                let method = of_type(ty, &private, "copy");
                span::at(quote!(#method(&#this.#ident)), ty, model.ident.span())
            }
            Some(Rebuild::Default) => quote!(<#ty as #private::Rebuilt>::rebuild()),
            Some(Rebuild::Function(function)) => quote!(#function()),
        };
        quote! { #ident: #copied, }
    });
    let ident = &model.ident;
    quote! { #ident { #(#fields)* } }
}
