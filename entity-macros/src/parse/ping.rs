//! The `ping` option: how often subscribers are asked whether they are still there.

use syn::{Lit, LitStr};

use super::settings::Setting;
use crate::messages;
use crate::report::Errors;
use crate::words::{LEAST_PING, MOST_PING, PERIODS};

const EXAMPLE: &str = "ping = \"5m\"";

/// What the setting says, in seconds; zero for never, and where it is wrong.
pub fn ping(setting: &Setting, errors: &mut Errors) -> u32 {
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return 0;
    };
    let seconds = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(period)) => seconds(&period),
        _ => Err(messages::not_a_period()),
    };
    seconds.unwrap_or_else(|message| {
        errors.add(value, message);
        0
    })
}

fn seconds(period: &LitStr) -> Result<u32, String> {
    let text = period.value();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = &text[digits.len()..];
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(messages::unknown_period(&text));
    }
    let mut units = PERIODS.iter();
    let Some((_, seconds)) = units.find(|(letter, _)| unit == letter.to_string()) else {
        return Err(messages::unknown_period(&text));
    };
    // More digits than fit are too many as well.
    let number = digits.parse::<u32>().ok();
    match number.and_then(|number| number.checked_mul(*seconds)) {
        Some(seconds) if (LEAST_PING..=MOST_PING).contains(&seconds) => Ok(seconds),
        Some(seconds) if seconds < LEAST_PING => Err(messages::ping_too_often()),
        _ => Err(messages::ping_too_rare()),
    }
}
