use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
struct Card
where
    String: Clone,
{
    title: String,
}

fn main() {}
