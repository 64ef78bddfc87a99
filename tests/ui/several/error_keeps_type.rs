use serde::{Deserialize, Serialize};
use temporal_entity::{Change, Entity, temporal_entity};

#[temporal_entity(access = "signed-in", granularity = "fortnight")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

fn title(diff: CardDiff) -> Option<Change<String>> {
    diff.title
}

fn retitle<T: Entity>(value: &mut T, diff: T::Diff) {
    value.apply(diff);
}

fn main() {
    let mut card = Card { title: String::new() };
    retitle(&mut card, CardDiff { title: title(CardDiff::default()) });
}
