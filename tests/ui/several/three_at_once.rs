use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", granularty = "hour")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(atomc)]
    title: String,
    count: usize,
    when: std::time::SystemTime,
}

fn main() {}
