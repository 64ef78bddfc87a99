use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", quota = "0MB")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
