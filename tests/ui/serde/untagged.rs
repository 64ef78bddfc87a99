use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(untagged)]
enum Progress {
    Open,
    Done,
}

fn main() {}
