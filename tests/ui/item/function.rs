use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
fn card() {}

fn main() {}
