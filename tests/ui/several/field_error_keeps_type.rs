use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    note: usize,
}

fn retitle<T: Entity>(value: &mut T, diff: T::Diff) {
    value.apply(diff);
}

fn main() {
    let mut card = Card { title: String::new(), note: 0 };
    retitle(&mut card, CardDiff { title: None });
}
