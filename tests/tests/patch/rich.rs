//! An entity with a field of every kind and every policy, and random values of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use temporal_entity::{Bytes, EntityField, EntityId, Timestamp, temporal_entity};

#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rich {
    pub on: bool,
    pub some_number: i64,
    pub weight: f64,
    pub light: f32,
    pub title: String,
    pub icon: Bytes,
    pub due: Option<Timestamp>,
    pub parent: Option<EntityId<Rich>>,
    pub list: Vec<Option<String>>,
    pub parts: Vec<Part>,
    pub labels: BTreeSet<Label>,
    pub colors: BTreeSet<Color>,
    pub by_name: BTreeMap<String, Part>,
    pub by_number: BTreeMap<i16, BTreeMap<Color, u8>>,
    pub part: Option<Part>,
    pub color: Color,
    pub nested: Part,
    pub state: State,
    pub untyped: serde_json::Value,
    #[entity(merge = "counter")]
    pub votes: u32,
    #[entity(merge = "counter")]
    pub maybe_votes: Option<i64>,
    #[entity(merge = "text")]
    pub body: String,
    #[entity(merge = "text")]
    pub maybe_body: Option<String>,
    #[entity(key = "number")]
    pub steps: Vec<Step>,
    #[entity(key = "number")]
    pub maybe_steps: Option<Vec<Step>>,
    #[entity(merge = "atomic")]
    pub sealed: Part,
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub label: String,
    pub count: Option<u64>,
    pub shade: Color,
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    #[serde(rename = "nr")]
    pub number: u8,
    #[entity(merge = "text")]
    pub text: String,
    pub done: bool,
}

/// Their order is not that of their names.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField,
)]
#[serde(rename_all = "camelCase")]
pub enum Color {
    DarkRed,
    Blue,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
pub struct Label(pub String);

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum State {
    Open,
    Waiting { since: Timestamp, labels: BTreeSet<Label> },
    Done(Part),
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::DarkRed), Just(Color::Blue)]
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    prop_oneof![Just(0), Just(1_500), Just(-1), Just(86_400_000)].prop_map(Timestamp::from_millis)
}

fn label() -> impl Strategy<Value = Label> {
    "[ab]".prop_map(Label)
}

fn part() -> impl Strategy<Value = Part> {
    ("[ab]?", prop::option::of(0..3_u64), color()).prop_map(|(label, count, shade)| Part {
        label,
        count,
        shade,
    })
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Open),
        (timestamp(), btree_set(label(), 0..2))
            .prop_map(|(since, labels)| State::Waiting { since, labels }),
        part().prop_map(State::Done),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let numbers = Just((0..6_u8).collect::<Vec<_>>()).prop_shuffle();
    (numbers, vec(("[ab ]{0,4}", any::<bool>()), 0..5)).prop_map(|(numbers, steps)| {
        let step = |(number, (text, done))| Step { number, text, done };
        numbers.into_iter().zip(steps).map(step).collect()
    })
}

fn untyped() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        (0..2_i64).prop_map(serde_json::Value::from),
        Just(serde_json::Value::from(0.5)),
        "[ab]?".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            btree_map("[ab]", inner, 0..3)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    pub fn rich()(
        (on, some_number, weight) in (any::<bool>(), -1..2_i64, prop_oneof![Just(0.0), Just(-0.0), Just(f64::NAN)]),
        (light, title, list) in (0..3_u8, "[ab]?", vec(prop::option::of("[ab]"), 0..4)),
        (icon, due, parent) in (vec(0..2_u8, 0..2), prop::option::of(timestamp()), prop::option::of("[ab]")),
        (parts, labels, colors) in (vec(part(), 0..3), btree_set(label(), 0..3), btree_set(color(), 0..3)),
        by_name in btree_map("[a-d]", part(), 0..4),
        by_number in btree_map(-1..3_i16, btree_map(color(), 0..2_u8, 0..3), 0..3),
        (part, color, nested, sealed) in (prop::option::of(part()), color(), part(), part()),
        (state, untyped) in (state(), untyped()),
        (votes, maybe_votes) in (prop_oneof![0..3_u32, Just(u32::MAX)], prop::option::of(prop_oneof![Just(i64::MIN), -1..2_i64])),
        (body, maybe_body) in ("[ab ]{0,8}", prop::option::of("[ab ]{0,8}")),
        (steps, maybe_steps) in (steps(), prop::option::of(steps())),
    ) -> Rich {
        let light = f32::from(light) / 10.0;
        Rich {
            on, some_number, weight, light, title, icon: Bytes(icon), due, parent: parent.map(EntityId::from), list,
            parts, labels, colors, by_name, by_number, part, color, nested, state, untyped, votes, maybe_votes, body,
            maybe_body, steps, maybe_steps, sealed,
        }
    }
}
