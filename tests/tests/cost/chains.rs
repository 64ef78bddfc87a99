//! Many small patches, one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use temporal_entity::EntityField;
use temporal_entity_core::codec::encode_value;
use temporal_entity_core::field::write;
use temporal_entity_core::overlay::Overlay;
use temporal_entity_core::patch::{Series, apply, apply_encoded, compose_all, empty, invert};
use temporal_entity_core::steps;
use temporal_entity_core::value::Value;

use crate::typed::Costly;

/// A value, and patches that are made one after the other.
pub struct Chain {
    value: Value,
    patches: Vec<Value>,
}

type Shape = (&'static str, fn(usize) -> Chain);

pub const CHAINS: &[Shape] = &[
    ("one text at many places", |n| {
        chain(n, "text", |at| spliced(at * 37 % (at + 1), Value::from("x")))
    }),
    ("one list at many places", |n| {
        chain(n, "list", |at| spliced(at * 37 % (at + 1), Value::Array(vec![(at as u64).into()])))
    }),
    ("many elements", |n| {
        chain(n, "set", |at| {
            Value::Array(vec![3.into(), Value::Array(vec![name(at)]), Value::Array(vec![])])
        })
    }),
    ("many entries", |n| {
        let part = Value::Map(vec![("label".into(), "".into()), ("votes".into(), 0.into())]);
        chain(n, "map", |at| {
            Value::Map(vec![(name(at), Value::Array(vec![0.into(), part.clone()]))])
        })
    }),
    ("one counter, up and down", |n| {
        let part = Value::Map(vec![("label".into(), "".into()), ("votes".into(), 0.into())]);
        let votes = |number: i64| {
            Value::Map(vec![("votes".into(), Value::Array(vec![4.into(), number.into()]))])
        };
        chain(n, "map", |at| match at {
            0 => Value::Map(vec![(name(0), Value::Array(vec![0.into(), part.clone()]))]),
            at => Value::Map(vec![(name(0), votes(if at % 2 == 0 { 1 } else { -1 }))]),
        })
    }),
    ("many rows", |n| {
        let row = |id: Value| {
            let entry = |name: &str, value: Value| (Value::from(name), value);
            let list = Value::Array(vec![]);
            Value::Map(vec![
                entry("id", id),
                entry("note", "".into()),
                entry("done", false.into()),
                entry("items", list),
            ])
        };
        chain(n, "rows", |at| {
            let anchor = if at == 0 { Value::Null } else { name(at * 37 % at) };
            let put = Value::Array(vec![0.into(), row(name(at))]);
            let order = Value::Array(vec![Value::Array(vec![anchor, name(at)])]);
            Value::Array(vec![5.into(), "id".into(), Value::Map(vec![(name(at), put)]), order])
        })
    }),
];

fn name(at: usize) -> Value {
    Value::from(format!("{at:06}"))
}

fn spliced(at: usize, inserted: Value) -> Value {
    Value::Array(vec![2.into(), (at as u64).into(), 0.into(), inserted])
}

fn chain(n: usize, field: &str, patch: impl Fn(usize) -> Value) -> Chain {
    let value = write(&Costly { json: serde_json::json!({}), ..Costly::default() });
    let patches = (0..n).map(|at| Value::Map(vec![(field.into(), patch(at))])).collect();
    Chain { value, patches }
}

/// The steps of what is done with many patches.
pub fn steps_of(chain: &Chain) -> BTreeMap<&'static str, u64> {
    let Chain { value, patches } = chain;
    let mut taken = BTreeMap::new();
    let mut run = |name, work: &mut dyn FnMut()| {
        let ((), steps) = steps::of(work);
        taken.insert(name, steps);
    };
    let mut changed = value.clone();
    let mut undo = Series::backward();
    let undos: Vec<Value> =
        patches.iter().map(|patch| apply(&mut changed, patch).expect("it fits")).collect();
    run("compose", &mut || {
        let all = compose_all(patches.iter().map(Cow::Borrowed));
        let mut value = value.clone();
        apply(&mut value, &all).expect("it fits");
        assert_eq!(value, changed);
    });
    run("compose undone", &mut || {
        undos.iter().for_each(|patch| undo.add(patch.clone()));
        let undo = std::mem::replace(&mut undo, Series::backward()).finish();
        drop(invert(&undo, &changed).expect("it fits"));
    });
    let bytes = encode_value(value).expect("bytes");
    run("apply encoded", &mut || {
        let applied =
            apply_encoded(&Costly::KIND, &bytes, patches, 0).expect("it is told from bytes");
        assert_eq!(applied, encode_value(&changed).expect("bytes"));
    });
    let mut overlay = Overlay::new(value.clone());
    for (label, patch) in patches.iter().enumerate() {
        overlay.push(label, patch.clone()).expect("it fits");
    }
    run("overlay", &mut || {
        assert_eq!(overlay.below(), *value);
        drop(overlay.composed(|_| true));
    });
    run("overlay, all confirmed", &mut || {
        let all = compose_all(patches.iter().map(Cow::Borrowed));
        let rebased = overlay.rebase(&all, |_| true, |_, _| false).expect("it fits");
        assert_eq!(rebased.patch, empty());
    });
    taken
}
