use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    title: String,
    valid_from: f64,
    #[serde(rename = "__proto__")]
    base: String,
    #[serde(rename = "$set")]
    price: u32,
}

fn main() {}
