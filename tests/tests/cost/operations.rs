//! Every operation on patches, on one case.

use std::borrow::Cow;

use temporal_entity_core::codec::{decode, encode_value};
use temporal_entity_core::json::to_json_patch;
use temporal_entity_core::overlay::Overlay;
use temporal_entity_core::patch::{
    Orders, apply, apply_encoded, compose, compose_all, diff, diff_like, fits, invert, may_rest,
    overlap, overlap_tight, rebase, settle, touches, without, without_same,
};
use temporal_entity_core::schema::Kind;
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::value::Value;

use crate::typed;

/// A value, two patches of it, and one that is made after the first of them.
pub struct Case {
    /// The kind of the value; `None` of one that has none, which only the operations on trees know.
    pub kind: Option<&'static Kind>,
    pub value: Value,
    pub first: Value,
    pub other: Value,
    pub later: Value,
}

pub type Run<'a> = &'a mut dyn FnMut(&'static str, &mut dyn FnMut());

fn after(value: &Value, patch: &Value) -> Value {
    let mut value = value.clone();
    apply(&mut value, patch).expect("it fits");
    value
}

/// Hands each operation to `run`.
pub fn each(case: &Case, run: Run) {
    let Case { kind, value, first, other, later } = case;
    let changed = after(value, first);
    let (undo, undo_later) =
        (invert(first, value).expect("it fits"), invert(later, &changed).expect("it fits"));
    let both = compose(first.clone(), later.clone());
    let undo_both = compose(undo_later.clone(), undo.clone());
    run("fits", &mut || fits(value, first).expect("it fits"));
    run("apply", &mut || drop(after(value, first)));
    run("apply later", &mut || drop(after(&changed, later)));
    run("undo", &mut || drop(after(&changed, &undo)));
    run("apply composed", &mut || drop(after(value, &both)));
    run("compose", &mut || drop(compose(first.clone(), later.clone())));
    run("compose undone", &mut || drop(compose(undo_later.clone(), undo.clone())));
    run("compose there and back", &mut || drop(compose(first.clone(), undo.clone())));
    run("compose many", &mut || {
        let all = [first, &undo, first, later, &undo_later];
        drop(compose_all(all.map(Cow::Borrowed)));
    });
    run("compose with the whole", &mut || {
        let whole = Value::Array(vec![Value::from(0), value.clone()]);
        let inside = |patch: Value| Value::Map(vec![(Value::from("x"), patch)]);
        drop(compose(inside(whole), inside(first.clone())));
    });
    run("settle", &mut || drop(settle(both.clone(), &undo_both)));
    run("settle undo", &mut || drop(settle(undo_both.clone(), &both)));
    run("without", &mut || {
        let all = (both.clone(), undo_both.clone());
        drop(without(all, (first.clone(), undo.clone())));
    });
    run("without same", &mut || drop(without_same(first.clone(), &changed)));
    run("may rest", &mut || _ = may_rest(first));
    run("touches", &mut || _ = touches(first, other));
    run("overlap", &mut || drop(overlap(first, other)));
    run("overlap with itself", &mut || drop(overlap(first, &undo)));
    run("overlap, tight", &mut || drop(overlap_tight(first, other, other)));
    run("orders", &mut || drop(Orders::of(value, first)));
    for (name, one, two, turn) in [
        ("rebase later", first, other, Turn::Later),
        ("rebase earlier", first, other, Turn::Earlier),
        ("rebase other", other, first, Turn::Later),
        ("rebase same", first, first, Turn::Later),
    ] {
        run(name, &mut || drop(rebase(one, two, &Orders::of(value, one), turn)));
    }
    run("diff like", &mut || drop(diff_like(value, &changed, Some(first))));
    run("overlay", &mut || {
        let mut overlay = Overlay::new(value.clone());
        overlay.push(1, first.clone()).expect("it fits");
        overlay.push(2, later.clone()).expect("it fits");
        drop(overlay.rebase(other, |_| false, |_, _| false));
        drop(overlay.rebase(first, |label| *label == 1, |_, _| false));
        drop(overlay.below());
        drop(overlay.composed(|_| true));
    });
    run("codec", &mut || {
        drop(decode(&encode_value(first).expect("bytes"), usize::MAX));
    });
    if let Some(kind) = kind {
        of_kind(case, kind, &changed, run);
        typed::each(case, &changed, run);
    }
}

fn of_kind(case: &Case, kind: &'static Kind, changed: &Value, run: Run) {
    let Case { value, first, later, .. } = case;
    run("diff", &mut || drop(diff(kind, value, changed)));
    run("diff back", &mut || drop(diff(kind, changed, value)));
    run("conform", &mut || kind.conform(&mut changed.clone()).expect("it has its shape"));
    run("conform patch", &mut || {
        kind.conform_patch(&mut first.clone()).expect("it has its shape");
        kind.conform_patch(&mut later.clone()).expect("it has its shape");
    });
    let bytes = encode_value(value).expect("bytes");
    let patches = [first.clone(), later.clone()];
    run("apply encoded", &mut || drop(apply_encoded(kind, &bytes, &patches, 0)));
    run("to JSON Patch", &mut || drop(to_json_patch(kind, value, first).expect("JSON")));
}
