//! What the model makes of a `patchDiff`.

use temporal_entity::Stamp;
use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Envelope, Reason, Token};
use temporal_entity_core::patch::{
    Form, Orders, apply, diff, empty, fits, form, is_empty, overlap, overlap_tight, rebase, settle,
};
use temporal_entity_core::sequence::splice::Turn;
use temporal_entity_core::value::{Value, as_map, get, same};

use crate::expect::{Effect, Expected, Outcome};
use crate::model::{Memory, Model, Version, leaves};

/// What becomes of a diff that was made on an older version.
enum Merge {
    /// As it is made on the current one.
    Fits(Value),
    /// Others changed the same.
    Conflict,
    /// It changes a part of what was not there: refused for that, or because others changed the same.
    Misfit,
}

impl Model {
    /// `patchDiff`, of what exists.
    pub fn patch(&self, now: Stamp, envelope: &Envelope, current: &Version) -> Vec<Outcome> {
        if current.meta.deleted {
            return Expected::refusal(404, Reason::Deleted).about(current).only();
        }
        let held = match envelope.request.if_unmodified_since {
            Token::Missing => {
                return Expected::refusal(428, Reason::MissingVersion).whole(current).only();
            }
            Token::Malformed => return Expected::refusal(400, Reason::Malformed).only(),
            Token::At(held) => held,
        };
        let diff = envelope.request.diff.clone().filter(|diff| !diff.is_null());
        let Some(mut diff) = diff else {
            return Expected::refusal(400, Reason::Malformed).only();
        };
        if as_map(&diff).is_none() || self.kind.conform_patch(&mut diff).is_err() {
            return Expected::refusal(400, Reason::Shape).only();
        }
        let unknown = Expected::refusal(412, Reason::UnknownVersion).whole(current).only();
        let Some(version) = self.version(held) else { return unknown };
        let merged = self.patch_known(now, envelope, version, current, &diff);
        match self.knows(held) {
            Memory::Surely => merged,
            _ => merged.into_iter().chain(unknown).collect(),
        }
    }

    fn patch_known(
        &self,
        now: Stamp,
        envelope: &Envelope,
        held: &Version,
        current: &Version,
        diff: &Value,
    ) -> Vec<Outcome> {
        let conflict = || Expected::refusal(409, Reason::Conflict).leading(held, current).only();
        let shape = || Expected::refusal(400, Reason::Shape).only();
        let is_stale = held.meta.modified != current.meta.modified;
        let merge = self.merge(held, current, diff);
        self.check_merge(held, current, diff, &merge);
        let outcomes = match merge {
            Merge::Fits(rebased) => self.patch_merged(now, envelope, held, current, rebased),
            Merge::Conflict => return conflict(),
            Merge::Misfit if !is_stale => return shape(),
            Merge::Misfit => return shape().into_iter().chain(conflict()).collect(),
        };
        let mut made = held.value.clone();
        match apply(&mut made, diff) {
            // What changes nothing in the value that it was made for changes nothing.
            Ok(_) if is_stale && same(&made, &held.value) => {
                Expected::ok(200).leading(held, current).only()
            }
            // Whether it is the sum then or the sum now that has no room is not told apart.
            Ok(_) if !in_range(&made) => {
                outcomes.into_iter().chain(conflict()).chain(shape()).collect()
            }
            _ => outcomes,
        }
    }

    /// A patch that was made on the version `held`, as it is made on the current one.
    fn patch_merged(
        &self,
        now: Stamp,
        envelope: &Envelope,
        held: &Version,
        current: &Version,
        rebased: Value,
    ) -> Vec<Outcome> {
        let mut value = current.value.clone();
        match apply(&mut value, &rebased) {
            Ok(_) if same(&value, &current.value) => {
                Expected::ok(200).leading(held, current).only()
            }
            Ok(undo) if in_range(&value) => {
                if self.is_too_large(&value) {
                    return Expected::refusal(413, Reason::TooLarge).only();
                }
                let diff = self.tight(&current.value, &rebased, &value, &undo);
                let change = (diff, self.tight(&value, &undo, &current.value, &rebased));
                let version = self.accepted(now, envelope, value, false, change);
                Expected::ok(200).leading(held, &version).and(Effect::Accepts(Box::new(version)))
            }
            _ => Expected::refusal(400, Reason::Shape).only(),
        }
    }

    fn merge(&self, held: &Version, current: &Version, own: &Value) -> Merge {
        let theirs = self.others(held.meta.modified);
        if fits(&held.value, own).is_err() {
            return Merge::Misfit;
        }
        let mut made = held.value.clone();
        let undo = apply(&mut made, own).expect("it fits");
        if is_empty(&theirs) {
            return Merge::Fits(own.clone());
        }
        let (theirs, own) = if overlap(&theirs, own).is_empty() {
            (theirs, own.clone())
        } else {
            // What the values differ in decides, not what was said of it.
            let tight =
                self.with_tight_lists(&held.value, self.tight(&held.value, own, &made, &undo));
            let theirs = self.diff(&held.value, &current.value);
            if !overlap_tight(&theirs, own, &tight).is_empty() {
                return Merge::Conflict;
            }
            let done = without_done(&tight, own, &theirs);
            (theirs, done)
        };
        let own = without_idle(&own, &held.value, &made);
        let orders = Orders::of(&held.value, &own);
        match rebase(&own, &theirs, &orders, Turn::Later) {
            Ok(rebased) => Merge::Fits(rebased),
            Err(_) => Merge::Conflict,
        }
    }

