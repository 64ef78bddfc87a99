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

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
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
