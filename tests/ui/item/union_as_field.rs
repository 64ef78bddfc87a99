use temporal_entity::EntityField;

#[derive(EntityField)]
union Progress {
    bits: u32,
}

fn main() {}