    /// Where only leaves of notes are changed, which of them overlap can be told without patches: a leaf that both
    /// changed, and not to the same.
    fn check_merge(&self, held: &Version, current: &Version, own: &Value, merge: &Merge) {
        let only_leaves = as_map(own).is_some_and(|fields| {
            fields.iter().all(|(field, change)| match field.as_text() {
                Some("title") => true,
                Some("lines") => as_map(change).is_some(),
                _ => false,
            })
        });
        let mut made = held.value.clone();
        if !only_leaves || apply(&mut made, own).is_err() {
            return;
        }
        let [base, ours, theirs] = [&held.value, &made, &current.value].map(leaves);
        let mut places = ours
            .keys()
            .chain(base.keys())
            .filter(|place| place.starts_with(".title") || place.starts_with(".lines"));
        let crosses = places.any(|place| {
            let [base, ours, theirs] = [&base, &ours, &theirs].map(|leaves| leaves.get(place));
            base != ours && base != theirs && ours != theirs
        });
        assert_eq!(crosses, matches!(merge, Merge::Conflict), "which leaves overlap: {own:?}");
    }

    /// A patch that leads from `value` to `made`, without what changes nothing: what replaces a field says how the two
    /// differ, and the rest what its sender said.
    fn tight(&self, value: &Value, patch: &Value, made: &Value, undo: &Value) -> Value {
        let settled = settle(patch.clone(), undo);
        let told = self.diff(value, made);
        let fields = as_map(patch).unwrap_or_default().iter().filter_map(|(field, change)| {
            let name = field.as_text()?;
            let from = if replaces(change) { &told } else { &settled };
            get(from, name).map(|change| (field.clone(), change.clone()))
        });
        Value::Map(fields.collect())
    }

    /// What comes of a patch whose lists with keys say what their elements differ in, and who stands elsewhere.
    fn with_tight_lists(&self, value: &Value, mut patch: Value) -> Value {
        let tight = (self.tighten)(value, &patch);
        for (field, change) in patch.as_map_mut().into_iter().flatten() {
            let name = field.as_text().unwrap_or_default();
            if let (Form::Keyed(..), Some(tight)) = (form(change), get(&tight, name)) {
                *change = tight.clone();
            }
        }
        patch
    }

    fn diff(&self, from: &Value, to: &Value) -> Value {
        diff(self.kind, from, to).unwrap_or_else(empty)
    }

    pub fn is_too_large(&self, value: &Value) -> bool {
        encode(value).expect("a value has bytes").len() > self.value_bytes
    }

    /// The version that a request makes: what it changes, and what takes it back.
    pub fn accepted(
        &self,
        now: Stamp,
        envelope: &Envelope,
        value: Value,
        deleted: bool,
        (diff, undo): (Value, Value),
    ) -> Version {
        let since = self.current().map(|current| current.meta.modified);
        let edits = !is_empty(&diff);
        Version {
            since,
            meta: self.next_meta(&envelope.sender, now, edits, deleted),
            value,
            diff,
            undo,
            joins: since.is_none() || edits,
            sender: envelope.sender.clone(),
            request: envelope.request.clone(),
        }
    }
}

fn replaces(change: &Value) -> bool {
    matches!(form(change), Form::Set(_))
}

/// What is left of a patch that does not overlap with `theirs`, without the fields that both replaced by the same: that is
/// done already, and adding or inserting it once more would be something else.
fn without_done(tight: &Value, own: &Value, theirs: &Value) -> Value {
    let is_left = |field: &Value| {
        let name = field.as_text().unwrap_or_default();
        let replaced = get(own, name).is_some_and(replaces) && get(theirs, name).is_some();
        !replaced
    };
    let fields = as_map(tight).unwrap_or_default().iter().filter(|(field, _)| is_left(field));
    Value::Map(fields.cloned().collect())
}

/// A patch without the fields that it left as they were: what changes nothing where it was made changes nothing.
fn without_idle(own: &Value, held: &Value, made: &Value) -> Value {
    let is_left = |field: &Value| {
        let name = field.as_text().unwrap_or_default();
        match (get(held, name), get(made, name)) {
            (Some(before), Some(after)) => !same(before, after),
            _ => true,
        }
    };
    let fields = as_map(own).unwrap_or_default().iter().filter(|(field, _)| is_left(field));
    Value::Map(fields.cloned().collect())
}

/// Whether the counter is one of 64 bits.
fn in_range(value: &Value) -> bool {
    let total = get(value, "total").and_then(Value::as_integer);
    total.is_none_or(|total| i64::try_from(total).is_ok())
}
