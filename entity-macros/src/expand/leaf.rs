//! `impl EntityField` for an enum, which is replaced whole.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::policy::of_type;
use super::{Body, private, serde_bound, span};
use crate::model::{Content, Model, Shape, Tag, Variant};

/// The impl, and what an enum without data can do besides.
pub fn leaf(model: &Model, variants: &[Variant], body: Body) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let missing = quote!(::core::unimplemented!());
    let holds_data = matches!(model.shape, Shape::Union { .. });
    let (same, copy) = match body {
        Body::Missing => (missing.clone(), missing),
        Body::Real if holds_data => (same(model, variants), copy(model, variants)),
        Body::Real => (same_name(), copy(model, variants)),
    };
    let kind = if holds_data { quote!(Union) } else { quote!(Enum) };
    let key = (!holds_data).then(|| map_key(ident, None, &private));
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::EntityField for #ident
        where
            #serde,
        {
            type Patch = #private::Never;

            const KIND: #private::Kind = #private::Kind::#kind(__KIND);

            fn same(&self, __other: &Self) -> bool {
                #same
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

        #key
    }
}

/// `impl MapKey`, under bounds that hold where the user derived `Ord`. (The compiler refuses a bound that cannot hold,
/// unless it might depend on a lifetime.)
pub fn map_key(ident: &Ident, inner: Option<&Type>, private: &TokenStream) -> TokenStream {
    let inner = inner.map(|ty| quote!(for<'a> #ty: #private::MapKey,));
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #private::MapKey for #ident
        where
            for<'a> #ident: ::core::cmp::Ord,
            #inner
        {
        }
    }
}

fn same_name() -> TokenStream {
    quote!(::core::mem::discriminant(self) == ::core::mem::discriminant(__other))
}

fn same(model: &Model, variants: &[Variant]) -> TokenStream {
    let ident = &model.ident;
    let arms = variants.iter().map(|variant| {
        let (left, right) = (pattern(model, variant, "__a"), pattern(model, variant, "__b"));
        let same = types(variant).enumerate().map(|(at, ty)| {
            let (a, b) = (local(model, "__a", at), local(model, "__b", at));
            line(model, ty, "same", quote!((#a, #b)))
        });
        quote!((#ident::#left, #ident::#right) => true #(&& #same)*,)
    });
    let otherwise = (variants.len() > 1).then(|| quote!(_ => false,));
    quote! {
        match (self, __other) {
            #(#arms)*
            #otherwise
        }
    }
}

fn copy(model: &Model, variants: &[Variant]) -> TokenStream {
    let ident = &model.ident;
    let arms = variants.iter().map(|variant| {
        let name = &variant.ident;
        let from = pattern(model, variant, "__a");
        let mut copies = types(variant).enumerate().map(|(at, ty)| {
            let from = local(model, "__a", at);
            line(model, ty, "copy", quote!((#from)))
        });
        let to = match &variant.content {
            Content::Unit => quote!(),
            Content::Newtype(_) => quote!((#(#copies),*)),
            Content::Struct(fields) => {
                let fields = fields.iter().map(|field| {
                    let (ident, copy) = (&field.ident, copies.next());
                    quote!(#ident: #copy)
                });
                quote!({ #(#fields),* })
            }
        };
        quote!(#ident::#from => #ident::#name #to,)
    });
    quote! {
        match self {
            #(#arms)*
        }
    }
}

/// A pattern for a variant that binds what it holds to locals of this prefix.
fn pattern(model: &Model, variant: &Variant, prefix: &str) -> TokenStream {
    let ident = &variant.ident;
    match &variant.content {
        Content::Unit => quote!(#ident),
        Content::Newtype(_) => {
            let local = local(model, prefix, 0);
            quote!(#ident(#local))
        }
        Content::Struct(fields) => {
            let fields = fields.iter().enumerate().map(|(at, field)| {
                let (ident, local) = (&field.ident, local(model, prefix, at));
                quote!(#ident: #local)
            });
            quote!(#ident { #(#fields),* })
        }
    }
}

/// The types of what a variant holds.
fn types(variant: &Variant) -> impl Iterator<Item = &Type> {
    let only = match &variant.content {
        Content::Newtype(ty) => Some(&**ty),
        _ => None,
    };
    variant.fields().iter().map(|field| &field.ty).chain(only)
}

fn local(model: &Model, prefix: &str, at: usize) -> Ident {
    format_ident!("{prefix}{at}", span = model.ident.span())
}

/// A call of a method of the field trait for what a variant holds, at the place of its type.
fn line(model: &Model, ty: &Type, name: &str, arguments: TokenStream) -> TokenStream {
    let method = of_type(ty, &private(model), name);
    span::at(quote!(#method #arguments), ty, model.ident.span())
}

/// What stands beside the tag is a struct without a field of that name: one line for each variant that holds one.
pub fn beside_tag(model: &Model, tag: &Tag, variants: &[Variant]) -> TokenStream {
    let private = private(model);
    let name = &tag.name.text;
    let lines = variants.iter().filter_map(|variant| match &variant.content {
        Content::Newtype(ty) if tag.content.is_none() => {
            let kept = span::keep(ty);
            let line = quote!(const _: () = #private::beside_tag::<#kept>(#name););
            Some(span::at(line, ty, model.ident.span()))
        }
        _ => None,
    });
    quote!(#(#lines)*)
}
