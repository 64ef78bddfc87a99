use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    labels: BTreeSet<char>,
}

fn main() {}
