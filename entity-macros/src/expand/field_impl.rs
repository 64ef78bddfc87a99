//! `impl EntityField`, which an entity shares with the structs and enums in its fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Body, Locals, method, private, serde_bound, span};
use crate::model::{Field, Model, Rebuild, Variant};

/// For a struct: each method goes through the fields, one line each.
pub fn for_struct(model: &Model, diff: &Ident, fields: &[Field], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let copy = match body {
        Body::Real => copy(model, fields),
        Body::Missing => quote!(::core::unimplemented!()),
    };
    let Locals { this, other, to, patch, .. } = &Locals::of(model);
    let same = lines(
        model,
        "same",
        |method, Field { ident, .. }| quote!(#method(&#this.#ident, &#other.#ident)),
    );
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
        }
    }
}

/// A line for each field that calls a method of the field trait.
fn lines(
    model: &Model,
    name: &str,
    print: impl Fn(&TokenStream, &Field) -> TokenStream,
) -> Vec<TokenStream> {
    let private = private(model);
    let line = |field: &Field| {
        let line = print(&method(field, &private, name), field);
        span::at_type(line, &field.ty, model.ident.span())
    };
    model.wire_fields().map(line).collect()
}

fn copy(model: &Model, fields: &[Field]) -> TokenStream {
    let private = private(model);
    let this = Locals::of(model).this;
    let fields = fields.iter().map(|field| {
        let Field { ident, ty, .. } = field;
        let copied = match &field.skipped {
            None => {
                let method = method(field, &private, "copy");
                span::at_type(quote!(#method(&#this.#ident)), ty, model.ident.span())
            }
            Some(Rebuild::Default) => quote!(<#ty as #private::Rebuilt>::rebuild()),
            Some(Rebuild::Function(function)) => quote!(#function()),
        };
        quote! { #ident: #copied, }
    });
    let ident = &model.ident;
    quote! { #ident { #(#fields)* } }
}

/// For an enum without data: replaced whole.
pub fn for_enum(model: &Model, variants: &[Variant], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let copies = variants.iter().map(|variant| {
        let variant = &variant.ident;
        quote! { #ident::#variant => #ident::#variant, }
    });
    let copy = match body {
        Body::Real => quote! { match self { #(#copies)* } },
        Body::Missing => quote!(::core::unimplemented!()),
    };
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::EntityField for #ident
        where
            #serde,
        {
            type Patch = #private::Never;

            const KIND: #private::Kind = #private::Kind::Enum(__KIND);

            fn same(&self, __other: &Self) -> bool {
                ::core::mem::discriminant(self) == ::core::mem::discriminant(__other)
            }

            fn copy(&self) -> Self {
                #copy
            }

            fn fits(
                &self,
                __patch: &#private::Never,
            ) -> ::core::result::Result<(), #private::Misfit> {
                match *__patch {}
            }

            fn apply(&mut self, __patch: #private::Never) -> #private::Never {
                __patch
            }
        }
    }
}
