use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[derive(Serialize, Deserialize, EntityField)]
struct Address {
    city: String,
}

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[serde(flatten)]
    address: Address,
}

fn main() {}
