//! What the macros generate, at work: laws of diffs over every kind of field, and the wire form of patches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{
    Change, Entity, EntityField, Granularity, MapPatch, Patch, Value, temporal_entity,
};
use temporal_entity_core::codec;
use temporal_entity_core::patch;

/// A card with every kind of field.
#[temporal_entity(version = 2, migrate(from = 1), granularity = "minute", access = "signed-in")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    /// Shown on the board.
    title: String,
    done: bool,
    votes: i64,
    weight: f64,
    #[serde(rename = "state")]
    progress: Progress,
    due_at: Option<u32>,
    address: Address,
    invoice: Option<Address>,
    labels: Vec<String>,
    limits: BTreeMap<String, u32>,
    places: BTreeMap<u8, Address>,
    children: Vec<Self>,
    #[serde(default)]
    r#type: String,
    #[serde(skip)]
    seen: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Address {
    city: String,
    lines: Option<Lines>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Lines {
    first: String,
    second: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "kebab-case")]
enum Progress {
    NotYet,
    Done,
}

fn address(city: &str) -> Address {
    Address { city: city.into(), lines: None }
}

fn lines(first: &str, second: Option<&str>) -> Option<Lines> {
    Some(Lines { first: first.into(), second: second.map(str::to_owned) })
}

fn card() -> Card {
    Card {
        title: "Paint".into(),
        done: false,
        votes: 0,
        weight: 0.0,
        progress: Progress::NotYet,
        due_at: None,
        address: address("Ulm"),
        invoice: None,
        labels: vec![],
        limits: BTreeMap::new(),
        places: BTreeMap::new(),
        children: vec![],
        r#type: String::new(),
        seen: 0,
    }
}

