use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    #[serde(rename = "fullName")]
    name: String,
    full_name: String,
}

fn main() {}
