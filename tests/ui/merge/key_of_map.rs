use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(key = "id")]
    items: BTreeMap<String, u8>,
}

fn main() {}
