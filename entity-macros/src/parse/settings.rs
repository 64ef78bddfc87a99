//! The grammar that all our attributes share, and serde's: `key`, `key = value` and `key(list)`, with commas.
//!
//! Read at the level of tokens, so that a slip in one setting does not hide the next.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, LitStr, Meta, Path};

use crate::report::Errors;
use crate::{messages, suggest, words};

/// One `key`, `key = value` or `key(list)`.
pub struct Setting {
    /// The key, which messages underline.
    pub key: Ident,
    /// What follows it.
    pub value: Value,
}

/// What follows the key of a setting.
pub enum Value {
    /// Nothing.
    None,
    /// `= tokens`.
    Is(TokenStream),
    /// A list in brackets of some kind.
    List(Group),
}

impl Setting {
    /// The value, where it is there: what is wrong with the form is added to `errors`.
    pub fn value(&self, example: &str, errors: &mut Errors) -> Option<&TokenStream> {
        match &self.value {
            Value::Is(value) => Some(value),
            Value::None => {
                errors.add(&self.key, messages::missing_value(&self.key, example));
                None
            }
            Value::List(group) => {
                errors.add(group, messages::wrong_delimiter(&self.key, example));
                None
            }
        }
    }

    /// The value as a string.
    pub fn text(&self, example: &str, errors: &mut Errors) -> Option<LitStr> {
        let value = self.value(example, errors)?;
        let text = syn::parse2::<LitStr>(value.clone()).ok();
        if text.is_none() {
            errors.add(value, messages::not_a_string(&self.key, example));
        }
        text
    }

    /// The value as a path, `None` if it is none.
    pub fn path(&self) -> Option<TokenStream> {
        match &self.value {
            Value::Is(value) => {
                syn::parse2::<Path>(value.clone()).ok().map(ToTokens::into_token_stream)
            }
            _ => None,
        }
    }

    /// The value as the path of a function of the user's.
    pub fn function(&self, example: &str, errors: &mut Errors) -> Option<TokenStream> {
        let value = self.value(example, errors)?;
        function(value, example, errors)
    }

    /// Adds that nobody knows the key.
    pub fn unknown(&self, known: &[&str], errors: &mut Errors) {
        let guess = suggest::nearest(&self.key.to_string(), known);
        errors.add(&self.key, messages::unknown_option(&self.key, guess, known));
    }
}

/// The settings in `tokens`, the list of an attribute.
pub fn all(tokens: TokenStream, errors: &mut Errors) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while rest.peek().is_some() {
        let part: Vec<TokenTree> = rest.by_ref().take_while(|token| !is(token, ',')).collect();
        settings.extend(setting(part, errors));
    }
    settings
}

/// As [`all`]; the second of two settings with one key is an error, and left out, unless it is one of `repeated`.
pub fn each_once(tokens: TokenStream, repeated: &[&str], errors: &mut Errors) -> Vec<Setting> {
    let settings = all(tokens, errors);
    once(settings, repeated, errors)
}

/// The settings but the second of two with one key, which is an error unless the key is one of `repeated`.
pub fn once(settings: Vec<Setting>, repeated: &[&str], errors: &mut Errors) -> Vec<Setting> {
    let mut kept: Vec<Setting> = Vec::new();
    for setting in settings {
        let again = kept.iter().any(|earlier| earlier.key == setting.key);
        if again && !repeated.contains(&setting.key.to_string().as_str()) {
            errors.add(&setting.key, messages::given_twice(&setting.key));
        } else {
            kept.push(setting);
        }
    }
    kept
}

/// The settings in all `#[entity(..)]` among `attributes`.
pub fn of_helper(attributes: &[Attribute], errors: &mut Errors) -> Vec<Setting> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident(words::HELPER)) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                found.extend(all(list.tokens.clone(), errors));
            }
            _ => errors.add(attribute, messages::empty_attribute()),
        }
    }
    found
}

/// As [`all`], for a first look: errors are left for the second one to report.
pub fn quietly(tokens: &TokenStream) -> Vec<Setting> {
    let mut errors = Errors::new();
    let settings = all(tokens.clone(), &mut errors);
    drop(errors.finish());
    settings
}

/// `value` as the path of a function of the user's.
pub fn function(value: &TokenStream, example: &str, errors: &mut Errors) -> Option<TokenStream> {
    if syn::parse2::<Path>(value.clone()).is_ok() {
        return Some(value.clone());
    }
    let text = syn::parse2::<LitStr>(value.clone()).ok();
    let quoted = text.filter(|text| text.parse::<Path>().is_ok());
    let message = match quoted {
        Some(text) => messages::quoted_function(&text.value()),
        None => messages::not_a_path(example),
    };
    errors.add(value, message);
    None
}

/// Where generated code finds the facade, unless the `crate` option says otherwise.
pub fn default_crate() -> TokenStream {
    quote!(::temporal_entity)
}

fn setting(part: Vec<TokenTree>, errors: &mut Errors) -> Option<Setting> {
    let mut tokens = part.into_iter();
    let key = match tokens.next() {
        Some(TokenTree::Ident(key)) => key,
        Some(other) => {
            errors.add(other, messages::expected_an_option());
            return None;
        }
        None => {
            errors.at(Span::call_site(), messages::expected_an_option());
            return None;
        }
    };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None => Value::List(group),
        Some(equals) if is(&equals, '=') => {
            let value = one_value(tokens.by_ref().collect(), errors);
            if value.is_empty() { Value::None } else { Value::Is(value) }
        }
        Some(other) => {
            errors.add(other, messages::expected_equals(&key));
            return None;
        }
    };
    if let Some(extra) = tokens.next() {
        errors.add(extra, messages::expected_comma());
    }
    Some(Setting { key, value })
}

/// What follows a `=`. After a literal only a comma can have been forgotten.
fn one_value(mut tokens: Vec<TokenTree>, errors: &mut Errors) -> TokenStream {
    if let [TokenTree::Literal(_), extra, ..] = tokens.as_slice() {
        errors.add(extra, messages::expected_comma());
        tokens.truncate(1);
    }
    tokens.into_iter().collect()
}

fn is(token: &TokenTree, punctuation: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punctuation)
}
