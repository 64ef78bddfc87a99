use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[derive(Serialize, Deserialize)]
struct Address {
    city: String,
}

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    field: Address,
}

fn main() {}
