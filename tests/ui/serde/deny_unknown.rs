use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    title: String,
}

fn main() {}
