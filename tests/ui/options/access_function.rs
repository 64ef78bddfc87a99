use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = crate::may_read)]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn main() {}
