use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in", validate = Card::check)]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

impl Card {
    fn check(&self) -> bool {
        !self.title.is_empty()
    }
}

fn main() {}
