use serde::{Deserialize, Serialize};
use temporal_entity::__private::__TemporalEntity;

#[derive(Serialize, Deserialize, __TemporalEntity)]
struct Card {
    title: String,
}

fn main() {}
