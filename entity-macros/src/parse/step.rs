//! The `migrate(..)` option: one step from a schema version to the next.

use proc_macro2::Delimiter;
use syn::LitInt;

use super::settings::{self, Setting, Value};
use crate::messages;
use crate::model::Step;
use crate::report::Errors;
use crate::words::STEP_OPTIONS;

const EXAMPLE: &str = "migrate(from = 1, with = path::to::step)";

/// Reads the setting; `None` if it does not say from where.
pub fn step(setting: &Setting, errors: &mut Errors) -> Option<Step> {
    let list = match &setting.value {
        Value::List(group) if group.delimiter() == Delimiter::Parenthesis => group.stream(),
        _ => {
            errors.add(&setting.key, messages::expected_a_list(&setting.key, EXAMPLE));
            return None;
        }
    };
    let settings = settings::each_once(list, &[], errors);
    if !settings.iter().any(|setting| setting.key == "from") {
        errors.add(&setting.key, messages::step_from_nowhere(EXAMPLE));
    }
    let (mut from, mut with) = (None, None);
    for setting in &settings {
        match setting.key.to_string().as_str() {
            "from" => from = version(setting, errors),
            "with" => with = setting.function("with = path::to::step", errors),
            _ => setting.unknown(STEP_OPTIONS, errors),
        }
    }
    let (from, source) = from?;
    Some(Step { from, source, with })
}

fn version(setting: &Setting, errors: &mut Errors) -> Option<(u32, LitInt)> {
    let value = setting.value("from = 1", errors)?;
    let version = match syn::parse2::<LitInt>(value.clone()) {
        Ok(number) if !number.suffix().is_empty() => Err(messages::suffix(&number)),
        Ok(number) => match number.base10_parse::<u32>() {
            Ok(version) if version >= 1 => Ok((version, number)),
            _ => Err(messages::step_out_of_range()),
        },
        Err(_) => Err(messages::step_out_of_range()),
    };
    version.map_err(|message| errors.add(value, message)).ok()
}
