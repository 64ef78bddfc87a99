use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(normalize = tidy)]
    title: String,
}

fn tidy(title: &mut u32) {
    *title = 0;
}

fn main() {}
