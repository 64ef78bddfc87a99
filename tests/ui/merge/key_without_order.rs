use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[derive(Serialize, Deserialize, EntityField)]
struct Item {
    id: Id,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Id(String);

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(key = "id")]
    checklist: Vec<Item>,
}

fn main() {}
