//! The `quota` option: how many bytes one entity may store.

use syn::{Lit, LitStr};

use super::settings::Setting;
use crate::messages;
use crate::report::Errors;
use crate::words::{DEFAULT_QUOTA, LEAST_QUOTA, MOST_QUOTA, SIZES};

const EXAMPLE: &str = "quota = \"1GB\"";

/// Returns what the setting says, in bytes; the default where it is wrong.
pub fn quota(setting: &Setting, errors: &mut Errors) -> u64 {
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return DEFAULT_QUOTA;
    };
    let bytes = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(size)) => bytes(&size),
        _ => Err(messages::not_a_size()),
    };
    bytes.unwrap_or_else(|message| {
        errors.add(value, message);
        DEFAULT_QUOTA
    })
}

fn bytes(size: &LitStr) -> Result<u64, String> {
    let text = size.value();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = &text[digits.len()..];
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(messages::unknown_size(&text));
    }
    let Some((_, bytes)) = SIZES.iter().find(|(name, _)| unit == *name) else {
        return Err(messages::unknown_size(&text));
    };
    // More digits than fit are too many as well.
    let number = digits.parse::<u64>().ok();
    match number.and_then(|number| number.checked_mul(*bytes)) {
        Some(bytes) if (LEAST_QUOTA..=MOST_QUOTA).contains(&bytes) => Ok(bytes),
        Some(bytes) if bytes < LEAST_QUOTA => Err(messages::quota_too_small()),
        _ => Err(messages::quota_too_large()),
    }
}
