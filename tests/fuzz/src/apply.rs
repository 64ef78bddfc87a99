//! A value and patches from anybody: what does not fit changes nothing, and what fits keeps the laws.

use temporal_entity_core::codec::decode;
use temporal_entity_core::patch::{
    Orders, apply, compose, diff, empty, invert, overlap, rebase, settle,
};
use temporal_entity_core::schema::{
    EnumKind, FieldSchema, IntKind, Kind, StructKind, UnionKind, VariantContent, VariantSchema,
};
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::value::{Value, same};

const INT: IntKind =
    IntKind { name: "i32", min: i32::MIN as i128, max: i32::MAX as i128, bigint: false };

const fn field(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: true }
}

const ELEMENT: Kind = Kind::Struct(&StructKind {
    name: "Element",
    diff: "ElementDiff",
    fields: || const { &[field("i", Kind::Text), field("t", Kind::MergedText)] },
});

/// A field of every kind, all of which may be missing.
const ENTITY: Kind = Kind::Struct(&StructKind {
    name: "Entity",
    diff: "EntityDiff",
    fields: || {
        const {
            &[
                field("a", Kind::Text),
                field("b", Kind::MergedText),
                field("c", Kind::List(&Kind::Int(INT))),
                field("d", Kind::Set(&Kind::Text)),
                field("e", Kind::Map(&Kind::Text, &Kind::Counter(INT))),
                field("f", Kind::Map(&Kind::Int(INT), &Kind::Json)),
                field("g", Kind::Keyed(&ELEMENT, "i")),
                field("h", Kind::Option(&ELEMENT)),
                field("j", Kind::Json),
                field("k", Kind::Float),
                field("l", Kind::Bytes),
                field("m", Kind::Timestamp),
                field("n", Kind::Enum(&EnumKind { name: "Enum", variants: &["x", "y"] })),
                field("o", Kind::Atomic(&ELEMENT)),
                field("p", UNION),
            ]
        }
    },
});

const UNION: Kind = Kind::Union(&UnionKind {
    name: "Union",
    tag: "t",
    content: None,
    variants: || {
        const {
            &[
                VariantSchema { name: "u", content: VariantContent::Unit },
                VariantSchema {
                    name: "v",
                    content: VariantContent::Struct(&[field("x", Kind::Bool)]),
                },
            ]
        }
    },
});

/// # Panics
/// If something does not hold.
pub fn check(input: &[u8]) {
    let Ok(Value::Array(mut parts)) = decode(input, 1 << 16) else { return };
    if parts.len() < 2 {
        return;
    }
    let mut value = parts.remove(0);
    parts.truncate(3);
    for patch in &parts {
        anything_is_all_or_nothing(&value, patch);
    }
    if ENTITY.conform(&mut value).is_err() {
        return;
    }
    parts.retain_mut(|patch| patch.is_map() && ENTITY.conform_patch(patch).is_ok());
    let fitting: Vec<_> =
        parts.iter().filter_map(|patch| Some((patch, after(&value, patch)?))).collect();
    for (patch, changed) in &fitting {
        leads_there_and_back(&value, patch, changed);
        for other in &parts {
            composes(&value, patch, changed, other);
        }
    }
    if let [(one, after_one), (other, after_other), ..] = fitting.as_slice() {
        commute(&value, (one, after_one), (other, after_other));
    }
}

/// The value after a patch; `None` if it does not fit.
fn after(value: &Value, patch: &Value) -> Option<Value> {
    let mut value = value.clone();
    apply(&mut value, patch).ok().map(|_| value)
}

fn anything_is_all_or_nothing(value: &Value, patch: &Value) {
    let mut changed = value.clone();
    if apply(&mut changed, patch).is_err() {
        assert!(same(&changed, value), "a patch that does not fit changed something");
    }
}

fn leads_there_and_back(value: &Value, patch: &Value, changed: &Value) {
    let undo = invert(patch, value).expect("it fits");
    assert!(same(&after(changed, &undo).expect("undoing fits"), value), "undone otherwise");
    let settled = settle(patch.clone(), &undo);
    assert!(same(&after(value, &settled).expect("it fits"), changed), "settled otherwise");
    let shortest = diff(&ENTITY, value, changed).unwrap_or_else(empty);
    // Of a field that a patch put in, a diff cannot be told: fields are always there.
    if let Some(reached) = after(value, &shortest) {
        assert!(same(&reached, changed), "the diff leads elsewhere");
    }
}

fn composes(value: &Value, first: &Value, changed: &Value, second: &Value) {
    let Some(last) = after(changed, second) else { return };
    let both = compose(first.clone(), second.clone());
    assert!(same(&after(value, &both).expect("both fit"), &last), "composed otherwise");
}

fn commute(
    value: &Value,
    (one, after_one): (&Value, &Value),
    (other, after_other): (&Value, &Value),
) {
    let (mut there, mut back) = (overlap(one, other), overlap(other, one));
    there.sort();
    back.sort();
    assert_eq!(there, back, "an overlap is one from both sides");
    let later = rebase(one, other, &Orders::of(value, one), Turn::Later);
    let earlier = rebase(other, one, &Orders::of(value, other), Turn::Earlier);
    if there.is_empty() {
        let (later, earlier) = (later.expect("no overlap"), earlier.expect("no overlap"));
        // Two sums may leave the range that either keeps.
        if let (Some(a), Some(b)) = (after(after_other, &later), after(after_one, &earlier)) {
            assert!(same(&a, &b), "the order of two patches matters");
        }
    }
}
