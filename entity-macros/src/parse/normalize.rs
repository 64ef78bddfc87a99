//! The `normalize` option: a name, a function, or several of them in parentheses.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::LitStr;

use super::settings::{self, Setting};
use crate::model::{Normaliser, Normalize};
use crate::report::Errors;
use crate::words::NORMALISERS;
use crate::{messages, suggest};

const EXAMPLE: &str = "normalize = \"trim\"";
const OF_A_FUNCTION: &str = "normalize = path::to::tidy";

/// Reads the setting; `None` where something in it is wrong.
pub fn normalize(setting: &Setting, errors: &mut Errors) -> Option<Normalize> {
    let value = setting.value(EXAMPLE, errors)?;
    let parts = match list(value) {
        Some(list) => parts(list),
        None => vec![value.clone()],
    };
    if parts.is_empty() {
        errors.add(value, messages::no_normaliser());
    }
    // Each part is looked at, not only up to the first with a mistake.
    let read: Vec<Option<Normaliser>> = parts.iter().map(|part| normaliser(part, errors)).collect();
    let by: Vec<Normaliser> = read.into_iter().collect::<Option<_>>()?;
    Some(Normalize { key: setting.key.clone(), by })
}

fn normaliser(value: &TokenStream, errors: &mut Errors) -> Option<Normaliser> {
    let name = match syn::parse2::<LitStr>(value.clone()) {
        Ok(name) if !name.value().contains("::") => name,
        _ => return settings::function(value, OF_A_FUNCTION, errors).map(Normaliser::Function),
    };
    let text = name.value();
    if !NORMALISERS.contains(&text.as_str()) {
        let guess = suggest::nearest(&text, NORMALISERS);
        errors.add(&name, messages::unknown_normaliser(&text, guess, NORMALISERS));
        return None;
    }
    Some(Normaliser::Named(name))
}

/// What is in the parentheses that are all of `value`.
fn list(value: &TokenStream) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    }
}

fn parts(list: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = list.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
    let parts = tokens.split(is_comma).filter(|part| !part.is_empty());
    parts.map(|part| part.iter().cloned().collect()).collect()
}
