//! Random shapes of entities, and random values that have them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use temporal_entity_core::schema::{
    EnumKind, FieldSchema, IntKind, Kind, StructKind, UnionKind, VariantContent, VariantSchema,
};
use temporal_entity_core::value::{Key, TAG_MAP, TAG_SET, TAG_TIME, Value};

/// A shape as plain data, of which a [`Kind`] is made for each case.
#[derive(Clone, Debug)]
pub enum Shape {
    Bool,
    Int,
    BigInt,
    Float,
    Text,
    Bytes,
    Timestamp,
    Id,
    Json,
    Enum,
    Union(Box<Shape>),
    Counter,
    MergedText,
    Atomic(Box<Shape>),
    Option(Box<Shape>),
    List(Box<Shape>),
    TextSet,
    IntSet,
    TextMap(Box<Shape>),
    IntMap(Box<Shape>),
    Struct(Vec<Shape>),
    Keyed(Vec<Shape>),
}

const FIELD_NAMES: [&str; 4] = ["a", "b", "c", "d"];

pub fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Bool),
        Just(Shape::Int),
        Just(Shape::BigInt),
        Just(Shape::Float),
        Just(Shape::Text),
        Just(Shape::Bytes),
        Just(Shape::Timestamp),
        Just(Shape::Id),
        Just(Shape::Json),
        Just(Shape::Enum),
        Just(Shape::Counter),
        Just(Shape::MergedText),
        Just(Shape::TextSet),
        Just(Shape::IntSet),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Shape::Union),
            boxed.clone().prop_map(Shape::Atomic),
            boxed.clone().prop_map(|inner| match *inner {
                // Null in null could not be told apart.
                Shape::Option(_) | Shape::Json => *inner,
                _ => Shape::Option(inner),
            }),
            boxed.clone().prop_map(Shape::List),
            boxed.clone().prop_map(Shape::TextMap),
            boxed.prop_map(Shape::IntMap),
            vec(inner.clone(), 1..4).prop_map(Shape::Struct),
            vec(inner, 1..3).prop_map(Shape::Keyed),
        ]
    })
}

/// The shape of a whole entity.
pub fn entity() -> impl Strategy<Value = Shape> {
    vec(shape(), 1..5).prop_map(Shape::Struct)
}

thread_local! {
    static STRUCTS: RefCell<Vec<&'static [FieldSchema]>> = const { RefCell::new(Vec::new()) };
}

/// The kind of a shape. A kind names functions, which hold no data, so the fields lie in a table: one is for the case
/// at hand only.
pub fn kind(shape: &Shape) -> &'static Kind {
    STRUCTS.with_borrow_mut(Vec::clear);
    leak(build(shape))
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn slot<const AT: usize>() -> &'static [FieldSchema] {
    STRUCTS.with_borrow(|structs| structs[AT])
}

macro_rules! slots {
    ($($at:literal)*) => { [$(slot::<$at>),*] };
}

const SLOTS: [fn() -> &'static [FieldSchema]; 32] = slots!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
);

fn struct_of(fields: Vec<FieldSchema>) -> Kind {
    let at = STRUCTS.with_borrow_mut(|structs| {
        structs.push(Box::leak(fields.into_boxed_slice()));
        structs.len() - 1
    });
    Kind::Struct(leak(StructKind { name: "Struct", diff: "StructDiff", fields: SLOTS[at] }))
}

fn field(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: false }
}

fn fields(shapes: &[Shape]) -> Vec<FieldSchema> {
    FIELD_NAMES.iter().zip(shapes).map(|(name, shape)| field(name, build(shape))).collect()
}

const INT: IntKind =
    IntKind { name: "i32", min: i32::MIN as i128, max: i32::MAX as i128, bigint: false };
const BIG: IntKind = IntKind { name: "u64", min: 0, max: u64::MAX as i128, bigint: true };

