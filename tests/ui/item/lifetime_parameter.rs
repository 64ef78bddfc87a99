use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
struct Card<'a> {
    title: std::borrow::Cow<'a, str>,
}

fn main() {}
