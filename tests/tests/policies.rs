//! Merge policies, the other types of fields, and the methods of a diff, as the macros generate them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{
    Bytes, Change, EntityField, EntityId, Patch, Timestamp, Value, temporal_entity,
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

/// Cards that differ from each other in every kind of way.
fn cards() -> Vec<Card> {
    let edit = |change: fn(&mut Card)| {
        let mut card = card();
        change(&mut card);
        card
    };
    let circle = |radius| Mark::Circle { radius, line_width: 1 };
    vec![
        card(),
        edit(|c| c.title = Title("Paint it".into())),
        edit(|c| (c.vote_count, c.spare) = (-3, Some(7))),
        edit(|c| (c.vote_count, c.spare) = (5, Some(8))),
        edit(|c| c.body = "Blue, then white".into()),
        edit(|c| c.body = "Green, then off-white".into()),
        edit(|c| (c.pinned, c.place) = (place(3), place(4))),
        edit(|c| c.checklist = vec![item(1, "sand"), item(2, "paint"), item(3, "dry")]),
        edit(|c| c.checklist = vec![item(3, "dry"), item(1, "sand it"), item(4, "look")]),
        edit(|c| c.children = Some(vec![])),
        edit(|c| c.children = Some(vec![card(), Card { title: Title("b".into()), ..card() }])),
        edit(|c| c.labels = [Label("a".into()), Label("b".into())].into()),
        edit(|c| c.labels = [Label("b".into()), Label("c".into())].into()),
        edit(|c| c.limits = [(Status::Done, 1), (Status::ToDo, 2)].into()),
        edit(|c| c.places = [("x".into(), place(1)), ("y".into(), place(2))].into()),
        edit(|c| c.places = [("x".into(), place(2)), ("z".into(), place(2))].into()),
        Card { mark: circle(1.0), ..card() },
        Card { mark: Mark::Many { marks: vec![circle(2.0), Mark::At(place(1))] }, ..card() },
        edit(|c| (c.file, c.due) = (vec![1, 2].into(), Some(Timestamp::from_millis(1)))),
        edit(|c| c.owner = "somebody".into()),
        edit(|c| c.extra = serde_json::json!({"a": {"b": 1}, "c": [1, 2]})),
        edit(|c| c.extra = serde_json::json!({"a": {"b": 2, "d": null}, "c": [2]})),
    ]
}

fn diff(from: &Card, to: &Card) -> CardDiff {
    match from.diff(to) {
        Some(Change::Patch(diff)) => diff,
        None => CardDiff::default(),
        Some(Change::Set(_)) => panic!("a struct is changed in part"),
    }
}

/// Diffs have no `Clone`, but the wire form is the whole truth about one.
fn over_the_wire(diff: &CardDiff) -> CardDiff {
    let mut wire = diff.to_value();
    Card::KIND.conform_patch(&mut wire).expect("the form of a patch");
    CardDiff::from_value(wire).expect("what was written can be read")
}

#[test]
fn a_diff_leads_from_one_value_to_another_and_back() {
    for from in &cards() {
        for to in &cards() {
            let diff = over_the_wire(&diff(from, to));
            assert_eq!(diff.is_empty(), from.same(to));
            let mut value = from.copy();
            value.fits(&diff).expect("a diff fits where it was made");
            let undo = over_the_wire(&value.apply(diff));
            assert!(value.same(to), "{from:?} to {to:?} gave {value:?}");
            value.apply(undo);
            assert!(value.same(from), "{to:?} back to {from:?} gave {value:?}");
        }
    }
}

#[test]
fn a_composed_diff_does_what_two_do_in_turn() {
    for from in &cards() {
        for by in &cards() {
            let composed = diff(from, by).compose(diff(by, &card()));
            let mut value = from.copy();
            value.apply(over_the_wire(&composed));
            assert!(value.same(&card()), "{from:?} by {by:?} gave {value:?}");
            assert!(card().tighten(diff(&card(), from).compose(diff(from, &card()))).is_empty());
        }
    }
}

#[test]
fn one_who_knows_no_types_finds_the_same_overlaps() {
    let changes: Vec<_> = cards().iter().map(|to| diff(&card(), to)).collect();
    for a in &changes {
        for b in &changes {
            let mut typed = Overlaps::default();
            a.overlap(b, &mut typed);
            assert_eq!(typed.places, patch::overlap(&a.to_value(), &b.to_value()));
        }
    }
}

/// What a diff is on the wire, in the notation of JSON.
fn wire(diff: CardDiff) -> String {
    let wire = diff.to_value();
    let value: Value = codec::decode_own(&codec::encode(&wire).expect("bytes")).expect("the same");
    serde_json::to_string(&value).expect("json")
}