fn build(shape: &Shape) -> Kind {
    match shape {
        Shape::Bool => Kind::Bool,
        Shape::Int => Kind::Int(INT),
        Shape::BigInt => Kind::Int(BIG),
        Shape::Float => Kind::Float,
        Shape::Text => Kind::Text,
        Shape::Bytes => Kind::Bytes,
        Shape::Timestamp => Kind::Timestamp,
        Shape::Id => Kind::Id,
        Shape::Json => Kind::Json,
        Shape::Enum => Kind::Enum(&EnumKind { name: "Enum", variants: &["x", "y"] }),
        Shape::Union(inner) => {
            // Adjacent, so that any shape can be inside; the variants without data need no table.
            let _ = inner;
            Kind::Union(&UnionKind {
                name: "Union",
                tag: "kind",
                content: Some("data"),
                variants: || {
                    &[
                        VariantSchema { name: "none", content: VariantContent::Unit },
                        VariantSchema {
                            name: "text",
                            content: VariantContent::Newtype(Kind::Text),
                        },
                        VariantSchema {
                            name: "set",
                            content: VariantContent::Newtype(Kind::Set(&Kind::Text)),
                        },
                    ]
                },
            })
        }
        Shape::Counter => Kind::Counter(INT),
        Shape::MergedText => Kind::MergedText,
        Shape::Atomic(inner) => Kind::Atomic(leak(build(inner))),
        Shape::Option(inner) => Kind::Option(leak(build(inner))),
        Shape::List(inner) => Kind::List(leak(build(inner))),
        Shape::TextSet => Kind::Set(&Kind::Text),
        Shape::IntSet => Kind::Set(&Kind::Int(INT)),
        Shape::TextMap(inner) => Kind::Map(&Kind::Text, leak(build(inner))),
        Shape::IntMap(inner) => Kind::Map(&Kind::Int(INT), leak(build(inner))),
        Shape::Struct(shapes) => struct_of(fields(shapes)),
        Shape::Keyed(shapes) => {
            let mut all = vec![field("id", Kind::Text)];
            all.extend(fields(shapes));
            Kind::Keyed(leak(struct_of(all)), "id")
        }
    }
}

fn tagged(tag: u64, value: Value) -> Value {
    Value::Tag(tag, Box::new(value))
}

fn set(elements: BTreeSet<Key>) -> Value {
    tagged(TAG_SET, Value::Array(elements.into_iter().map(|key| key.0).collect()))
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        Just(Value::Float(0.5)),
        "[ab]?".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map("[abc]", inner, 0..3).prop_map(text_map),
        ]
    })
}

