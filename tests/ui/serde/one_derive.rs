use serde::Serialize;
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize)]
struct Card {
    title: String,
}

fn main() {}
