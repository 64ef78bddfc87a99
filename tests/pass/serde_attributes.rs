//! The serde attributes that are honoured.
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, bound = "")]
struct Card {
    #[serde(rename = "Name", alias = "title", alias = "heading")]
    full_name: String,
    #[serde(default = "seven")]
    due_in: u8,
    #[serde(skip)]
    seen: bool,
    #[serde(skip, default = "nothing")]
    cache: Cache,
    progress: Progress,
}

struct Cache;

impl Default for Cache {
    fn default() -> Cache {
        Cache
    }
}

fn nothing() -> Cache {
    Cache
}

fn seven() -> u8 {
    7
}

#[derive(Default, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Progress {
    #[default]
    NotYet,
    #[serde(rename = "done", alias = "over")]
    Done,
}

fn main() {
    let names: Vec<_> = fields::<Card>().collect();
    assert_eq!(names, ["Name", "due-in", "progress"]);
    let card = Card { seen: true, ..Card::default() };
    assert!(card.seen && !card.copy().seen);
    drop((Progress::Done, card.cache, card.due_in, card.full_name));
}

fn fields<T: temporal_entity::__private::StructFields>() -> impl Iterator<Item = &'static str> {
    T::FIELDS.iter().map(|field| field.name)
}
