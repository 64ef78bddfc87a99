use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[derive(Serialize, Deserialize, EntityField)]
struct Item {
    id: String,
    done: bool,
    weight: f64,
    #[serde(skip)]
    seen: String,
}

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(key = "idd")]
    checklist: Vec<Item>,
}

fn main() {}
