//! Types that no field can have, as far as their spelling tells.
//!
//! The bound on the field trait refuses every other unfit type, in the same tone. What is here would get past it
//! (`Vec<u8>`, `Option<Option<..>>`), or deserves better advice.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, Type};

use crate::report::Errors;
use crate::spelling::{arguments, is_named};
use crate::{messages, words};

/// Adds what is wrong with `ty` and the types inside it; whether nothing is.
pub fn check(ty: &Type, errors: &mut Errors) -> bool {
    match ty {
        Type::Group(group) => check(&group.elem, errors),
        Type::Paren(paren) => check(&paren.elem, errors),
        Type::Reference(reference) => {
            errors.add(ty, messages::reference(instead_of(&reference.elem)));
            false
        }
        Type::Path(path) if path.qself.is_none() => check_path(ty, &path.path, errors),
        _ => true,
    }
}

fn check_path(ty: &Type, path: &Path, errors: &mut Errors) -> bool {
    let Some(last) = path.segments.last() else {
        return true;
    };
    let name = last.ident.to_string();
    if let Some((_, fact, help)) = words::UNFIT_TYPES.iter().find(|(unfit, ..)| *unfit == name) {
        errors.add(ty, messages::unfit_type(fact, help));
        return false;
    }
    let inner: Vec<&Type> = arguments(path).collect();
    match (name.as_str(), inner.as_slice()) {
        ("Vec", [item]) if is_named(item, "u8") => {
            errors.add(ty, messages::vec_u8());
            false
        }
        ("Option", [item]) if is_named(item, "Option") => {
            errors.add(ty, messages::double_option());
            false
        }
        // Every argument is looked at, not only up to the first with a mistake.
        _ => {
            let unfit = inner.into_iter().filter(|inner| !check(inner, errors));
            unfit.count() == 0
        }
    }
}

/// Whether every impl for a struct with a field of this type would only be a second error: the type borrows, or it is
/// the struct itself without a list or map between, which the compiler reports.
pub fn leaves_no_impl(ty: &Type, owner: &Ident) -> bool {
    match ty {
        Type::Group(group) => leaves_no_impl(&group.elem, owner),
        Type::Paren(paren) => leaves_no_impl(&paren.elem, owner),
        Type::Reference(_) => true,
        Type::Path(path) if path.path.is_ident(owner) || path.path.is_ident("Self") => true,
        Type::Path(path) if is_named(ty, "Option") => {
            arguments(&path.path).any(|inner| leaves_no_impl(inner, owner))
        }
        _ => false,
    }
}

fn instead_of(borrowed: &Type) -> &'static str {
    match borrowed {
        Type::Slice(_) => "use `Vec`",
        ty if is_named(ty, "str") => "use `String`",
        _ => "use the type without the `&`",
    }
}

/// `ty` with `Self` written out, for it also goes into the diff, where `Self` is the diff.
pub fn without_self(ty: &Type, ident: &Ident) -> Type {
    let tokens = replace_self(ty.to_token_stream(), ident);
    // What was a type stays one when an identifier in it changes.
    syn::parse2(tokens).unwrap_or_else(|_| ty.clone())
}

fn replace_self(tokens: TokenStream, ident: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(word) if word == "Self" => {
            let mut ident = ident.clone();
            ident.set_span(word.span());
            TokenTree::Ident(ident)
        }
        TokenTree::Group(group) => {
            let mut inside =
                proc_macro2::Group::new(group.delimiter(), replace_self(group.stream(), ident));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}
