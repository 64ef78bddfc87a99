//! The writes to an entity that exists: what is checked before, and the change that comes of it.

use ciborium::Value;

use crate::codec::encode_value;
use crate::entity::Entity;
use crate::field::{Change, Patch, write};
use crate::message::{Meta, Reason, Reply, Request, Sender, Token};
use crate::object::checkpoint::Latest;
use crate::object::log::Recent;
use crate::object::request::{deleted, internal, malformed_token, too_large};
use crate::object::{Limits, Present, callbacks};
use crate::patch::{
    Orders, compose, empty, is_empty, may_rest, overlap, overlap_tight, rebase, settle,
    without_same,
};
use crate::schema::encode_typed;
use crate::sequence::splice::Turn;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;
use crate::value::as_map;

/// A refusal is an ordinary answer: it leaves the checks early, as an error would.
pub type Checked<T> = Result<T, Box<Reply>>;

/// A change that was applied to the value and is to be stored.
pub struct Planned {
    /// From the current version; empty for a deletion and its undoing.
    pub diff: Value,
    /// Back to it.
    pub undo: Value,
    /// Whether the entity is deleted afterwards.
    pub deleted: bool,
    /// Whether it may share a snapshot with the change before it.
    pub joins: bool,
}

impl<T: Entity> Present<T> {
    /// Checks a `patchDiff` and applies it to the value; `None` if it changes nothing.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn plan_patch(
        &mut self,
        storage: &impl Storage,
        token: Token,
        diff: Option<Value>,
        limits: &Limits,
    ) -> Result<Checked<Option<Planned>>, StorageError> {
        let (held, patch) = match self.check_patch(storage, token, diff)? {
            Ok(checked) => checked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(others) = self.changes_since(storage, held)? else {
            let message = "this version is not known: take the value and make the diff again";
            let refusal = Reply::refusal(412, Reason::UnknownVersion, message);
            return Ok(Err(Box::new(self.whole(storage, refusal)?)));
        };
        // From here on as this type writes it: with the defaults of fields that were left out, with floats in their
        // precision, each key once. That is what everybody else is told.
        let merged = if is_empty(&others) {
            Ok(patch)
        } else {
            self.merged(storage, held, others, patch.to_value())?
        };
        let known = self.checkpoint;
        let value = self.value_mut(storage)?;
        Ok(merged.and_then(|patch| {
            value.fits(&patch).map_err(|misfit| shape(misfit.to_string()))?;
            apply_within(value, patch, known, limits)
        }))
    }

    /// What can be said of a `patchDiff` before the version that it was made on is looked for.
    fn check_patch(
        &self,
        storage: &impl Storage,
        token: Token,
        diff: Option<Value>,
    ) -> Result<Checked<(Stamp, T::Diff)>, StorageError> {
        if self.meta.deleted {
            return Ok(Err(Box::new(deleted(&self.meta))));
        }
        let held = match token {
            Token::At(version) => version,
            Token::Malformed => return Ok(Err(Box::new(malformed_token("ifUnmodifiedSince")))),
            Token::Missing => {
                let message = "`ifUnmodifiedSince` must name the version that the diff was made on";
                let refusal = Reply::refusal(428, Reason::MissingVersion, message);
                return Ok(Err(Box::new(self.whole(storage, refusal)?)));
            }
        };
        Ok(Self::patch_of(diff).map(|patch| (held, patch)))
    }

    fn patch_of(diff: Option<Value>) -> Checked<T::Diff> {
        let mut wire = diff.filter(|diff| !diff.is_null()).ok_or_else(|| {
            Box::new(Reply::refusal(400, Reason::Malformed, "`patchDiff` needs a `diff`, a map"))
        })?;
        if as_map(&wire).is_none() {
            return Err(shape("a `diff` is a map from fields to their changes".to_owned()));
        }
        T::KIND.conform_patch(&mut wire).map_err(|error| shape(error.to_string()))?;
        <T as Entity>::Diff::from_value(wire).map_err(|e| shape(e.to_string()))
    }

    /// A patch that was made on the version `held`, as it is made after what others changed since.
    fn merged(
        &self,
        storage: &impl Storage,
        held: Stamp,
        others: Value,
        wire: Value,
    ) -> Result<Checked<T::Diff>, StorageError> {
        // The value is asked for where the patches alone do not tell.
        let needs_base = !Orders::of(&Value::Null, &wire).is_empty() || may_rest(&wire);
        let places = overlap(&others, &wire);
        let base = match needs_base || !places.is_empty() {
            true => self.value_of(storage, held)?,
            false => None,
        };
        Ok(self.merged_over(base, self.value(storage)?, held, others, wire, places))
    }

    fn merged_over(
        &self,
        base: Option<T>,
        now: &T,
        held: Stamp,
        others: Value,
        wire: Value,
        places: Vec<String>,
    ) -> Checked<T::Diff> {
        let (mut theirs, mut own) = (others.clone(), wire);
        let mut orders = Orders::default();
        if let Some(base) = base {
            // What was composed of several changes, or written by hand, may say more than it does, also something of what
            // is not there: what the values themselves differ in decides.
            let typed = |patch: &Value| T::Diff::from_value(patch.clone());
            let patch = typed(&own).map_err(|e| shape(e.to_string()))?;
            match base.fits(&patch) {
                Err(misfit) if places.is_empty() => return Err(shape(misfit.to_string())),
                Err(_) => return Err(Box::new(self.conflict(held, others, &places))),
                Ok(()) if places.is_empty() => own = base.tighten(patch).to_value(),
                Ok(()) => {
                    own = without_same(own, &write(now));
                    let patch = typed(&own).map_err(|e| shape(e.to_string()))?;
                    let tight = base.tighten(patch).to_value();
                    theirs = base.diff(now).map_or_else(empty, |change| change.to_value());
                    let places = overlap_tight(&theirs, &own, &tight);
                    if !places.is_empty() {
                        return Err(Box::new(self.conflict(held, others, &places)));
                    }
                    own = tight;
                }
            }
            orders = Orders::of(&write(&base), &own);
        }
        let rebased = rebase(&own, &theirs, &orders, Turn::Later)
            .map_err(|misfit| Box::new(self.conflict(held, others, &[misfit.path.join(".")])))?;
        T::Diff::from_value(rebased).map_err(|e| shape(e.to_string()))
    }

    /// Checks a `restore` and applies what leads back to the former value; `None` if that is the present one.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn plan_restoration(
        &mut self,
        storage: &impl Storage,
        request: &Request,
        limits: &Limits,
    ) -> Result<Checked<Option<Planned>>, StorageError> {
        if self.meta.deleted {
            return Ok(Err(Box::new(deleted(&self.meta))));
        }
        if let Err(refusal) = self.check_current(storage, request.if_unmodified_since)? {
            return Ok(Err(refusal));
        }
        let Token::At(instant) = request.past.as_of else {
            return Ok(Err(Box::new(malformed_token("asOf"))));
        };
        let former = match self.value_as_of(storage, instant)? {
            Ok((former, _)) => former,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let known = self.checkpoint;
        let value = self.value_mut(storage)?;
        Ok(match value.diff(&former) {
            // In a snapshot of its own: the value that it replaces stays in the history.
            Some(Change::Patch(patch)) => apply_within(value, patch, known, limits)
                .map(|planned| planned.map(|planned| Planned { joins: false, ..planned })),
            // An entity is a struct, and a struct differs by its fields.
            Some(Change::Set(_)) => Err(Box::new(internal())),
            None => Ok(None),
        })
    }

    /// That the version which a write names, if it names one, is the current one.
    fn check_current(
        &mut self,
        storage: &impl Storage,
        token: Token,
    ) -> Result<Checked<()>, StorageError> {
        let held = match token {
            Token::Missing => return Ok(Ok(())),
            Token::Malformed => return Ok(Err(Box::new(malformed_token("ifUnmodifiedSince")))),
            Token::At(version) => version,
        };
        if held == self.meta.modified {
            return Ok(Ok(()));
        }
        Ok(Err(Box::new(match self.changes_since(storage, held)? {
            Some(others) => self.conflict(held, others, &[]),
            None => {
                let message = "this version is not known: take the value and decide again";
                self.whole(storage, Reply::refusal(412, Reason::UnknownVersion, message))?
            }
        })))
    }

    /// Checks a `delete` or a `patchUndelete`; `None` if the entity is deleted already.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn plan_deletion(
        &mut self,
        storage: &impl Storage,
        token: Token,
        delete: bool,
    ) -> Result<Checked<Option<Planned>>, StorageError> {
        let planned = Planned { diff: empty(), undo: empty(), deleted: delete, joins: false };
        Ok(match (token, self.meta.deleted) {
            (Token::Malformed, _) => Err(Box::new(malformed_token("ifUnmodifiedSince"))),
            (_, true) if delete => Ok(None),
            (_, false) if !delete => {
                let refusal = Reply::refusal(400, Reason::NotDeleted, "the entity is not deleted");
                Err(Box::new(refusal.with_meta(&self.meta)))
            }
            _ => self.check_current(storage, token)?.map(|()| Some(planned)),
        })
    }

    /// The meta of the version that a change makes: it joins the current snapshot, or begins a new one.
    pub fn next_meta(&self, sender: &Sender, modified: Stamp, planned: &Planned) -> Meta {
        let coalesces = planned.joins
            && self.log.last().is_some_and(Recent::edits)
            && self.meta.person == sender.person
            && self.meta.impersonator == sender.impersonator
            && T::CONFIG.granularity.covers(self.meta.valid_from, modified);
        Meta {
            valid_from: if coalesces { self.meta.valid_from } else { modified },
            valid_to: None,
            modified,
            person: sender.person.clone(),
            impersonator: sender.impersonator.clone(),
            deleted: planned.deleted,
            schema_version: T::CONFIG.version,
            chunks: self.meta.chunks,
            compacted: self.meta.compacted,
            previous_values: None,
        }
    }

    fn conflict(&self, held: Stamp, others: Value, places: &[String]) -> Reply {
        let message = match places {
            [] => "the entity was changed since that version".to_owned(),
            places => format!("others changed the same since: {}", places.join(", ")),
        };
        let refusal = Reply::refusal(409, Reason::Conflict, message).with_meta(&self.meta);
        Reply { since: Some(held), diff: Some(others), ..refusal }
    }

    /// Adds the whole value to an answer.
    ///
    /// # Errors
    /// If the storage fails, or holds what this release cannot read.
    pub fn whole(&self, storage: &impl Storage, reply: Reply) -> Result<Reply, StorageError> {
        let encoded = Some(self.encoded(storage)?);
        Ok(Reply { encoded, ..reply.with_meta(&self.meta) })
    }
}

