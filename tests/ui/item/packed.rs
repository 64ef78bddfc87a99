use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[repr(packed)]
struct Card {
    votes: u8,
}

fn main() {}
