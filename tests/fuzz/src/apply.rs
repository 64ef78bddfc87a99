//! A value and patches from anybody: what does not fit changes nothing, and what fits keeps the laws.

use temporal_entity_core::codec::{decode, encode_value};
use temporal_entity_core::patch::{
    Orders, apply, compose, diff, empty, invert, overlap, rebase, settle,
};
use temporal_entity_core::schema::{
    EnumKind, FieldSchema, IntKind, Kind, StructKind, UnionKind, VariantContent, VariantSchema,
};
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::steps;
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

/// The steps that any operation may take: for each byte of the input, as often as it can be halved, and some whatever the
/// size, as a search for differences gives up after some thousands.
const STEPS_PER_BYTE: u64 = 1;
const MORE_STEPS: u64 = 20_000;

/// A budget of steps for each operation.
#[derive(Clone, Copy)]
struct Budget(u64);

impl Budget {
    fn of(tree: &Value) -> Budget {
        let bytes = encode_value(tree).map_or(0, |bytes| bytes.len() as u64).max(2);
        Budget(bytes * u64::from(bytes.ilog2()) * STEPS_PER_BYTE + MORE_STEPS)
    }

    /// # Panics
    /// If the work takes more steps than the budget has.
    fn take<T>(self, operation: &str, work: impl FnOnce() -> T) -> T {
        let (result, taken) = steps::of(work);
        assert!(taken <= self.0, "{operation} took {taken} steps of {}", self.0);
        result
    }

    /// The value after a patch; `None` if it does not fit.
    fn after(self, value: &Value, patch: &Value) -> Option<Value> {
        let mut value = value.clone();
        self.take("apply", || apply(&mut value, patch).ok().map(|_| value))
    }
}

/// # Panics
/// If something does not hold.
pub fn check(input: &[u8]) {
    let Ok(tree) = decode(input, 1 << 16) else { return };
    let budget = Budget::of(&tree);
    let Value::Array(mut parts) = tree else { return };
    if parts.len() < 2 {
        return;
    }
    let mut value = parts.remove(0);
    parts.truncate(3);
    for patch in &parts {
        budget.anything_is_all_or_nothing(&value, patch);
    }
    if budget.take("conform", || ENTITY.conform(&mut value)).is_err() {
        return;
    }
    let conform = |patch: &mut Value| ENTITY.conform_patch(patch).is_ok();
    parts.retain_mut(|patch| patch.is_map() && budget.take("conform patch", || conform(patch)));
    let fitting: Vec<_> =
        parts.iter().filter_map(|patch| Some((patch, budget.after(&value, patch)?))).collect();
    for (patch, changed) in &fitting {
        budget.leads_there_and_back(&value, patch, changed);
        for other in &parts {
            budget.composes(&value, patch, changed, other);
        }
    }
    if let [(one, after_one), (other, after_other), ..] = fitting.as_slice() {
        budget.commute(&value, (one, after_one), (other, after_other));
    }
}

impl Budget {
    fn anything_is_all_or_nothing(self, value: &Value, patch: &Value) {
        let mut changed = value.clone();
        if self.take("apply", || apply(&mut changed, patch)).is_err() {
            assert!(same(&changed, value), "a patch that does not fit changed something");
        }
    }

    fn leads_there_and_back(self, value: &Value, patch: &Value, changed: &Value) {
        let undo = self.take("invert", || invert(patch, value)).expect("it fits");
        assert!(
            same(&self.after(changed, &undo).expect("undoing fits"), value),
            "undone otherwise"
        );
        let settled = self.take("settle", || settle(patch.clone(), &undo));
        let reached = self.after(value, &settled).expect("it fits");
        assert!(same(&reached, changed), "settled otherwise");
        let shortest = self.take("diff", || diff(&ENTITY, value, changed)).unwrap_or_else(empty);
        // Of a field that a patch put in, a diff cannot be told: fields are always there.
        if let Some(reached) = self.after(value, &shortest) {
            assert!(same(&reached, changed), "the diff leads elsewhere");
        }
    }

    fn composes(self, value: &Value, first: &Value, changed: &Value, second: &Value) {
        let Some(last) = self.after(changed, second) else { return };
        let both = self.take("compose", || compose(first.clone(), second.clone()));
        let reached = self.after(value, &both).expect("both fit");
        assert!(same(&reached, &last), "composed otherwise");
    }

    fn commute(
        self,
        value: &Value,
        (one, after_one): (&Value, &Value),
        (other, after_other): (&Value, &Value),
    ) {
        let overlap = |a, b| self.take("overlap", || overlap(a, b));
        let (mut there, mut back) = (overlap(one, other), overlap(other, one));
        there.sort();
        back.sort();
        assert_eq!(there, back, "an overlap is one from both sides");
        let rebase = |patch, other, turn| {
            self.take("rebase", || rebase(patch, other, &Orders::of(value, patch), turn))
        };
        let later = rebase(one, other, Turn::Later);
        let earlier = rebase(other, one, Turn::Earlier);
        if there.is_empty() {
            let (later, earlier) = (later.expect("no overlap"), earlier.expect("no overlap"));
            // Two sums may leave the range that either keeps.
            if let (Some(a), Some(b)) =
                (self.after(after_other, &later), self.after(after_one, &earlier))
            {
                assert!(same(&a, &b), "the order of two patches matters");
            }
        }
    }
}
