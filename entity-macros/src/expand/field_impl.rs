//! `impl EntityField`, which an entity shares with the structs and enums in its fields.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Body, place, private};
use crate::model::{Field, Model, Rebuild, Variant};

/// For a struct: each method goes through the fields, one line each.
pub fn for_struct(model: &Model, diff: &Ident, fields: &[Field], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let copy = match body {
        Body::Real => copy(model, fields),
        Body::Missing => quote!(::core::unimplemented!()),
    };
    let same = model.wire_fields().map(|field| {
        let ident = &field.ident;
        quote_spanned! {place(field)=>
            #private::EntityField::same(&self.#ident, &__other.#ident)
        }
    });
    let diffed = model.wire_fields().map(|field| {
        let ident = &field.ident;
        quote_spanned! {place(field)=>
            #ident: #private::EntityField::diff(&self.#ident, &__to.#ident),
        }
    });
    let fits = model.wire_fields().map(|field| {
        let (ident, name) = (&field.ident, &field.name.text);
        quote_spanned! {place(field)=> #private::fits(#name, &self.#ident, &__patch.#ident)?; }
    });
    let applied = model.wire_fields().map(|field| {
        let ident = &field.ident;
        quote_spanned! {place(field)=>
            #ident: #private::apply(&mut self.#ident, __patch.#ident),
        }
    });
    quote! {
        #[automatically_derived]
        impl #private::EntityField for #ident {
            type Patch = #diff;

            const KIND: #private::Kind = #private::Kind::Struct(&#private::StructKind {
                name: <#ident as #private::StructFields>::NAME,
                diff: <#ident as #private::StructFields>::DIFF,
                fields: || <#ident as #private::StructFields>::FIELDS,
            });

            fn same(&self, __other: &Self) -> bool {
                true #(&& #same)*
            }

            fn copy(&self) -> Self {
                #copy
            }

            fn diff(&self, __to: &Self) -> ::core::option::Option<#private::Change<Self>> {
                #private::patch_change(#diff { #(#diffed)* })
            }

            fn fits(&self, __patch: &#diff) -> ::core::result::Result<(), #private::Misfit> {
                #(#fits)*
                ::core::result::Result::Ok(())
            }

            fn apply(&mut self, __patch: #diff) -> #diff {
                #diff { #(#applied)* }
            }
        }
    }
}

fn copy(model: &Model, fields: &[Field]) -> TokenStream {
    let private = private(model);
    let fields = fields.iter().map(|field| {
        let ident = &field.ident;
        match &field.skipped {
            None => quote_spanned! {place(field)=>
                #ident: #private::EntityField::copy(&self.#ident),
            },
            Some(Rebuild::Default) => quote_spanned! {place(field)=>
                #ident: #private::Rebuilt::rebuild(),
            },
            Some(Rebuild::Function(function)) => quote_spanned! {place(field)=>
                #ident: #function(),
            },
        }
    });
    let ident = &model.ident;
    quote! { #ident { #(#fields)* } }
}

/// For an enum without data: replaced whole.
pub fn for_enum(model: &Model, variants: &[Variant], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
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
        impl #private::EntityField for #ident {
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
