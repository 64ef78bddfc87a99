//! What is said about the options of a struct or enum.

use proc_macro2::Ident;
use syn::LitInt;

use super::{quoted, with_help};
use crate::words::LEAST_LINES;

fn policies(known: &[&str]) -> String {
    let known: Vec<String> =
        known.iter().map(|policy| format!("`access = \"{policy}\"`")).collect();
    known.join(" or ")
}

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

pub fn not_a_number_of_readers() -> String {
    with_help(
        "expected the number of readers from which on browsers open direct lines, as in `lines = 100`",
        format!(
            "it is at least {LEAST_LINES}; with `lines = \"never\"` every push goes through the Persons"
        ),
    )
}

pub fn lines_of_a_person() -> String {
    with_help(
        "a Person has no direct lines: its sockets are those of its own browsers",
        "remove the option",
    )
}

const PERIODS: &str = "write a number and `m`, `h` or `d` in quotes, as in `ping = \"5m\"`; without the option nobody is asked";

pub fn not_a_period() -> String {
    with_help("expected how often subscribers are asked, a string", PERIODS)
}

pub fn unknown_period(text: &str) -> String {
    with_help(format_args!("`{text}` is no span of time"), PERIODS)
}

pub fn ping_too_often() -> String {
    with_help("a ping comes at most once a minute", "the shortest is `ping = \"1m\"`")
}

pub fn ping_too_rare() -> String {
    with_help("a ping comes at least once in seven days", "the longest is `ping = \"7d\"`")
}

const SIZES: &str =
    "write a number and `MB` or `GB` in quotes, as in `quota = \"1GB\"`, which is the default";

pub fn not_a_size() -> String {
    with_help("expected how much one entity may store, a string", SIZES)
}

pub fn unknown_size(text: &str) -> String {
    with_help(format_args!("`{text}` is no number of bytes"), SIZES)
}

pub fn quota_too_small() -> String {
    with_help(
        "an entity needs room for more than its first write",
        "the smallest quota is `quota = \"1MB\"`",
    )
}

pub fn quota_too_large() -> String {
    with_help(
        "the platform stores 10 GB in an object, and a reserve of that admits deletions",
        "the largest quota is `quota = \"9800MB\"`",
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
