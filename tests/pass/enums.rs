//! Enums with data, under a tag, beside it or under a content.
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    mark: Mark,
    marks: Vec<Mark>,
    content: Content,
    only: Only,
    tagged: Tagged,
}

/// Beside the tag.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Mark {
    /// Nothing.
    None,
    #[serde(rename_all = "kebab-case")]
    Circle {
        /// From the middle.
        outer_radius: f64,
        #[serde(default, rename = "line")]
        line_width: u8,
    },
    Empty {},
    At(Place),
    Group {
        marks: Vec<Mark>,
    },
}

/// Under a key of its own, which also fits what is no struct.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "type", content = "value")]
enum Content {
    Text(String),
    Number(f64),
    Place { row: u32, r#type: String },
    Many(Vec<Content>),
}

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Only {
    One(Place),
}

/// Without data, but as a map.
#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Tagged {
    Yes,
    #[deprecated]
    No,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Place {
    row: u32,
}

fn main() {
    let circle = Mark::Circle { outer_radius: 1.0, line_width: 2 };
    assert!(circle.same(&circle.copy()));
    assert!(!circle.same(&Mark::Circle { outer_radius: 1.0, line_width: 3 }));
    assert!(!circle.same(&Mark::None));
    let group = Mark::Group { marks: vec![Mark::At(Place { row: 1 }), Mark::Empty {}] };
    assert!(group.same(&group.copy()));
    let content = Content::Many(vec![
        Content::Text("a".into()),
        Content::Number(0.5),
        Content::Place { row: 1, r#type: "b".into() },
    ]);
    assert!(content.same(&content.copy()));
    assert!(Tagged::Yes.same(&Tagged::Yes.copy()));
    let card = Card {
        mark: circle,
        marks: vec![group, Mark::None],
        content,
        only: Only::One(Place { row: 1 }),
        tagged: Tagged::Yes,
    };
    assert!(card.same(&card.copy()));
}
