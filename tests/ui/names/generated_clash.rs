use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

struct CardDiff;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
