//! The `lines` option: from how many readers on browsers open direct lines.

use syn::{Lit, LitInt};

use super::settings::Setting;
use crate::messages;
use crate::report::Errors;
use crate::words::{DEFAULT_LINES, LEAST_LINES};

const EXAMPLE: &str = "lines = 100";

/// What the setting says, zero for never; the default where it is wrong.
pub fn lines(setting: &Setting, errors: &mut Errors) -> u32 {
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return DEFAULT_LINES;
    };
    let lines = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(word)) if word.value() == "never" => Ok(0),
        Ok(Lit::Int(count)) => readers(&count),
        _ => Err(messages::not_a_number_of_readers()),
    };
    lines.unwrap_or_else(|message| {
        errors.add(value, message);
        DEFAULT_LINES
    })
}

fn readers(count: &LitInt) -> Result<u32, String> {
    if !count.suffix().is_empty() {
        return Err(messages::suffix(count));
    }
    match count.base10_parse::<u32>() {
        Ok(count) if count >= LEAST_LINES => Ok(count),
        _ => Err(messages::not_a_number_of_readers()),
    }
}
