//! The derives may stand above the attribute.
use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, temporal_entity};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[temporal_entity(access = "signed-in")]
#[serde(rename_all = "camelCase")]
struct Card {
    due_at: f64,
}

fn main() {
    let _ = Card { due_at: 0.0 }.clone();
    assert_eq!(Card::FIELDS_OF[0].name, "dueAt");
}

trait Fields {
    const FIELDS_OF: &'static [temporal_entity::__private::FieldSchema];
}

impl<T: Entity> Fields for T {
    const FIELDS_OF: &'static [temporal_entity::__private::FieldSchema] =
        <T as temporal_entity::__private::StructFields>::FIELDS;
}
