//! The shape as constant data.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::policy::{self, in_rust, of_type};
use super::{private, span};
use crate::model::{Content, Field, Model, Tag, Variant};
use crate::spelling::{self, Spelling, is_named};

/// `impl StructFields`.
pub fn struct_fields(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let ident = &model.ident;
    let name = &model.name.text;
    let diff = diff_name(model, diff);
    let docs = &model.docs.text;
    let fields = model.wire_fields().map(|field| field_schema(model, field));
    let of_fields = model.wire_fields().map(|field| &field.docs.text);
    quote! {
        #[automatically_derived]
        impl #private::StructFields for #ident {
            const NAME: &'static str = #name;
            const DIFF: &'static str = #diff;
            const DOCS: &'static str = #docs;
            const FIELDS: &'static [#private::FieldSchema] = &[#(#fields,)*];
            const FIELD_DOCS: &'static [&'static str] = &[#(#of_fields,)*];
        }
    }
}

/// The diff is called after the name, unless it was given a name of its own.
pub fn diff_name(model: &Model, diff: &Ident) -> String {
    if *diff == quote::format_ident!("{}Diff", model.ident) {
        format!("{}Diff", model.name.text)
    } else {
        in_rust(diff)
    }
}

fn field_schema(model: &Model, field: &Field) -> TokenStream {
    let private = private(model);
    let default = field.default;
    let kind = policy::method(model, field, "KIND");
    let kind = policy::place(kind, field, model.ident.span());
    let name = &field.name.text;
    quote! {
        #private::FieldSchema {
            name: #name,
            kind: #kind,
            default: #default,
        }
    }
}

/// The fields that may tell the elements of a list apart, for whoever knows only their names.
pub fn named_fields(model: &Model) -> TokenStream {
    let private = private(model);
    let owner = &model.ident;
    let fields = model.wire_fields().filter(|field| may_be_key(field)).map(|field| {
        let Field { ident, ty, .. } = field;
        let (in_rust, name) = (in_rust(ident), &field.name.text);
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #private::NamedField<{ #private::named(#in_rust) }> for #owner
            where
                for<'a> #ty: #private::MapKey,
            {
                const NAME: &'static str = #name;

                const KIND: #private::Kind = <#ty as #private::EntityField>::KIND;

                fn key(&self) -> #private::Key {
                    #private::key_of(&self.#ident)
                }
            }
        }
    });
    quote!(#(#fields)*)
}

fn may_be_key(field: &Field) -> bool {
    let spelling = spelling::of(&field.ty);
    let leaf = matches!(spelling, Spelling::Literal | Spelling::Leaf | Spelling::Other(_));
    let never = ["Bytes", "Option", "Timestamp"].iter().any(|name| is_named(&field.ty, name));
    leaf && !never && field.policy.is_none()
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

/// The same for an enum with data, whose variants stand behind a function, so that they may hold it.
pub fn union_kind(model: &Model, tag: &Tag, variants: &[Variant]) -> TokenStream {
    let private = private(model);
    let name = &model.name.text;
    let content = match &tag.content {
        Some(content) => {
            let content = &content.text;
            quote!(::core::option::Option::Some(#content))
        }
        None => quote!(::core::option::Option::None),
    };
    let tag = &tag.name.text;
    let variants = variants.iter().map(|variant| variant_schema(model, variant));
    quote! {
        const __VARIANTS: &[#private::VariantSchema] = &[#(#variants,)*];
        const __KIND: &#private::UnionKind = &#private::UnionKind {
            name: #name,
            tag: #tag,
            content: #content,
            variants: || __VARIANTS,
        };
    }
}

fn variant_schema(model: &Model, variant: &Variant) -> TokenStream {
    let private = &private(model);
    let name = &variant.name.text;
    let content = match &variant.content {
        Content::Unit => quote!(Unit),
        Content::Struct(fields) => {
            let fields = fields.iter().map(|field| field_schema(model, field));
            quote!(Struct(&[#(#fields,)*]))
        }
        Content::Newtype(ty) => {
            let kind = span::at(of_type(ty, private, "KIND"), ty, model.ident.span());
            quote!(Newtype(#kind))
        }
    };
    quote! {
        #private::VariantSchema {
            name: #name,
            content: #private::VariantContent::#content,
        }
    }
}
