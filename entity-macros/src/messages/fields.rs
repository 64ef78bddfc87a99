//! What is said about fields, their types, and variants.

use proc_macro2::Ident;

use super::with_help;

pub fn empty_attribute() -> String {
    with_help("this attribute says nothing", "remove it")
}

pub fn field_option_to_come(key: &Ident) -> String {
    with_help(
        format_args!("the field option `{key}` is not there yet"),
        "remove it: a list is replaced whole, everything else is merged by field and by key of a map",
    )
}

pub fn unknown_field_option(key: &Ident, guess: Option<&str>) -> String {
    let planned = guess.map_or(String::new(), |guess| format!(" (`{guess}` is planned)"));
    with_help(
        format_args!("unknown option `{key}`"),
        format_args!("fields have no options yet{planned}"),
    )
}

pub fn variant_option(key: &Ident) -> String {
    with_help(format_args!("unknown option `{key}`"), "variants have no options")
}

// Types.

pub fn unfit_type(fact: &str, help: &str) -> String {
    with_help(fact, help)
}

pub fn reference(help: &str) -> String {
    with_help("a value outlives every borrow, so its fields own what they hold", help)
}

pub fn vec_u8() -> String {
    with_help(
        "a `Vec<u8>` would travel as a list of numbers, and a type for bytes is not there yet",
        "use a `String` in base64, or `Vec<u16>` where a list of numbers is meant",
    )
}

pub fn double_option() -> String {
    with_help(
        "both `None`s would travel as null",
        "use one `Option`, or an enum of your own inside it",
    )
}