/// Cards that differ from each other in every kind of way: absent, null and empty, in part and whole.
fn cards() -> Vec<Card> {
    let edit = |change: fn(&mut Card)| {
        let mut card = card();
        change(&mut card);
        card
    };
    vec![
        card(),
        edit(|c| c.title = "Paint it".into()),
        edit(|c| (c.done, c.votes, c.weight) = (true, i64::MIN, -0.0)),
        edit(|c| (c.votes, c.weight) = (i64::MAX, f64::NAN)),
        edit(|c| (c.progress, c.due_at) = (Progress::Done, Some(0))),
        edit(|c| c.address.lines = lines("1st", None)),
        edit(|c| c.address.lines = lines("1st", Some("2nd"))),
        edit(|c| c.address = Address { lines: lines("2nd", None), ..address("Bonn") }),
        edit(|c| c.invoice = Some(address("Ulm"))),
        edit(|c| c.invoice = Some(Address { lines: lines("", Some("")), ..address("") })),
        edit(|c| c.labels = vec!["a".into()]),
        edit(|c| c.labels = vec!["a".into(), String::new()]),
        edit(|c| c.limits = BTreeMap::from([("doing".into(), 3), ("done".into(), 1)])),
        edit(|c| c.limits = BTreeMap::from([("doing".into(), 4), (String::new(), 0)])),
        edit(|c| c.places = BTreeMap::from([(1, address("Ulm")), (2, address("Bonn"))])),
        edit(|c| {
            let ulm = Address { lines: lines("a", None), ..address("Ulm") };
            c.places = BTreeMap::from([(1, ulm), (3, address("Ulm"))]);
        }),
        edit(|c| c.children = vec![card(), card()]),
        edit(|c| c.children = vec![Card { title: "child".into(), ..card() }]),
        edit(|c| c.r#type = "bug".into()),
    ]
}

/// Diffs have no `Clone`, but the wire form is the whole truth about one.
fn over_the_wire(diff: &CardDiff) -> CardDiff {
    let mut wire = diff.to_value();
    Card::KIND.conform_patch(&mut wire).expect("the form of a patch");
    CardDiff::from_value(wire).expect("what was written can be read")
}

fn diff(from: &Card, to: &Card) -> CardDiff {
    match from.diff(to) {
        Some(Change::Patch(diff)) => diff,
        None => CardDiff::default(),
        Some(Change::Set(_)) => panic!("a struct is changed in part"),
    }
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
fn one_who_knows_no_types_applies_a_diff_with_the_same_result() {
    for from in &cards() {
        for to in &cards() {
            let mut tree = Value::serialized(from).expect("a tree");
            patch::apply(&mut tree, &diff(from, to).to_value()).expect("it fits");
            let value: Card = tree.deserialized().expect("a card");
            assert!(value.same(to));
        }
    }
}

#[test]
fn applying_what_is_there_already_changes_nothing() {
    for to in &cards() {
        let mut value = to.copy();
        let undo = value.apply(diff(&card(), to));
        assert!(undo.is_empty(), "{undo:?}");
        assert!(value.same(to));
    }
}

#[test]
fn copies_are_the_same_but_for_skipped_fields() {
    let seen = Card { seen: 7, ..card() };
    assert!(seen.same(&card()));
    assert!(seen.diff(&card()).is_none());
    assert_eq!(seen.copy(), card());
}

fn wire(diff: CardDiff) -> String {
    let bytes = codec::encode(&diff.to_value()).expect("bytes");
    let value: Value = codec::decode_own(&bytes).expect("the same");
    serde_json::to_string(&value).expect("json")
}

#[test]
fn the_wire_form_names_what_changed() {
    let title = CardDiff {
        title: Some(Change::Set("x".into())),
        progress: Some(Change::Set(Progress::NotYet)),
        due_at: Some(Change::Set(None)),
        ..CardDiff::default()
    };
    assert_eq!(wire(title), r#"{"dueAt":null,"state":"not-yet","title":"x"}"#);

    let nested = CardDiff {
        address: Some(Change::Patch(AddressDiff {
            city: None,
            lines: Some(Change::Patch(LinesDiff {
                second: Some(Change::Set(Some("2nd".into()))),
                ..LinesDiff::default()
            })),
        })),
        invoice: Some(Change::Set(Some(address("Ulm")))),
        ..CardDiff::default()
    };
    assert_eq!(
        wire(nested),
        r#"{"address":{"lines":{"second":"2nd"}},"invoice":[0,{"city":"Ulm","lines":null}]}"#
    );

    let maps = CardDiff {
        labels: Some(Change::Set(vec![])),
        limits: Some(Change::Patch(MapPatch(BTreeMap::from([
            ("doing".into(), Some(Change::Set(3))),
            ("done".into(), None),
        ])))),
        ..CardDiff::default()
    };
    assert_eq!(wire(maps), r#"{"labels":[0,[]],"limits":{"doing":3,"done":[1]}}"#);
}

#[test]
fn what_is_no_patch_is_refused_with_its_place() {
    let refused = |json: &str| {
        let json: serde_json::Value = serde_json::from_str(json).expect("json");
        let mut wire = Value::serialized(&json).expect("a tree");
        let conforms = Card::KIND.conform_patch(&mut wire);
        conforms
            .and_then(|()| CardDiff::from_value(wire).map(drop))
            .expect_err("refused")
            .to_string()
    };
    assert!(refused(r#"{"progress": "not-yet"}"#).starts_with(r#"unknown field progress"#));
    assert!(refused(r#"{"seen": 1}"#).starts_with("unknown field seen"));
    assert!(refused(r#"{"state": "NotYet"}"#).starts_with("state: "));
    assert!(
        refused(r#"{"address": {"lines": {"first": null}}}"#).starts_with("address.lines.first: ")
    );
    assert!(refused(r#"{"places": {"x": [1]}}"#).starts_with("places.x: "));
    assert!(refused(r#"{"title": [1]}"#).starts_with("title: "));
    assert!(refused("[0]").contains("no change has this form"));
    assert!(refused("3").starts_with("expected a map"));
}

#[test]
fn a_change_of_a_part_that_is_not_there_does_not_fit() {
    let diff = CardDiff {
        invoice: Some(Change::Patch(AddressDiff {
            city: Some(Change::Set("Bonn".into())),
            lines: None,
        })),
        ..CardDiff::default()
    };
    let misfit = card().fits(&diff).expect_err("there is no invoice");
    assert_eq!(misfit.path, ["invoice"]);
    let mut value = card();
    value.apply(diff);
    assert_eq!(value, card());
}

#[test]
fn options_and_names_reach_the_runtime() {
    assert_eq!(Card::ENTITY, "Card");
    assert_eq!(Card::CONFIG.version, 2);
    assert_eq!(Card::CONFIG.granularity, Granularity::from_millis(60_000));
    let diff = CardDiff { r#type: Some(Change::Set("bug".into())), ..CardDiff::default() };
    assert_eq!(wire(diff), r#"{"type":"bug"}"#);
    assert_eq!(format!("{:?}", CardDiff::default()), "Map([])");
}

#[test]
fn a_field_with_a_default_may_be_left_out_of_a_new_value() {
    let mut tree = Value::serialized(&card()).expect("a tree");
    let Value::Map(entries) = &mut tree else { panic!("a map") };
    entries.retain(|(key, _)| key.as_text() != Some("type"));
    Card::KIND.conform(&mut tree).expect("it has a default");
    let Value::Map(entries) = &mut tree else { panic!("a map") };
    entries.retain(|(key, _)| key.as_text() != Some("title"));
    let refused = Card::KIND.conform(&mut tree).expect_err("it has none");
    assert!(refused.to_string().contains("title"));
}
