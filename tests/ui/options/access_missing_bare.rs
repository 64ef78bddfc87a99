use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
