use temporal_entity::temporal_entity;

struct Card;

#[temporal_entity(access = "signed-in")]
impl Card {}

fn main() {}
