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

/// What serde's attributes stand above, which decides what some of them mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// A struct with named fields.
    Struct,
    /// A struct with one field without a name.
    Newtype,
    /// An enum.
    Enum,
    /// A variant.
    Variant,
    /// A field.
    Field,
}

/// What serde's attributes say about a struct, an enum, a field or a variant.
#[derive(Default)]
pub struct Serde {
    /// The literal of `rename`.
    pub rename: Option<LitStr>,
    /// `rename_all`.
    pub rename_all: Option<Case>,
    /// `rename_all_fields` of an enum.
    pub rename_all_fields: Option<Case>,
    /// The literal of an enum's `tag`.
    pub tag: Option<LitStr>,
    /// The literal of an enum's `content`.
    pub content: Option<LitStr>,
    /// `default`.
    pub default: Option<Rebuild>,
    /// `skip`, the word.
    pub skip: Option<Ident>,
    /// Whether serde's own derives will stop at this attribute, and so leave the type without their impls.
    pub stops_serde: bool,
}

const KNOWN: &[&str] = &[
    "alias",
    "content",
    "default",
    "rename",
    "rename_all",
    "rename_all_fields",
    "skip",
    "tag",
    "transparent",
    "untagged",
];

impl Serde {
    /// Reads the `#[serde(..)]` among `attributes`.
    pub fn read(attributes: &[Attribute], above: Above, errors: &mut Errors) -> Serde {
        let mut serde = Serde::default();
        for attribute in attributes {
            if let Meta::List(list) = &attribute.meta
                && list.path.is_ident("serde")
            {
                for setting in settings::all(list.tokens.clone(), errors) {
                    serde.apply(&setting, above, errors);
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

    fn apply(&mut self, setting: &Setting, above: Above, errors: &mut Errors) {
        let word = setting.key.to_string();
        match (word.as_str(), above) {
            ("rename", _) => self.rename = one_spelling(setting, errors),
            ("rename_all", _) => self.rename_all = self.case(setting, errors),
            ("rename_all_fields", Above::Enum) => {
                self.rename_all_fields = self.case(setting, errors);
            }
            ("default", _) => self.default = Some(rebuild(setting)),
            ("skip", _) => self.skip = Some(setting.key.clone()),
            ("tag", Above::Enum) => self.tag = literal(setting),
            ("content", Above::Enum) => self.content = literal(setting),
            ("transparent", Above::Newtype) => {}
            (known, _) if HARMLESS_IN_SERDE.contains(&known) => {}
            _ => self.refuse(setting, &word, errors),
        }
    }

    fn case(&mut self, setting: &Setting, errors: &mut Errors) -> Option<Case> {
        let name = one_spelling(setting, errors)?;
        let case = Case::named(&name.value());
        if case.is_none() {
            self.stops_serde = true;
            let guess = suggest::nearest(&name.value(), &Case::names());
            let message = messages::unknown_case(&name.value(), guess, &Case::names());
            errors.add(&name, message);
        }
        case
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
        _ => literal(setting),
    }
}

/// The string after a `=`. What could be wrong with it is serde's to say.
fn literal(setting: &Setting) -> Option<LitStr> {
    match &setting.value {
        Value::Is(value) => syn::parse2(value.clone()).ok(),
        _ => None,
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
