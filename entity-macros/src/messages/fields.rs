//! What is said about fields, their types, and variants.

use proc_macro2::Ident;

use super::callbacks::is_callback;
use super::{callback_of_a_skipped_field, callback_outside_of_an_entity, quoted, with_help};

pub fn empty_attribute() -> String {
    with_help("this attribute says nothing", "remove it")
}

pub fn field_option_to_come(key: &Ident) -> String {
    with_help(format_args!("the field option `{key}` is not there yet"), "remove it")
}

pub fn bare_policy(key: &Ident) -> String {
    with_help(
        format_args!("`{key}` is the name of a merge policy"),
        format_args!("write `merge = \"{key}\"`"),
    )
}

pub fn two_policies(first: &Ident, second: &Ident) -> String {
    with_help(
        format_args!("`{first}` and `{second}` both say how changes of the field come together"),
        "keep one of them",
    )
}

pub fn unknown_merge(
    name: &str,
    guess: Option<&str>,
    instead: Option<&str>,
    known: &[&str],
) -> String {
    let guess = guess.filter(|_| instead.is_none());
    let guess = guess.map_or(String::new(), |guess| format!(", did you mean `{guess}`?"));
    let fact = format!("`{name}` is no merge policy{guess}");
    match instead {
        Some(instead) => with_help(fact, instead),
        None => with_help(fact, format_args!("the policies are {}", quoted(known))),
    }
}

pub fn counter_of_floats() -> String {
    with_help(
        "floats do not add exactly, so a counter of them would depend on the order of the changes",
        "count in whole numbers: cents, or thousandths, in an `i64`",
    )
}

pub fn key_is_no_name(name: &str) -> String {
    with_help(
        format_args!("`{name}` cannot be the name of a field"),
        "name the field of the elements that tells them apart, as in `key = \"id\"`",
    )
}

pub fn key_of_a_map() -> String {
    with_help("a map has keys of its own, and merges by them", "remove the option")
}

pub fn key_of_no_list() -> String {
    with_help(
        "a key tells the elements of a list apart, and this is not spelled as one",
        "write `Vec<Item>` or `Option<Vec<Item>>`, with a struct for `Item`, or remove the option",
    )
}

pub fn option_of_a_skipped_field(key: &Ident) -> String {
    if is_callback(key) {
        return callback_of_a_skipped_field(key);
    }
    with_help(
        format_args!("`{key}` says how changes come together, and a skipped field has none"),
        "remove the option or the `skip`",
    )
}

// Newtypes.

pub fn option_in_a_newtype(key: &Ident) -> String {
    if is_callback(key) {
        return callback_outside_of_an_entity(key);
    }
    with_help(
        format_args!("`{key}` is an option of a field with a name"),
        "remove it: a newtype changes as what is in it",
    )
}

pub fn skipped_in_a_newtype() -> String {
    with_help("without this field there is nothing to write", "remove the `skip`")
}

// Variants.

pub fn variant_option(key: &Ident) -> String {
    with_help(format_args!("unknown option `{key}`"), "variants have no options")
}

pub fn skipped_variant() -> String {
    with_help(
        "a value with a skipped variant could not be written",
        "remove the variant or the `skip`",
    )
}

pub fn variant_without_tag() -> String {
    with_help(
        "a variant with data is told apart by a tag, and this enum names none",
        "write `#[serde(tag = \"kind\")]` above the enum",
    )
}

pub fn unnamed_in_a_variant(variant: &Ident) -> String {
    with_help(
        "the names of the fields are their keys on the wire, and these have none",
        format_args!("write `{variant} {{ field: Type }}`, or hold one struct"),
    )
}

pub fn option_in_a_variant(key: &Ident) -> String {
    if is_callback(key) {
        return callback_outside_of_an_entity(key);
    }
    with_help(
        format_args!("`{key}` says how changes come together, and an enum is replaced whole"),
        "remove it, or hold a struct with this field in a field of its own",
    )
}

pub fn skipped_in_a_variant() -> String {
    with_help(
        "a variant is copied whole, and would lose this field",
        "remove the field or the `skip`",
    )
}

pub fn content_without_tag() -> String {
    with_help(
        "`content` is the key beside the tag, and this enum names no tag",
        "write `tag = \"kind\"` as well",
    )
}

pub fn content_is_tag(name: &str) -> String {
    with_help(
        format_args!("the variant's name and its data would both be `{name}` on the wire"),
        "give one of them another name",
    )
}

pub fn field_is_tag(name: &str) -> String {
    with_help(
        format_args!("the tag of the enum is `{name}` on the wire, too"),
        "give the field another name with `#[serde(rename = \"..\")]`, or the enum a `content`",
    )
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
        "a `Vec<u8>` would travel as a list of numbers",
        "use `temporal_entity::Bytes`, or `Vec<u16>` where a list of numbers is meant",
    )
}

pub fn double_option() -> String {
    with_help(
        "both `None`s would travel as null",
        "use one `Option`, or an enum of your own inside it",
    )
}
