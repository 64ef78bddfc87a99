use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
enum Mark {
    None,
    Circle { radius: f64 },
    Label(String),
}

fn main() {}
