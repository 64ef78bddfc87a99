//! An entity may come out of a macro, with types and names from either side.
use serde::{Deserialize, Serialize};
use temporal_entity::{Change, Entity, EntityField, temporal_entity};

macro_rules! entity {
    ($name:ident, $field:ident: $type:ty, $tidy:path, $check:path) => {
        #[temporal_entity(access = "signed-in", version = 2, migrate(from = 1), validate = $check)]
        #[derive(Serialize, Deserialize)]
        struct $name {
            #[entity(normalize = $tidy, validate = not_empty)]
            $field: $type,
            fixed: Option<$type>,
            own: Vec<String>,
        }
    };
}

entity!(Card, title: String, str::make_ascii_lowercase, Card::check);

impl Card {
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

fn not_empty(title: &str) -> Result<(), String> {
    if title.is_empty() { Err("it is empty".to_owned()) } else { Ok(()) }
}

fn main() {
    let mut card = Card { title: String::new(), fixed: None, own: vec![] };
    card.apply(CardDiff { title: Some(Change::Set("new".into())), ..CardDiff::default() });
    assert_eq!(card.title, "new");
    assert!(card.normalize(None).is_none() && card.validate(None).is_ok());
}
