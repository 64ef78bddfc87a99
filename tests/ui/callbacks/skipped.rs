use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[serde(skip)]
    #[entity(normalize = "trim", validate = check)]
    seen: String,
}

fn main() {}
