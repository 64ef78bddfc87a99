//! What the entity with every kind has only small values of: numbers from end to end, instants of every year, options
//! in options, enums in every form, all of it inside each other.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use temporal_entity::{Bytes, EntityField, Timestamp, temporal_entity};

#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Debug, Serialize, Deserialize)]
pub struct Odd {
    pub signed: i64,
    pub unsigned: u64,
    pub small: i8,
    pub float: f64,
    pub light: f32,
    pub file: Bytes,
    pub due: Due,
    pub maybe: Option<Vec<Option<Timestamp>>>,
    pub times: BTreeMap<String, Option<Timestamp>>,
    pub by_big: BTreeMap<i64, Vec<Bytes>>,
    pub by_flag: BTreeMap<bool, Vec<Timestamp>>,
    pub by_level: BTreeMap<Level, BTreeMap<u64, Shape>>,
    pub levels: BTreeSet<Level>,
    pub numbers: BTreeSet<i64>,
    pub shapes: Vec<Shape>,
    pub events: Vec<Event>,
    pub untyped: serde_json::Value,
    #[entity(merge = "atomic")]
    pub sealed: BTreeMap<Level, Vec<Event>>,
    pub children: Vec<Odd>,
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
pub struct Due(pub Timestamp);

/// Their order is not that of their names.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField,
)]
pub enum Level {
    Low,
    #[serde(rename = "a level with a name that is longer than a header in one byte can say")]
    Middle,
    High,
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(tag = "is")]
pub enum Shape {
    Nothing,
    Seen { at: Timestamp, levels: BTreeSet<Level>, by_big: BTreeMap<i64, f32> },
    Filed(Inner),
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
#[serde(tag = "is", content = "with")]
pub enum Event {
    Started,
    Moved { to: Option<Timestamp>, weight: f64 },
    Attached(Bytes),
    Many(BTreeMap<Level, Timestamp>),
    Shaped(Shape),
}

#[derive(Clone, Debug, Serialize, Deserialize, EntityField)]
pub struct Inner {
    pub file: Bytes,
    pub number: Option<u64>,
    pub untyped: serde_json::Value,
}

fn number() -> impl Strategy<Value = i64> {
    let edges = [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32, 1 << 53, i64::MAX];
    let edges = prop::sample::select(edges.to_vec());
    prop_oneof![any::<i64>(), edges.clone(), edges.prop_map(|n| -n - 1)]
}

fn float() -> impl Strategy<Value = f64> {
    let edges = [0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, f64::MAX, f64::NAN, f64::INFINITY];
    prop_oneof![
        any::<f64>(),
        prop::sample::select(edges.to_vec()),
        any::<f32>().prop_map(f64::from)
    ]
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    let small = -3_000..3_000_i64;
    prop_oneof![number(), small.clone(), small.prop_map(|n| n * 1_000)]
        .prop_map(Timestamp::from_millis)
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Low), Just(Level::Middle), Just(Level::High)]
}

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes)
}

fn untyped() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        number().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        float().prop_map(serde_json::Value::from),
        ".{0,30}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            btree_map(".{0,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    pub fn inner()(file in bytes(), number in any::<Option<u64>>(), untyped in untyped()) -> Inner {
        Inner { file, number, untyped }
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    let by_big = btree_map(number(), any::<f32>(), 0..3);
    prop_oneof![
        Just(Shape::Nothing),
        (timestamp(), btree_set(level(), 0..3), by_big)
            .prop_map(|(at, levels, by_big)| Shape::Seen { at, levels, by_big }),
        inner().prop_map(Shape::Filed),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Started),
        (prop::option::of(timestamp()), float())
            .prop_map(|(to, weight)| Event::Moved { to, weight }),
        bytes().prop_map(Event::Attached),
        btree_map(level(), timestamp(), 0..3).prop_map(Event::Many),
        shape().prop_map(Event::Shaped),
    ]
}

prop_compose! {
    fn one()(
        (signed, unsigned, small) in (number(), any::<u64>(), any::<i8>()),
        (float, light, file) in (float(), any::<f32>(), bytes()),
        (due, maybe) in (timestamp(), prop::option::of(vec(prop::option::of(timestamp()), 0..3))),
        times in btree_map(".{0,30}", prop::option::of(timestamp()), 0..4),
        by_big in btree_map(number(), vec(bytes(), 0..3), 0..4),
        by_flag in btree_map(any::<bool>(), vec(timestamp(), 0..3), 0..3),
        by_level in btree_map(level(), btree_map(any::<u64>(), shape(), 0..3), 0..4),
        (levels, numbers) in (btree_set(level(), 0..4), btree_set(number(), 0..4)),
        (shapes, events) in (vec(shape(), 0..3), vec(event(), 0..3)),
        (untyped, note) in (untyped(), ".{0,300}"),
        sealed in btree_map(level(), vec(event(), 0..3), 0..4),
    ) -> Odd {
        Odd {
            signed, unsigned, small, float, light, file, due: Due(due), maybe, times, by_big, by_flag, by_level, levels,
            numbers, shapes, events, untyped, sealed, children: Vec::new(), note,
        }
    }
}

pub fn odd() -> impl Strategy<Value = Odd> {
    (one(), vec(one(), 0..2)).prop_map(|(odd, children)| Odd { children, ..odd })
}
