//! The `granularity` option: a named span, or milliseconds.

use proc_macro2::TokenStream;
use syn::{Lit, LitInt};

use super::settings::Setting;
use crate::report::Errors;
use crate::words::{DEFAULT_GRANULARITY, GRANULARITIES, MAX_GRANULARITY};
use crate::{messages, suggest};

const EXAMPLE: &str = "granularity = \"hour\"";

/// Milliseconds of the setting; the default where it is wrong.
pub fn granularity(setting: &Setting, errors: &mut Errors) -> u32 {
    let Some(value) = setting.value(EXAMPLE, errors) else {
        return DEFAULT_GRANULARITY;
    };
    let millis = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(name)) => named(&name.value()).ok_or_else(|| {
            let known: Vec<&str> = GRANULARITIES.iter().map(|(name, _)| *name).collect();
            messages::unknown_granularity(&name.value(), suggest::nearest(&name.value(), &known))
        }),
        Ok(Lit::Int(number)) => millis(value, &number),
        _ => Err(messages::not_a_granularity()),
    };
    millis.unwrap_or_else(|message| {
        errors.add(value, message);
        DEFAULT_GRANULARITY
    })
}

fn named(name: &str) -> Option<u32> {
    let (_, millis) = GRANULARITIES.iter().find(|(known, _)| *known == name)?;
    Some(*millis)
}

fn millis(value: &TokenStream, number: &LitInt) -> Result<u32, String> {
    if value.to_string().starts_with('-') {
        return Err(messages::negative_granularity());
    }
    if !number.suffix().is_empty() {
        return Err(messages::suffix(number));
    }
    match number.base10_parse::<u32>() {
        Ok(millis) if millis <= MAX_GRANULARITY => Ok(millis),
        _ => Err(messages::granularity_too_coarse()),
    }
}
