//! What is said about functions of the user's, about steps, and about how much of the past is kept.

use proc_macro2::Ident;

use super::{quoted, with_help};
use crate::words;

pub fn quoted_function(path: &str) -> String {
    with_help("a function is named by its path", format_args!("remove the quotes: `{path}`"))
}

// Normalising and validating.

pub(super) fn is_callback(key: &Ident) -> bool {
    words::CALLBACK_OPTIONS.contains(&key.to_string().as_str())
}

pub fn callback_outside_of_an_entity(key: &Ident) -> String {
    let (of, help) = if key == "validate" {
        (
            "an entity and its own fields",
            "name the function above the entity's field that holds this, or in `#[temporal_entity(validate = ..)]`",
        )
    } else {
        (
            "an entity's own fields",
            "name a function above the entity's field that holds this, as in `#[entity(normalize = path::to::tidy)]`",
        )
    };
    with_help(format_args!("`{key}` is an option of {of}"), help)
}

pub fn callback_of_a_skipped_field(key: &Ident) -> String {
    with_help(
        format_args!("`{key}` is for what comes in, and a skipped field stays off the wire"),
        "remove the option or the `skip`",
    )
}

pub fn normalised_text() -> String {
    with_help(
        "a change of a merged text counts characters, which a normaliser would move under those who write",
        "use `validate` instead, or remove `merge = \"text\"`",
    )
}

pub fn no_normaliser() -> String {
    with_help("this list names no normaliser", "remove the option")
}

pub fn bare_normaliser(key: &Ident) -> String {
    with_help(
        format_args!("`{key}` is the name of a normaliser"),
        format_args!("write `normalize = \"{key}\"`"),
    )
}

pub fn unknown_normaliser(name: &str, guess: Option<&str>, known: &[&str]) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    with_help(
        format_args!("`{name}` is no normaliser{guess}"),
        format_args!(
            "the normalisers are {}; a function of yours is named without quotes",
            quoted(known)
        ),
    )
}

// Steps.

pub fn expected_a_list(key: &Ident, example: &str) -> String {
    format!("the value of `{key}` is a list, as in `{example}`")
}

pub fn step_from_nowhere(example: &str) -> String {
    format!("a step leads from a version to the next, and this one names none, as in `{example}`")
}

pub fn step_out_of_range() -> String {
    with_help("a version is a whole number from 1", "the first step is `migrate(from = 1)`")
}

pub fn step_twice(from: u32) -> String {
    with_help(
        format_args!("there are two steps from version {from}"),
        "make them one: a value takes each step once",
    )
}

pub fn step_beyond(from: u32, version: u32) -> String {
    with_help(
        format_args!("the schema is of version {version}, so no step leads on from version {from}"),
        match from.checked_add(1) {
            Some(next) => format!("write `version = {next}`, or remove the step"),
            None => "remove the step".to_owned(),
        },
    )
}

pub fn steps_missing(missing: &[u32], most: usize) -> String {
    const NONE_NEEDED: &str = "without `with` where all that came are fields with a default";
    let named: Vec<String> = missing.iter().take(most).map(u32::to_string).collect();
    let more = if missing.len() > most { " and more" } else { "" };
    let each = if missing.len() > 1 { "one for each, as in " } else { "" };
    let first = named.first().map_or("1", String::as_str);
    with_help(
        format_args!(
            "values of version {}{more} may be stored, and no step leads on from there",
            named.join(", ")
        ),
        format_args!("write {each}`migrate(from = {first}, with = path::to::step)`, {NONE_NEEDED}"),
    )
}

// Retention.

const RETENTIONS: &str =
    "write days, hours or weeks as \"90d\", \"12h\", \"2w\", or a number of snapshots as 100";

pub fn not_a_retention() -> String {
    with_help("a retention is a string or a whole number", RETENTIONS)
}

pub fn unknown_retention(text: &str) -> String {
    with_help(format_args!("`{text}` is no retention"), RETENTIONS)
}

pub fn retention_without_unit(text: &str) -> String {
    with_help(
        format_args!("`{text}` does not say what it counts"),
        format_args!("write `\"{text}d\"` for days, or `{text}` without quotes for snapshots"),
    )
}

pub fn retention_without_quotes(text: &str) -> String {
    with_help("a span of time is in quotes", format_args!("write `\"{text}\"`"))
}

pub fn retention_of_nothing() -> String {
    with_help("history holds at least what is valid now", RETENTIONS)
}

pub fn retention_too_long() -> String {
    with_help("a retention is at most 136 years", "leave the option out, and everything is kept")
}

pub fn too_many_snapshots() -> String {
    with_help(
        "a retention is at most 4294967295 snapshots",
        "leave the option out, and everything is kept",
    )
}
