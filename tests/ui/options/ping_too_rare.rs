use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", ping = "8d")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
