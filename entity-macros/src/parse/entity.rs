//! The options of `#[temporal_entity(..)]`.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{LitInt, LitStr};

use super::granularity::granularity;
use super::lines::lines;
use super::ping::ping;
use super::quota::quota;
use super::retain::retain;
use super::settings::{self, Setting};
use super::step::step;
use crate::model::{Name, Options, Retain};
use crate::report::Errors;
use crate::words::{
    CONTAINER_OPTIONS, DEFAULT_GRANULARITY, DEFAULT_LINES, DEFAULT_QUOTA, ENTITY_OPTIONS, POLICIES,
    POLICIES_TO_COME, REPEATED_OPTIONS, ROLES,
};
use crate::{messages, suggest, words};

/// The options that structs and enums have under either derive.
#[derive(Default)]
pub struct Common {
    /// Path of the facade.
    pub krate: Option<TokenStream>,
    /// Name of the diff.
    pub diff: Option<Ident>,
    /// Name on the wire and in TypeScript.
    pub name: Option<Name>,
}

/// Reads the options of an entity. `ident` is underlined where there is nothing smaller.
pub fn entity_options(
    tokens: TokenStream,
    ident: &Ident,
    errors: &mut Errors,
) -> (Common, Options) {
    let mut common = Common::default();
    let mut options = Options {
        version: 1,
        version_source: ident.to_token_stream(),
        steps: Vec::new(),
        granularity: DEFAULT_GRANULARITY,
        retain: Retain::All,
        lines: DEFAULT_LINES,
        ping: 0,
        quota: DEFAULT_QUOTA,
        person: false,
        validate: None,
    };
    let settings = settings::each_once(tokens, REPEATED_OPTIONS, errors);
    if !settings.iter().any(|setting| setting.key == "access") {
        errors.add(ident, messages::no_access(ident, POLICIES));
    }
    for setting in &settings {
        match setting.key.to_string().as_str() {
            "access" => check_access(setting, errors),
            "granularity" => options.granularity = granularity(setting, errors),
            "lines" => options.lines = lines(setting, errors),
            "migrate" => options.steps.extend(step(setting, errors)),
            "name" => common.name = name(setting, errors),
            "ping" => options.ping = ping(setting, errors),
            "quota" => options.quota = quota(setting, errors),
            "retain" => options.retain = retain(setting, errors),
            "role" => options.person = is_person(setting, errors),
            "validate" => {
                options.validate = setting.function("validate = path::to::check", errors);
            }
            "version" => {
                if let Some((version, source)) = version(setting, errors) {
                    (options.version, options.version_source) = (version, source);
                }
            }
            "key" | "merge" | "normalize" => {
                errors.add(&setting.key, messages::belongs_on_field(&setting.key));
            }
            _ => common.read(setting, ENTITY_OPTIONS, errors),
        }
    }
    if options.person
        && let Some(setting) = settings.iter().find(|setting| setting.key == "lines")
    {
        errors.add(&setting.key, messages::lines_of_a_person());
    }
    options.steps.sort_by_key(|step| step.from);
    (common, options)
}

/// Reads the options of a struct or enum with the field derive.
pub fn container_options(tokens: TokenStream, errors: &mut Errors) -> Common {
    let mut common = Common::default();
    for setting in &settings::each_once(tokens, &[], errors) {
        common.read(setting, CONTAINER_OPTIONS, errors);
    }
    common
}

impl Common {
    fn read(&mut self, setting: &Setting, known: &[&str], errors: &mut Errors) {
        match setting.key.to_string().as_str() {
            "crate" => {
                const EXAMPLE: &str = "crate = some_crate::temporal_entity";
                self.krate = setting.path();
                if let (None, Some(value)) = (&self.krate, setting.value(EXAMPLE, errors)) {
                    errors.add(value, messages::not_a_path(EXAMPLE));
                }
            }
            "diff" => {
                let value = setting.value("diff = CardChanges", errors);
                self.diff = value.and_then(|value| match syn::parse2::<Ident>(value.clone()) {
                    Ok(ident) => Some(ident),
                    Err(_) => {
                        errors.add(value, messages::diff_not_an_identifier());
                        None
                    }
                });
            }
            word if words::CALLBACK_OPTIONS.contains(&word) => {
                errors.add(&setting.key, messages::callback_outside_of_an_entity(&setting.key));
            }
            _ => setting.unknown(known, errors),
        }
    }
}

/// There is one policy so far, so all that can be done with the option is to name it.
fn check_access(setting: &Setting, errors: &mut Errors) {
    const EXAMPLE: &str = "access = \"signed-in\"";
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return;
    };
    match syn::parse2::<LitStr>(value.clone()).map(|text| text.value()) {
        Ok(policy) if POLICIES.contains(&policy.as_str()) => {}
        Ok(policy) if POLICIES_TO_COME.contains(&policy.as_str()) => {
            errors.add(value, messages::policy_to_come(&policy, POLICIES));
        }
        Ok(policy) => {
            let guess = suggest::nearest(&policy, POLICIES);
            errors.add(value, messages::unknown_policy(&policy, guess, POLICIES));
        }
        Err(_) if setting.path().is_some() => {
            errors.add(value, messages::policy_function_to_come(POLICIES));
        }
        Err(_) => errors.add(value, messages::not_a_string(&setting.key, EXAMPLE)),
    }
}

fn name(setting: &Setting, errors: &mut Errors) -> Option<Name> {
    setting.text("name = \"Card\"", errors).and_then(|text| type_name(&text, errors))
}

/// A name that is also one in Rust and in JavaScript, for classes and functions are called after it.
pub fn type_name(text: &LitStr, errors: &mut Errors) -> Option<Name> {
    let name = text.value();
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Some(Name { text: name, source: text.to_token_stream() })
    } else {
        errors.add(text, messages::name_not_an_identifier(&name));
        None
    }
}

fn is_person(setting: &Setting, errors: &mut Errors) -> bool {
    let Some(role) = setting.text("role = \"person\"", errors) else {
        return false;
    };
    let known = ROLES.contains(&role.value().as_str());
    if !known {
        errors.add(&role, messages::unknown_role(&role.value(), ROLES));
    }
    known
}

fn version(setting: &Setting, errors: &mut Errors) -> Option<(u32, TokenStream)> {
    let value = setting.value("version = 1", errors)?;
    let version = match syn::parse2::<LitInt>(value.clone()) {
        Ok(number) if !number.suffix().is_empty() => Err(messages::suffix(&number)),
        Ok(number) => match number.base10_parse::<u32>() {
            Ok(version) if version >= 1 => Ok(version),
            _ => Err(messages::version_out_of_range()),
        },
        Err(_) => Err(messages::version_out_of_range()),
    };
    let version = version.map_err(|message| errors.add(value, message)).ok()?;
    Some((version, value.clone()))
}
