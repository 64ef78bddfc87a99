//! `impl EntityField` for a newtype, which is on the wire, and changes, as what is in it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{leaf, private, serde_bound, span};
use crate::model::Model;

/// Each method hands on to that of the inner type.
///
/// That this type can be a field's is asked in one line, and taken for granted in all others.
pub fn newtype(model: &Model, ty: &Type) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let key = leaf::map_key(ident, Some(ty), &private);
    let kept = span::keep(ty);
    let asked = quote!(const _: () = #private::assert_field::<#kept>(););
    let asked = span::at(asked, ty, ident.span());
    let inner = quote!(<#ty as #private::EntityField>);
    quote! {
        #asked

        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::EntityField for #ident
        where
            #serde,
            for<'a> #ty: #private::EntityField,
        {
            type Patch = #inner::Patch;

            const KIND: #private::Kind = #inner::KIND;

            fn same(&self, __other: &Self) -> bool {
                #inner::same(&self.0, &__other.0)
            }

            fn copy(&self) -> Self {
                #ident(#inner::copy(&self.0))
            }

            fn diff(&self, __to: &Self) -> ::core::option::Option<#private::Change<Self>> {
                #private::wrapped(#inner::diff(&self.0, &__to.0), #ident)
            }

            fn fits(
                &self,
                __patch: &Self::Patch,
            ) -> ::core::result::Result<(), #private::Misfit> {
                #inner::fits(&self.0, __patch)
            }

            fn apply(&mut self, __patch: Self::Patch) -> Self::Patch {
                #inner::apply(&mut self.0, __patch)
            }

            fn tighten(&self, __patch: Self::Patch) -> Self::Patch {
                #inner::tighten(&self.0, __patch)
            }
        }

        #key
    }
}
