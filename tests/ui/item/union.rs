use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
union Card {
    bits: u32,
}

fn main() {}
