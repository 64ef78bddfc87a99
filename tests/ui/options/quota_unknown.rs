use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", quota = "1 GB")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
