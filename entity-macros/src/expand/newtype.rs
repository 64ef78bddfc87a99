//! `impl EntityField` for a newtype, which is on the wire, and changes, as what is in it.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Type;

use super::policy::of_type;
use super::{leaf, private, serde_bound, span};
use crate::model::Model;

/// Each method hands on to that of the inner type.
pub fn newtype(model: &Model, ty: &Type) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let key = leaf::map_key(ident, Some(ty), &private);
    // All at the place of the inner type: where it cannot be a field's, that is said once.
    let line = |name: &str, arguments: TokenStream| {
        let method = of_type(ty, &private, name);
        span::at(quote!(#method #arguments), ty, Span::call_site())
    };
    let patch = line("Patch", quote!());
    let kind = line("KIND", quote!());
    let same = line("same", quote!((&self.0, &__other.0)));
    let copy = line("copy", quote!((&self.0)));
    let diff = line("diff", quote!((&self.0, &__to.0)));
    let fits = line("fits", quote!((&self.0, __patch)));
    let apply = line("apply", quote!((&mut self.0, __patch)));
    let tighten = line("tighten", quote!((&self.0, __patch)));
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::EntityField for #ident
        where
            #serde,
        {
            type Patch = #patch;

            const KIND: #private::Kind = #kind;

            fn same(&self, __other: &Self) -> bool {
                #same
            }

            fn copy(&self) -> Self {
                #ident(#copy)
            }

            fn diff(&self, __to: &Self) -> ::core::option::Option<#private::Change<Self>> {
                #private::wrapped(#diff, #ident)
            }

            fn fits(
                &self,
                __patch: &#patch,
            ) -> ::core::result::Result<(), #private::Misfit> {
                #fits
            }

            fn apply(&mut self, __patch: #patch) -> #patch {
                #apply
            }

            fn tighten(&self, __patch: #patch) -> #patch {
                #tighten
            }
        }

        #key
    }
}
