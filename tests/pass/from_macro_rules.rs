//! An entity may come out of a macro, with types and names from either side.
use serde::{Deserialize, Serialize};
use temporal_entity::{Change, EntityField, temporal_entity};

macro_rules! entity {
    ($name:ident, $field:ident: $type:ty) => {
        #[temporal_entity(access = "signed-in")]
        #[derive(Serialize, Deserialize)]
        struct $name {
            $field: $type,
            fixed: Option<$type>,
            own: Vec<String>,
        }
    };
}

entity!(Card, title: String);

fn main() {
    let mut card = Card { title: String::new(), fixed: None, own: vec![] };
    card.apply(CardDiff { title: Some(Change::Set("new".into())), ..CardDiff::default() });
    assert_eq!(card.title, "new");
}
