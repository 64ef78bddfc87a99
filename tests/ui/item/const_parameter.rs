use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
struct Card<const N: usize> {
    title: String,
}

fn main() {}
