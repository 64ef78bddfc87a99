//! Generated code does not care what names mean around it.
#![allow(dead_code, non_camel_case_types)]

use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

mod core {}
mod std {}
struct Option;
struct Result;
struct Vec;
struct Ok;
struct None;
struct Default;
struct Debug;
struct Change;
struct Some;
struct String;
struct Into;
struct Sized;
struct Counter;
struct Text;
struct Merge;
struct Key;
struct Normal;
struct Invalid;
struct Migration;
struct Value;

#[temporal_entity(
    access = "signed-in",
    version = 3,
    migrate(from = 1),
    migrate(from = 2, with = step),
    retain = "1d",
    validate = Card::check
)]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(normalize = ("trim", tidy), validate = check)]
    title: ::std::string::String,
    maybe: ::core::option::Option<u8>,
    list: ::std::vec::Vec<u16>,
    #[serde(skip)]
    seen: bool,
    #[entity(merge = "counter")]
    votes: i64,
    #[entity(merge = "text")]
    body: ::std::string::String,
    #[entity(key = "name")]
    places: ::std::vec::Vec<Place>,
    labels: ::std::collections::BTreeSet<Label>,
}

fn step(
    old: ::temporal_entity::Value,
) -> ::core::result::Result<::temporal_entity::Value, ::std::string::String> {
    ::core::result::Result::Ok(old)
}

fn tidy(title: &mut ::std::string::String) {
    title.clear();
}

fn check(_: &str) -> ::core::result::Result<(), ::std::string::String> {
    ::core::result::Result::Ok(())
}

impl Card {
    fn check(&self) -> ::core::result::Result<(), ::std::string::String> {
        ::core::result::Result::Ok(())
    }
}

#[derive(Serialize, Deserialize, ::temporal_entity::EntityField)]
struct Place {
    name: ::std::string::String,
    mark: Mark,
}

#[derive(Serialize, Deserialize, ::temporal_entity::EntityField)]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Label(::std::string::String);

#[derive(Serialize, Deserialize, ::temporal_entity::EntityField)]
#[serde(tag = "kind")]
enum Mark {
    None,
    Some { of: u8 },
}

fn main() {
    drop(<CardDiff as ::core::default::Default>::default());
}
