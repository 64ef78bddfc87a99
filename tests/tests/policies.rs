//! Merge policies, the other types of fields, and the methods of a diff, as the macros generate them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{
    Bytes, Change, Entity, EntityField, EntityId, Patch, Timestamp, Value, temporal_entity,
};
use temporal_entity_core::codec;
use temporal_entity_core::patch::{self, Overlaps};
use temporal_entity_core::schema::Kind;

#[temporal_entity(access = "signed-in")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    title: Title,
    #[entity(merge = "counter")]
    vote_count: i64,
    #[entity(merge = "counter")]
    spare: Option<u8>,
    #[entity(merge = "text")]
    body: String,
    #[entity(merge = "atomic")]
    pinned: Place,
    #[entity(key = "id")]
    checklist: Vec<Item>,
    #[entity(key = "title")]
    children: Option<Vec<Self>>,
    labels: BTreeSet<Label>,
    limits: BTreeMap<Status, u32>,
    places: BTreeMap<String, Place>,
    place: Place,
    mark: Mark,
    file: Bytes,
    due: Option<Timestamp>,
    owner: EntityId<Card>,
    extra: serde_json::Value,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Item {
    #[serde(rename = "itemId")]
    id: u32,
    text: String,
    done: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Place {
    row: u32,
    column: f64,
}

/// How far it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField,
)]
#[serde(rename_all = "kebab-case")]
enum Status {
    ToDo,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
struct Title(String);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
#[serde(transparent)]
struct Label(String);

/// What stands on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Mark {
    /// Nothing.
    None,
    Circle {
        /// From the middle.
        radius: f64,
        #[serde(default)]
        line_width: u8,
    },
    At(Place),
    Many {
        marks: Vec<Mark>,
    },
}

fn card() -> Card {
    Card {
        title: Title("Paint".into()),
        vote_count: 0,
        spare: None,
        body: String::new(),
        pinned: place(1),
        checklist: vec![],
        children: None,
        labels: BTreeSet::new(),
        limits: BTreeMap::new(),
        places: BTreeMap::new(),
        place: place(2),
        mark: Mark::None,
        file: Bytes::default(),
        due: None,
        owner: "nobody".into(),
        extra: serde_json::Value::Null,
    }
}

fn place(row: u32) -> Place {
    Place { row, column: 0.5 }
}

fn item(id: u32, text: &str) -> Item {
    Item { id, text: text.into(), done: false }
}

#[test]
fn it_builds() {
    let diff = CardDiff::default()
        .title(Title("x".into()))
        .vote_count(3)
        .vote_count_add(1)
        .spare(Some(3))
        .spare(3)
        .spare(None)
        .spare_add(1)
        .body("text")
        .body_splice(0, 1, "T")
        .pinned(place(3))
        .checklist_push(item(1, "a"))
        .checklist_insert_first(item(2, "b"))
        .checklist_insert_after(&1u32, item(3, "c"))
        .checklist_remove(&1u32)
        .checklist_change(&2u32, ItemDiff::default().done(true))
        .checklist_move_first(&3u32)
        .checklist_move_after(&3u32, &2u32)
        .labels_insert(Label("a".into()))
        .labels_remove(Label("a".into()))
        .limits_insert(Status::Done, 3)
        .limits_remove(Status::Done)
        .places_insert("x", place(2))
        .places_change("x", PlaceDiff::default().row(1))
        .place_change(PlaceDiff::default().row(1))
        .mark(Mark::None)
        .file(vec![1])
        .due(Timestamp::from_millis(1))
        .owner("me")
        .extra(3);
    let _ = diff;
    let _ = Kind::Bool;
    let _ = (Card::ENTITY, BTreeMap::<u8, Value>::new(), codec::encode(&Value::Null));
    let _ = Overlaps::default();
    let _: Option<Change<u8>> = None;
    let _ = patch::empty();
    let _ = card().diff(&card()).is_none();
}