#[test]
fn the_methods_of_a_diff_say_what_changes() {
    let edit = CardDiff::default;
    assert_eq!(wire(edit()), "{}");
    assert_eq!(wire(edit().title(Title("x".into()))), r#"{"title":"x"}"#);
    assert_eq!(wire(edit().body("x").owner("me")), r#"{"body":"x","owner":"me"}"#);
    assert_eq!(wire(edit().vote_count(3)), r#"{"voteCount":3}"#);
    assert_eq!(wire(edit().vote_count_add(3).vote_count_add(-1)), r#"{"voteCount":[4,2]}"#);
    assert_eq!(wire(edit().vote_count(3).vote_count_add(1)), r#"{"voteCount":4}"#);
    assert_eq!(wire(edit().spare(None)), r#"{"spare":null}"#);
    assert_eq!(wire(edit().spare(3).spare_add(1)), r#"{"spare":4}"#);
    assert_eq!(wire(edit().body_splice(1, 2, "y")), r#"{"body":[2,1,2,"y"]}"#);
    assert_eq!(wire(edit().labels_insert(Label("a".into()))), r#"{"labels":[3,["a"],[]]}"#);
    assert_eq!(wire(edit().labels_remove(Label("a".into()))), r#"{"labels":[3,[],["a"]]}"#);
    assert_eq!(wire(edit().limits_insert(Status::Done, 3)), r#"{"limits":{"done":3}}"#);
    assert_eq!(wire(edit().limits_remove(Status::ToDo)), r#"{"limits":{"to-do":[1]}}"#);
    let row = || PlaceDiff::default().row(1);
    assert_eq!(wire(edit().place_change(row())), r#"{"place":{"row":1}}"#);
    assert_eq!(wire(edit().places_change("x", row())), r#"{"places":{"x":{"row":1}}}"#);
    let both = edit().places_remove("x").places_insert("x", place(2)).places_change("x", row());
    assert_eq!(wire(both), r#"{"places":{"x":[0,{"row":1,"column":0.5}]}}"#);
}

#[test]
fn the_methods_of_a_keyed_list_place_and_change_its_elements() {
    let mut card = card();
    let ids = |card: &Card| card.checklist.iter().map(|item| item.id).collect::<Vec<_>>();
    card.apply(
        CardDiff::default()
            .checklist_push(item(1, "a"))
            .checklist_insert_first(item(2, "b"))
            .checklist_insert_after(&2u32, item(3, "c")),
    );
    assert_eq!(ids(&card), [2, 3, 1]);
    card.apply(CardDiff::default().checklist_move_first(&1u32));
    assert_eq!(ids(&card), [1, 2, 3]);
    let change = CardDiff::default()
        .checklist_move_after(&1u32, &2u32)
        .checklist_change(&3u32, ItemDiff::default().done(true))
        .checklist_remove(&2u32);
    assert!(card.fits(&change).is_ok());
    let undo = card.apply(change);
    assert_eq!(ids(&card), [1, 3]);
    assert!(card.checklist[1].done);
    card.apply(undo);
    assert_eq!(ids(&card), [1, 2, 3]);
}

#[test]
fn two_people_change_one_card() {
    let mine = CardDiff::default().vote_count_add(1).labels_insert(Label("a".into()));
    let theirs = CardDiff::default().vote_count_add(2).labels_insert(Label("b".into()));
    let mut overlaps = Overlaps::default();
    mine.overlap(&theirs, &mut overlaps);
    assert!(overlaps.places.is_empty(), "{:?}", overlaps.places);
    let mut value = card();
    value.apply(mine);
    value.apply(theirs);
    assert_eq!(value.vote_count, 3);
    assert_eq!(value.labels.len(), 2);
}

#[test]
fn the_schema_knows_the_policies_and_the_names_of_the_wire() {
    let Kind::Struct(shape) = Card::KIND else { panic!("a struct") };
    let kind = |name| (shape.fields)().iter().find(|field| field.name == name).map(|f| f.kind);
    assert!(matches!(kind("title"), Some(Kind::Text)));
    assert!(matches!(kind("voteCount"), Some(Kind::Counter(_))));
    assert!(matches!(kind("spare"), Some(Kind::Option(Kind::Counter(_)))));
    assert!(matches!(kind("body"), Some(Kind::MergedText)));
    assert!(matches!(kind("pinned"), Some(Kind::Atomic(Kind::Struct(_)))));
    assert!(matches!(kind("checklist"), Some(Kind::Keyed(Kind::Struct(_), "itemId"))));
    assert!(matches!(kind("children"), Some(Kind::Option(Kind::Keyed(_, "title")))));
    let Some(Kind::Union(mark)) = kind("mark") else { panic!("an enum with data") };
    assert_eq!((mark.tag, mark.content), ("kind", None));
    let names: Vec<_> = (mark.variants)().iter().map(|variant| variant.name).collect();
    assert_eq!(names, ["none", "circle", "at", "many"]);
}

#[test]
fn what_fits_no_variant_is_refused() {
    let refused = |json: serde_json::Value| {
        let mut wire =
            Value::serialized(&serde_json::json!({ "mark": [0, json] })).expect("a tree");
        Card::KIND.conform_patch(&mut wire).map_err(|error| error.to_string())
    };
    assert_eq!(refused(serde_json::json!({"kind": "circle", "radius": 1})), Ok(()));
    assert_eq!(refused(serde_json::json!({"kind": "at", "row": 1, "column": 2})), Ok(()));
    for (wrong, place) in [
        (serde_json::json!({"kind": "square"}), "mark"),
        (serde_json::json!({"kind": "circle"}), "mark"),
        (serde_json::json!({"kind": "at", "row": -1, "column": 2}), "mark"),
        (serde_json::json!({"radius": 1}), "mark"),
        (serde_json::json!("none"), "mark"),
    ] {
        let said = refused(wrong).expect_err("refused");
        assert!(said.starts_with(place), "{said}");
    }
}
