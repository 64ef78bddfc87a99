use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", retain = "50000d")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
