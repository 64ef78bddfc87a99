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

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: ::std::string::String,
    maybe: ::core::option::Option<u8>,
    list: ::std::vec::Vec<u16>,
    #[serde(skip)]
    seen: bool,
}

fn main() {
    drop(<CardDiff as ::core::default::Default>::default());
}
