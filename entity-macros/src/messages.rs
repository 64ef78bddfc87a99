//! What the macros say when something is wrong, one function for each message, to be proof-read in one sitting.
//!
//! A message states a fact about the system, and says on a second line what to do instead. It quotes the user's own
//! word, has no final stop, and never scolds.

use std::fmt::Display;

use proc_macro2::Ident;
use syn::LitInt;

fn with_help(fact: impl Display, help: impl Display) -> String {
    format!("{fact}\nhelp: {help}")
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn policies(known: &[&str]) -> String {
    let known: Vec<String> =
        known.iter().map(|policy| format!("`access = \"{policy}\"`")).collect();
    known.join(" or ")
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

pub fn unnamed_fields() -> String {
    with_help(
        "the names of the fields are their keys on the wire, and these have none",
        "write `struct Name { field: Type }`",
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

pub fn variant_with_data() -> String {
    with_help(
        "enums whose variants hold data are not there yet",
        "use a struct with `Option` fields for now",
    )
}

pub fn no_variants(name: &impl Display) -> String {
    format!("`{name}` has no variants, so no field could hold it")
}

// Options.

pub fn expected_an_option() -> String {
    "expected an option, such as `version = 1`".to_owned()
}

pub fn expected_equals(key: &Ident) -> String {
    format!("expected `=` after `{key}`")
}

pub fn expected_comma() -> String {
    "expected a comma between two options".to_owned()
}

pub fn unknown_option(key: &Ident, guess: Option<&str>, known: &[&str]) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    with_help(
        format_args!("unknown option `{key}`{guess}"),
        format_args!("the options are {}", quoted(known)),
    )
}

pub fn given_twice(key: &Ident) -> String {
    format!("`{key}` is given twice")
}

pub fn missing_value(key: &Ident, example: &str) -> String {
    format!("`{key}` needs a value, as in `{example}`")
}

pub fn wrong_delimiter(key: &Ident, example: &str) -> String {
    format!("the value of `{key}` follows a `=`, as in `{example}`")
}

pub fn not_a_string(key: &Ident, example: &str) -> String {
    format!("the value of `{key}` is a string, as in `{example}`")
}

pub fn not_a_path(example: &str) -> String {
    format!("expected a path, as in `{example}`")
}

pub fn suffix(number: &LitInt) -> String {
    format!(
        "expected a plain number, `{}` without the `{}`",
        number.base10_digits(),
        number.suffix()
    )
}

pub fn no_access(ident: &Ident, known: &[&str]) -> String {
    with_help(
        format_args!("`{ident}` does not say who may read and write it"),
        format_args!("name a policy in `#[temporal_entity(..)]`: {}", policies(known)),
    )
}

pub fn unknown_policy(policy: &str, guess: Option<&str>, known: &[&str]) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    with_help(
        format_args!("`{policy}` is no access policy{guess}"),
        format_args!("write {}", policies(known)),
    )
}

pub fn policy_to_come(policy: &str, known: &[&str]) -> String {
    with_help(
        format_args!("the policy `{policy}` is not there yet"),
        format_args!("write {}", policies(known)),
    )
}

pub fn policy_function_to_come(known: &[&str]) -> String {
    with_help(
        "a function as the policy is not there yet",
        format_args!("write {}", policies(known)),
    )
}

pub fn unknown_granularity(name: &str, guess: Option<&str>) -> String {
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    with_help(
        format_args!("`{name}` is no granularity{guess}"),
        "use \"second\", \"minute\", \"hour\", \"day\", or a number of milliseconds",
    )
}

pub fn not_a_granularity() -> String {
    with_help(
        "a granularity is a string or a whole number",
        "use \"second\", \"minute\", \"hour\", \"day\", or a number of milliseconds",
    )
}

pub fn negative_granularity() -> String {
    with_help("a granularity is not negative", "0 keeps every edit apart")
}

pub fn granularity_too_coarse() -> String {
    with_help(
        "a granularity is at most a day, 86400000 milliseconds, or history would lose whole days",
        "use \"day\"",
    )
}

pub fn unknown_role(role: &str, known: &[&str]) -> String {
    with_help(
        format_args!("`{role}` is no role"),
        format_args!(
            "the only role is {}; an entity without one leaves the option out",
            quoted(known)
        ),
    )
}

pub fn version_out_of_range() -> String {
    with_help(
        "a version is a whole number from 1",
        "begin with `version = 1`, and raise it when fields change",
    )
}

pub fn diff_not_an_identifier() -> String {
    "the name of the diff is an identifier without quotes, as in `diff = CardChanges`".to_owned()
}

pub fn belongs_in_attribute(key: &Ident) -> String {
    format!("`{key}` is an option of the struct\nhelp: write it in `#[temporal_entity(..)]`")
}

pub fn belongs_on_field(key: &Ident) -> String {
    format!("`{key}` is about one field\nhelp: write it above that field")
}

// Fields and variants.

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

pub fn skipped_variant() -> String {
    with_help(
        "a value with a skipped variant could not be written",
        "remove the variant or the `skip`",
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
