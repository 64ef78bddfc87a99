//! Serde's attributes: honoured or refused with a reason, never passed over.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta, Path};

use super::case::Case;
use super::settings::{self, Setting, Value};
use crate::model::{Name, Rebuild};
use crate::report::Errors;
use crate::words::{HARMLESS_IN_SERDE, REFUSED_BY_SERDE_WORD};
use crate::{messages, suggest};

/// What serde's attributes say about a struct, an enum, a field or a variant.
#[derive(Default)]
pub struct Serde {
    /// The literal of `rename`.
    pub rename: Option<LitStr>,
    /// `rename_all`.
    pub rename_all: Option<Case>,
    /// `default`.
    pub default: Option<Rebuild>,
    /// `skip`, the word.
    pub skip: Option<Ident>,
    /// Whether serde's own derives will stop at this attribute, and so leave the type without their impls.
    pub stops_serde: bool,
}

const KNOWN: &[&str] = &["alias", "default", "rename", "rename_all", "skip"];

impl Serde {
    /// Reads the `#[serde(..)]` among `attributes`.
    pub fn read(attributes: &[Attribute], errors: &mut Errors) -> Serde {
        let mut serde = Serde::default();
        for attribute in attributes {
            if let Meta::List(list) = &attribute.meta
                && list.path.is_ident("serde")
            {
                for setting in settings::all(list.tokens.clone(), errors) {
                    serde.apply(&setting, errors);
                }
            }
        }
        serde
    }

    /// The wire name of a field or variant: its own if it has one, else what `rule` makes of the identifier.
    pub fn wire_name(&self, ident: &Ident, rule: impl FnOnce(&str) -> String) -> Name {
        match &self.rename {
            Some(text) => Name { text: text.value(), source: text.to_token_stream() },
            None => Name {
                text: rule(&syn::ext::IdentExt::unraw(ident).to_string()),
                source: ident.to_token_stream(),
            },
        }
    }

    fn apply(&mut self, setting: &Setting, errors: &mut Errors) {
        let word = setting.key.to_string();
        match word.as_str() {
            "rename" => self.rename = one_spelling(setting, errors),
            "rename_all" => {
                if let Some(name) = one_spelling(setting, errors) {
                    self.rename_all = Case::named(&name.value());
                    if self.rename_all.is_none() {
                        self.stops_serde = true;
                        let guess = suggest::nearest(&name.value(), &Case::names());
                        let message = messages::unknown_case(&name.value(), guess, &Case::names());
                        errors.add(&name, message);
                    }
                }
            }
            "default" => self.default = Some(rebuild(setting)),
            "skip" => self.skip = Some(setting.key.clone()),
            known if HARMLESS_IN_SERDE.contains(&known) => {}
            _ => self.refuse(setting, &word, errors),
        }
    }

    fn refuse(&mut self, setting: &Setting, word: &str, errors: &mut Errors) {
        match REFUSED_BY_SERDE_WORD.iter().find(|(known, ..)| *known == word) {
            Some((_, fact, help)) => {
                errors.add(&setting.key, messages::refused_by_serde_word(&setting.key, fact, help));
            }
            None => {
                self.stops_serde = true;
                let guess = suggest::nearest(word, KNOWN);
                errors.add(&setting.key, messages::unknown_serde_word(&setting.key, guess));
            }
        }
    }
}

/// The string of `rename = ".."`. The form with a list names one spelling for each side.
fn one_spelling(setting: &Setting, errors: &mut Errors) -> Option<LitStr> {
    match &setting.value {
        Value::List(_) => {
            errors.add(&setting.key, messages::one_sided(&setting.key));
            None
        }
        // What else could be wrong with the value is serde's to say.
        Value::Is(value) => syn::parse2(value.clone()).ok(),
        Value::None => None,
    }
}

/// `default`, or `default = "path"`.
fn rebuild(setting: &Setting) -> Rebuild {
    let path = |value: &TokenStream| {
        let text: LitStr = syn::parse2(value.clone()).ok()?;
        Some(text.parse::<Path>().ok()?.into_token_stream())
    };
    match &setting.value {
        Value::Is(value) => path(value).map_or(Rebuild::Default, Rebuild::Function),
        _ => Rebuild::Default,
    }
}