/// Applies a patch that fits, has the callbacks see what came of it, and takes it back if they refuse it or the
/// value grows past the limit.
fn apply_within<T: Entity>(
    value: &mut T,
    patch: T::Diff,
    known: Latest,
    limits: &Limits,
) -> Checked<Option<Planned>> {
    let patch = value.tighten(patch);
    if patch.is_empty() {
        return Ok(None);
    }
    let mut diff = patch.to_value();
    let applied = value.apply(patch);
    if applied.is_empty() {
        return Ok(None);
    }
    let mut undo = applied.to_value();
    let normalized = callbacks::normalize(value, Some(&applied)).map(|normalized| {
        if let Some((more, more_undo)) = normalized {
            let all = compose(std::mem::replace(&mut diff, empty()), more);
            let back = compose(more_undo, std::mem::replace(&mut undo, empty()));
            diff = settle(all.clone(), &back);
            undo = settle(back, &all);
        }
    });
    let checked = normalized
        .and_then(|()| callbacks::validate(value, Some(&applied)))
        .and_then(|()| check_size(value, &diff, known, limits));
    if let Err(refusal) = checked {
        let taken_back = T::Diff::from_value(undo).map_err(|_| Box::new(internal()))?;
        value.apply(taken_back);
        return Err(refusal);
    }
    Ok((!is_empty(&diff)).then_some(Planned { diff, undo, deleted: false, joins: true }))
}

/// Whether the value, to which `diff` was applied, is within its limit.
fn check_size<T: Entity>(value: &T, diff: &Value, known: Latest, limits: &Limits) -> Checked<()> {
    // The sum of what was stored bounds the size from above, so the value is measured only near the limit.
    let sum = known.value_bytes.saturating_add(known.since.bytes);
    let added = encode_value(diff).map_or(usize::MAX, |bytes| bytes.len());
    if sum.saturating_add(added) > limits.value_bytes {
        let bytes = encode_typed(value, known.value_bytes).map_or(usize::MAX, |bytes| bytes.len());
        if bytes > limits.value_bytes {
            return Err(Box::new(too_large(bytes, limits)));
        }
    }
    Ok(())
}

fn shape(problem: String) -> Box<Reply> {
    Box::new(Reply::refusal(400, Reason::Shape, problem))
}
