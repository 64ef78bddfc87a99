use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
enum Progress {
    Open,
    #[serde(skip)]
    Lost,
}

fn main() {}
