use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", version = 2, migrate(with = step))]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
