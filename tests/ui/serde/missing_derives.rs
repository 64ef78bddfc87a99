use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
struct Card {
    title: String,
}

fn main() {}
