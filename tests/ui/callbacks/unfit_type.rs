use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(normalize = tidy, validate = check)]
    letter: char,
}

fn tidy(letter: &mut char) {
    letter.make_ascii_lowercase();
}

fn check(letter: &char) -> Result<(), String> {
    if letter.is_alphabetic() { Ok(()) } else { Err("no letter".to_owned()) }
}

fn main() {}
