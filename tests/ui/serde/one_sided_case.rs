use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
struct Card {
    title: String,
}

fn main() {}
