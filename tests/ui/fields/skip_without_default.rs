use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

struct Cache(#[allow(dead_code)] u8);

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[serde(skip, default = "cache")]
    _cache: Cache,
    #[serde(skip)]
    _other: Cache,
}

fn cache() -> Cache {
    Cache(0)
}

fn main() {}
