//! The thin half of `#[temporal_entity]`: it hands the struct on to the hidden derive, which does the work.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::parse::settings;
use crate::report::Errors;
use crate::{messages, words};

/// The item as it was, with the derive and the arguments above it; an error instead where it is no struct.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let head = Parser::parse2(|input: ParseStream| head(input, &mut errors), item.clone());
    if let Err(error) = head {
        errors.push(error);
    }
    if !errors.is_empty() {
        let errors = errors.finish();
        return quote! { #item #errors };
    }
    let krate = krate(&arguments);
    let helper = Ident::new(words::ARGUMENTS, proc_macro2::Span::call_site());
    let none = errors.finish();
    quote! {
        #none
        #[derive(#krate::__private::__TemporalEntity)]
        #[#helper(#arguments)]
        #item
    }
}

/// Reads as far as the keyword that tells what the item is.
fn head(input: ParseStream, errors: &mut Errors) -> syn::Result<()> {
    for attribute in Attribute::parse_outer(input)? {
        let last = attribute.path().segments.last();
        if last.is_some_and(|segment| segment.ident == words::ATTRIBUTE) {
            errors.add(attribute.path(), messages::already_an_entity());
        }
    }
    input.parse::<Visibility>()?;
    if !input.peek(Token![struct]) {
        let keyword: TokenStream = input.step(|cursor| {
            let (token, _) =
                cursor.token_tree().ok_or_else(|| cursor.error("expected a struct"))?;
            Ok((token.into(), *cursor))
        })?;
        errors.add(&keyword, messages::not_a_struct(&kind_of_item(input)));
    }
    input.parse::<TokenStream>().map(drop)
}

/// What the item is, in words, where it is no struct.
fn kind_of_item(input: ParseStream) -> String {
    let ahead = input.fork();
    while let Ok(word) = syn::ext::IdentExt::parse_any(&ahead).map(|word: Ident| word.to_string()) {
        let kind = match word.as_str() {
            "enum" => "an enum",
            "union" => "a union",
            "fn" => "a function",
            "impl" => "an impl block",
            "mod" => "a module",
            "trait" => "a trait",
            "type" => "a type alias",
            "use" => "an import",
            "static" => "a static",
            // These begin several kinds of item: look at the next word.
            "async" | "auto" | "const" | "extern" | "safe" | "unsafe" => continue,
            _ => break,
        };
        return kind.to_owned();
    }
    "something else".to_owned()
}

/// The path of the facade. What is wrong with the `crate` option is reported by the derive, like all options.
fn krate(arguments: &TokenStream) -> TokenStream {
    settings::quietly(arguments)
        .into_iter()
        .find(|setting| setting.key == "crate")
        .and_then(|setting| setting.path())
        .unwrap_or_else(settings::default_crate)
}
