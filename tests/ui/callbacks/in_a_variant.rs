use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    Other {
        #[entity(normalize = "trim", validate = check)]
        name: String,
    },
}

fn main() {}
