use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", version = 1, migrate(from = 0))]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
