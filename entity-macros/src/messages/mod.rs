//! What the macros say when something is wrong, one function for each message, to be proof-read in one sitting.
//!
//! A message states a fact about the system, and says on a second line what to do instead. It quotes the user's own
//! word, has no final stop, and never scolds.

mod callbacks;
mod fields;
mod options;

use std::fmt::Display;

use proc_macro2::Ident;

pub use callbacks::*;
pub use fields::*;
pub use options::*;

fn with_help(fact: impl Display, help: impl Display) -> String {
    format!("{fact}\nhelp: {help}")
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

// The item.

pub fn not_a_struct(kind: &str) -> String {
    if kind == "an enum" {
        with_help(
            "an entity is a struct, found an enum",
            "put the enum in a field, and give it `#[derive(EntityField)]`",
        )
    } else {
        format!("an entity is a struct, found {kind}")
    }
}

pub fn already_an_entity() -> String {
    "this struct is a temporal entity already".to_owned()
}

pub fn derived_directly() -> String {
    "this derive is a part of `#[temporal_entity]`\nhelp: write `#[temporal_entity(..)]` above the struct"
        .to_owned()
}

pub fn unnamed_fields(is_entity: bool) -> String {
    with_help(
        "the names of the fields are their keys on the wire, and these have none",
        if is_entity {
            "write `struct Name { field: Type }`"
        } else {
            "write `struct Name { field: Type }`; only a single field can do without a name"
        },
    )
}

pub fn no_fields(name: &impl Display) -> String {
    format!("`{name}` has no fields that travel, so there is nothing to synchronise")
}

pub fn generic(what: &str) -> String {
    match what {
        "lifetime" => with_help(
            "a value outlives every borrow, so its type has no lifetimes",
            "own the data: `String` for `&str`, `Vec` for a slice",
        ),
        _ => with_help(
            "a struct here cannot be generic: each entity is one Durable Object class, each value one TypeScript type",
            "name a concrete type",
        ),
    }
}

pub fn where_clause() -> String {
    with_help("a struct here cannot be generic, so it has no bounds", "remove the `where` clause")
}

pub fn packed() -> String {
    with_help(
        "fields are borrowed when values are compared, and packed ones cannot be",
        "remove `packed`",
    )
}

pub fn union() -> String {
    "a union does not say which of its fields it holds".to_owned()
}

pub fn no_variants(name: &impl Display) -> String {
    format!("`{name}` has no variants, so no field could hold it")
}

// Serde attributes.

pub fn refused_by_serde_word(word: &Ident, fact: &str, help: &str) -> String {
    with_help(format_args!("`{word}` cannot be honoured: {fact}"), help)
}

pub fn unknown_serde_word(word: &Ident, guess: Option<&str>) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    format!("`{word}` is no serde attribute that the wire form is known for{guess}")
}

pub fn one_sided(word: &Ident) -> String {
    with_help(
        "both sides of the wire read and write one spelling",
        format_args!("write `{word} = \"..\"`"),
    )
}

pub fn unknown_case(case: &str, guess: Option<&str>, known: &[&str]) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    with_help(
        format_args!("`{case}` is no way to write names{guess}"),
        format_args!("the ways are {}", quoted(known)),
    )
}

// Names.

pub fn duplicate_name(name: &str, first: &Ident, second: &Ident) -> String {
    with_help(
        format_args!("`{first}` and `{second}` are both `{name}` on the wire"),
        "give one of them another name with `#[serde(rename = \"..\")]`",
    )
}

pub fn reserved_name(name: &str, owner: &str) -> String {
    with_help(
        format_args!("the name `{name}` on the wire is reserved: {owner}"),
        "give the field another one with `#[serde(rename = \"..\")]`",
    )
}

pub fn reserved_key(name: &str, owner: &str) -> String {
    with_help(
        format_args!("the name `{name}` on the wire is reserved: {owner}"),
        "write another one, such as `kind` or `value`",
    )
}

pub fn reserved_type(name: &str, is_entity: bool) -> String {
    let help = if is_entity {
        "give it another name in TypeScript with `name = \"..\"`"
    } else {
        "give it another name in TypeScript with `#[serde(rename = \"..\")]`"
    };
    with_help(format_args!("the generated typings use the name `{name}` for something else"), help)
}

pub fn name_not_an_identifier(name: &str) -> String {
    with_help(
        format_args!("`{name}` cannot be the name of a class in JavaScript"),
        "use ASCII letters, digits and `_`, and begin with a letter",
    )
}
