use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", role = "person", lines = 9)]
#[derive(Serialize, Deserialize)]
struct Person {
    name: String,
}

fn main() {}
