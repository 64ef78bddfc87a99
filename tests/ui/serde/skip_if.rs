use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
}

fn main() {}