fn text_map(map: BTreeMap<String, Value>) -> Value {
    Value::Map(map.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

/// A value in its one form. Few keys and letters, so that two values have much in common.
pub fn value(shape: &Shape) -> BoxedStrategy<Value> {
    match shape {
        Shape::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Int | Shape::Counter => prop_oneof![
            6 => (-2..3_i64).prop_map(Value::from),
            1 => prop_oneof![Just(i32::MIN), Just(i32::MAX)].prop_map(Value::from),
        ]
        .boxed(),
        Shape::BigInt => {
            prop_oneof![0..3_u64, Just(u64::MAX), Just(1 << 53)].prop_map(Value::from).boxed()
        }
        Shape::Float => prop_oneof![
            Just(0.0),
            Just(-0.0),
            Just(f64::NAN),
            Just(f64::INFINITY),
            Just(1.5),
            Just(1.0)
        ]
        .prop_map(Value::Float)
        .boxed(),
        Shape::Text => "[ab]{0,2}".prop_map(Value::from).boxed(),
        Shape::MergedText => "[ab \u{1F600}]{0,8}".prop_map(Value::from).boxed(),
        Shape::Bytes => vec(0..3_u8, 0..3).prop_map(Value::Bytes).boxed(),
        Shape::Timestamp => prop_oneof![
            (-2..2_i64).prop_map(|s| tagged(TAG_TIME, Value::from(s))),
            Just(tagged(TAG_TIME, Value::Float(1.5))),
        ]
        .boxed(),
        Shape::Id => "[ab]".prop_map(Value::from).boxed(),
        Shape::Json => json().boxed(),
        Shape::Enum => "[xy]".prop_map(Value::from).boxed(),
        Shape::Union(_) => union().boxed(),
        Shape::Atomic(inner) => value(inner),
        Shape::Option(inner) => prop_oneof![1 => Just(Value::Null), 3 => value(inner)].boxed(),
        Shape::List(inner) => vec(value(inner), 0..6).prop_map(Value::Array).boxed(),
        Shape::TextSet => btree_set("[a-d]", 0..4)
            .prop_map(|s| set(s.into_iter().map(|e| Key(e.into())).collect()))
            .boxed(),
        Shape::IntSet => btree_set(-2..3_i64, 0..4)
            .prop_map(|s| set(s.into_iter().map(|e| Key(e.into())).collect()))
            .boxed(),
        Shape::TextMap(inner) => btree_map("[a-d]", value(inner), 0..4).prop_map(text_map).boxed(),
        Shape::IntMap(inner) => btree_map(-1..3_i64, value(inner), 0..4)
            .prop_map(|map| {
                let entries = map.into_iter().map(|(key, value)| (Value::from(key), value));
                tagged(TAG_MAP, Value::Map(entries.collect()))
            })
            .boxed(),
        Shape::Struct(shapes) => fields_of(shapes).prop_map(Value::Map).boxed(),
        Shape::Keyed(shapes) => {
            let element = fields_of(shapes);
            let keys = Just("abcdef".chars().collect::<Vec<_>>()).prop_shuffle();
            (keys, vec(element, 0..6))
                .prop_map(|(keys, elements)| {
                    let keyed = keys.into_iter().zip(elements).map(|(key, fields)| {
                        let id = (Value::from("id"), Value::from(key.to_string()));
                        Value::Map([id].into_iter().chain(fields).collect())
                    });
                    Value::Array(keyed.collect())
                })
                .boxed()
        }
    }
}

fn union() -> impl Strategy<Value = Value> {
    let held = |name: &'static str, data: Option<Value>| {
        let tag = (Value::from("kind"), Value::from(name));
        Value::Map([tag].into_iter().chain(data.map(|data| (Value::from("data"), data))).collect())
    };
    prop_oneof![
        Just(held("none", None)),
        "[ab]".prop_map(move |text| held("text", Some(text.into()))),
        value(&Shape::TextSet).prop_map(move |set| held("set", Some(set))),
    ]
}

fn fields_of(shapes: &[Shape]) -> BoxedStrategy<Vec<(Value, Value)>> {
    let values: Vec<_> = shapes.iter().map(value).collect();
    values
        .prop_map(|values| FIELD_NAMES.iter().map(|name| Value::from(*name)).zip(values).collect())
        .boxed()
}

/// A value that has most in common with another of its shape.
pub fn near(shape: &Shape, of: Value) -> BoxedStrategy<Value> {
    let fresh = value(shape);
    match (shape, of) {
        (Shape::Struct(shapes), Value::Map(entries)) => {
            let parts: Vec<_> = shapes
                .iter()
                .zip(entries)
                .map(|(shape, (key, part))| {
                    near(shape, part).prop_map(move |part| (key.clone(), part))
                })
                .collect();
            parts.prop_map(Value::Map).boxed()
        }
        (Shape::Keyed(shapes), Value::Array(elements)) => near_list(
            elements.clone(),
            Shape::Struct([Shape::Text].iter().chain(shapes).cloned().collect()),
            true,
        ),
        (Shape::List(inner), Value::Array(elements)) => {
            near_list(elements, (**inner).clone(), false)
        }
        (_, of) => prop_oneof![2 => Just(of), 1 => fresh].boxed(),
    }
}

/// A list with elements removed, moved, and changed.
fn near_list(elements: Vec<Value>, item: Shape, keyed: bool) -> BoxedStrategy<Value> {
    let count = elements.len();
    let removed = vec(prop::bool::weighted(0.2), count);
    let moved = prop::option::weighted(0.5, (0..count.max(1), 0..count.max(1)));
    let near_each: Vec<_> = elements
        .into_iter()
        .map(|element| match (keyed, element) {
            (true, Value::Map(entries)) => {
                let Shape::Struct(shapes) = &item else { unreachable!("elements are structs") };
                let parts = entries.into_iter().zip(shapes.clone()).enumerate();
                let parts: Vec<_> = parts
                    .map(|(at, ((key, part), shape))| {
                        let part = if at == 0 { Just(part).boxed() } else { near(&shape, part) };
                        part.prop_map(move |part| (key.clone(), part))
                    })
                    .collect();
                parts.prop_map(Value::Map).boxed()
            }
            (_, element) => prop_oneof![4 => Just(element), 1 => value(&item)].boxed(),
        })
        .collect();
    (near_each, removed, moved)
        .prop_map(|(elements, removed, moved)| {
            let kept = elements.into_iter().zip(removed).filter(|(_, removed)| !removed);
            let mut list: Vec<_> = kept.map(|(element, _)| element).collect();
            if let Some((from, to)) = moved
                && from < list.len()
            {
                let element = list.remove(from);
                list.insert(to.min(list.len()), element);
            }
            Value::Array(list)
        })
        .boxed()
}

/// A shape and four values of it, which often have most in common.
pub fn four() -> impl Strategy<Value = (Shape, [Value; 4])> {
    entity().prop_flat_map(|shape| {
        let apart = std::array::from_fn(|_| value(&shape));
        let of = shape.clone();
        let close = value(&shape).prop_flat_map(move |a| {
            let near = || near(&of, a.clone());
            [Just(a.clone()).boxed(), near(), near(), near()]
        });
        (Just(shape), prop_oneof![1 => apart, 3 => close])
    })
}
