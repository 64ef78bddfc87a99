//! The `retain` option: a span of time, or a count of snapshots.

use syn::{Lit, LitInt};

use super::settings::Setting;
use crate::messages;
use crate::model::Retain;
use crate::report::Errors;
use crate::words::RETENTIONS;

const EXAMPLE: &str = "retain = \"90d\"";

/// What the setting says; all where it is wrong.
pub fn retain(setting: &Setting, errors: &mut Errors) -> Retain {
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return Retain::All;
    };
    let negative = value.to_string().starts_with('-');
    let retain = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(span)) => seconds(&span.value()),
        Ok(Lit::Int(_)) if negative => Err(messages::retention_of_nothing()),
        Ok(Lit::Int(count)) => snapshots(&count),
        _ => Err(messages::not_a_retention()),
    };
    retain.unwrap_or_else(|message| {
        errors.add(value, message);
        Retain::All
    })
}

fn seconds(text: &str) -> Result<Retain, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = &text[digits.len()..];
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(messages::unknown_retention(text));
    }
    if unit.is_empty() {
        return Err(messages::retention_without_unit(text));
    }
    let mut units = RETENTIONS.iter();
    let Some((_, seconds)) = units.find(|(letter, _)| unit == letter.to_string()) else {
        return Err(messages::unknown_retention(text));
    };
    // More digits than fit are too many as well.
    let number = digits.parse::<u32>().ok();
    match number.and_then(|number| number.checked_mul(*seconds)) {
        Some(0) => Err(messages::retention_of_nothing()),
        Some(seconds) => Ok(Retain::Seconds(seconds)),
        None => Err(messages::retention_too_long()),
    }
}

fn snapshots(count: &LitInt) -> Result<Retain, String> {
    let unit = count.suffix();
    if RETENTIONS.iter().any(|(letter, _)| unit == letter.to_string()) {
        return Err(messages::retention_without_quotes(&count.to_string()));
    }
    if !unit.is_empty() {
        return Err(messages::suffix(count));
    }
    match count.base10_parse::<u32>() {
        Ok(0) => Err(messages::retention_of_nothing()),
        Ok(count) => Ok(Retain::Snapshots(count)),
        Err(_) => Err(messages::too_many_snapshots()),
    }
}
