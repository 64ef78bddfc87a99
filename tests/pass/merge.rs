//! Every merge policy, where it fits.
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(merge = "counter")]
    votes: i64,
    #[entity(merge = "counter")]
    spare: Option<u8>,
    #[entity(merge = "text")]
    body: String,
    #[entity(merge = "text")]
    note: Option<String>,
    #[entity(merge = "atomic")]
    place: Place,
    #[entity(merge = "atomic")]
    path: Vec<Place>,
    #[entity(key = "id")]
    checklist: Vec<list::Item>,
    #[entity(key = "r#type")]
    more: Option<std::vec::Vec<list::Item>>,
    // A list of the struct itself, by a key of its own.
    #[entity(key = "name")]
    children: Vec<Self>,
    name: Name,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Place {
    row: u32,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
struct Name(String);

mod list {
    use serde::{Deserialize, Serialize};
    use temporal_entity::EntityField;

    /// Its key is nobody else's business.
    #[derive(Default, Serialize, Deserialize, EntityField)]
    pub struct Item {
        #[serde(rename = "key")]
        id: u64,
        r#type: String,
    }
}

fn main() {
    let card = Card {
        votes: 0,
        spare: None,
        body: String::new(),
        note: None,
        place: Place { row: 1 },
        path: vec![Place { row: 1 }],
        checklist: vec![list::Item::default()],
        more: None,
        children: vec![],
        name: Name("a".into()),
    };
    assert!(card.same(&card.copy()));
}
