//! A value with edits on top that are not confirmed yet: what a browser shows.
//!
//! Only the shown value is held. Every edit keeps what undoes it, so the value below can be had back, changed, and
//! the edits laid on it again; all of that costs what the edits change, not what the entity holds.

use std::collections::VecDeque;
use std::rc::Rc;

use ciborium::Value;

use crate::field::Misfit;
use crate::patch::{
    Orders, Series, apply, compose, diff_like, empty, rebase, settle, touches, without,
};
use crate::sequence::splice::Turn;

/// A value under edits, each with a label of the caller's.
#[derive(Clone, Debug)]
pub struct Overlay<L> {
    /// Shared with whoever looks at it; copied only if it changes while somebody does.
    view: Rc<Value>,
    edits: VecDeque<(L, Edit)>,
}

/// A change of a value that can be taken back: an edit that is not confirmed, or what others changed between two edits.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The change.
    pub patch: Value,
    /// The change back.
    pub undo: Value,
}

/// What a change below the edits came to.
#[derive(Debug)]
pub struct Rebased<L> {
    /// From what was shown before to what is shown now.
    pub patch: Value,
    /// Leads back to what was shown before.
    pub undo: Value,
    /// The change of the value below the edits, and what takes it back; `None` where another value replaced all.
    pub below: Option<(Value, Value)>,
    /// Edits that no longer fit, and were dropped.
    pub refused: Vec<L>,
    /// What those edits changed, together.
    pub lost: Value,
}

impl<L: Clone> Overlay<L> {
    /// A value without edits.
    pub fn new(value: Value) -> Overlay<L> {
        Overlay { view: Rc::new(value), edits: VecDeque::new() }
    }

    /// What is shown: the value with every edit.
    pub fn view(&self) -> &Value {
        &self.view
    }

    /// As [`Overlay::view`], to keep: it stays as it is, whatever happens here meanwhile.
    pub fn held_view(&self) -> Rc<Value> {
        Rc::clone(&self.view)
    }

    /// The value without the edits.
    pub fn below(&self) -> Value {
        let mut value = Value::clone(&self.view);
        let mut undo = Series::backward();
        self.edits.iter().for_each(|(_, edit)| undo.add(edit.undo.clone()));
        // What undoes the edits fits after them.
        drop(apply(&mut value, &undo.finish()));
        value
    }

    /// Number of the edits.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// Whether there is no edit.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The labels and patches of the edits, first to last.
    pub fn edits(&self) -> impl Iterator<Item = (&L, &Value)> {
        self.edits.iter().map(|(label, edit)| (label, &edit.patch))
    }

    /// Takes the first edits off for which `pick` says so: they are part of the value below from now on.
    pub fn sink(&mut self, mut pick: impl FnMut(&L) -> bool) -> VecDeque<(L, Edit)> {
        let count = self.edits.iter().take_while(|(label, _)| pick(label)).count();
        let rest = self.edits.split_off(count);
        std::mem::replace(&mut self.edits, rest)
    }

    /// Makes the last changes of the value below edits again.
    pub fn raise(&mut self, mut changes: VecDeque<(L, Edit)>) {
        changes.append(&mut self.edits);
        self.edits = changes;
    }

    /// Lays an edit on top.
    ///
    /// # Errors
    /// If it does not fit what is shown.
    pub fn push(&mut self, label: L, patch: Value) -> Result<(), Misfit> {
        let undo = apply(Rc::make_mut(&mut self.view), &patch)?;
        self.edits.push_back((label, Edit { patch, undo }));
        Ok(())
    }

    /// Changes the value below the edits by `diff`, after dropping those edits for which `drop` says so. The others are
    /// made again after it, at the places to which theirs have come; but those for which `crosses` says so, of the
    /// change below an edit and the edit's own, are dropped, too.
    ///
    /// # Errors
    /// If `diff` does not fit the value: nothing has changed then, and the value has to be had anew.
    pub fn rebase(
        &mut self,
        diff: &Value,
        mut drop: impl FnMut(&L) -> bool,
        mut crosses: impl FnMut(&Value, &Value) -> bool,
    ) -> Result<Rebased<L>, Misfit> {
        let dropped = self.edits.iter().map(|(label, _)| drop(label)).collect();
        self.rebase_dropped(diff, dropped, &mut crosses)
    }

    /// As [`Overlay::rebase`], compiled once for all who call it.
    #[inline(never)]
    fn rebase_dropped(
        &mut self,
        diff: &Value,
        dropped: Vec<bool>,
        crosses: &mut dyn FnMut(&Value, &Value) -> bool,
    ) -> Result<Rebased<L>, Misfit> {
        let edits = std::mem::take(&mut self.edits).into_iter();
        let (labels, mut edits): (Vec<L>, Vec<Option<Edit>>) =
            edits.map(|(label, edit)| (label, Some(edit))).unzip();
        let view = Rc::make_mut(&mut self.view);
        let rebased = rebase_edits(view, &mut edits, &dropped, diff, crosses);
        let mut refused = Vec::new();
        for ((label, edit), dropped) in labels.into_iter().zip(edits).zip(dropped) {
            match edit {
                Some(edit) => self.edits.push_back((label, edit)),
                None if dropped => {}
                None => refused.push(label),
            }
        }
        let Change { patch, undo, below, lost } = rebased?;
        Ok(Rebased { patch, undo, below: Some(below), refused, lost })
    }

    /// Puts `value` below the edits, in which those are contained already for which `drop` says so. The others are made
    /// again at the places to which theirs have come.
    pub fn moved_to(
        mut self,
        value: Value,
        mut drop: impl FnMut(&L) -> bool,
    ) -> (Overlay<L>, Rebased<L>) {
        let lost = self.composed(|_| true);
        let diff = diff_like(&self.below(), &value, Some(&lost)).unwrap_or_else(empty);
        match self.rebase(&diff, &mut drop, |_, _| false) {
            Ok(rebased) => (self, rebased),
            Err(_) => {
                let labels = self.edits.iter().map(|(label, _)| label);
                let refused = labels.filter(|label| !drop(label)).cloned().collect();
                let (patch, undo) = (empty(), empty());
                (Overlay::new(value), Rebased { patch, undo, below: None, refused, lost })
            }
        }
    }

    /// The patch that all the edits make together, for those whose label `pick` accepts, up to the first that it
    /// does not.
    pub fn composed(&self, mut pick: impl FnMut(&L) -> bool) -> Value {
        let picked = self.edits.iter().take_while(|(label, _)| pick(label));
        let mut all = Series::forward();
        picked.for_each(|(_, edit)| all.add(edit.patch.clone()));
        all.finish()
    }
}

/// What a rebase came to: as in [`Rebased`].
struct Change {
    patch: Value,
    undo: Value,
    below: (Value, Value),
    lost: Value,
}

/// Rebases the edits on `view`, and leaves those of them that are still made.
fn rebase_edits(
    view: &mut Value,
    edits: &mut [Option<Edit>],
    dropped: &[bool],
    diff: &Value,
    crosses: &mut dyn FnMut(&Value, &Value) -> bool,
) -> Result<Change, Misfit> {
    let mut lost = Series::forward();
    let mut moved = Moved { view, patch: Series::forward(), undo: Series::backward() };
    // Each step may walk a whole text or list, so that the edits are taken back together, up to one that is made again in
    // a list as it was then.
    let mut orders = Vec::with_capacity(edits.len());
    let mut undos = Series::forward();
    for (edit, dropped) in edits.iter().zip(dropped).rev() {
        let Some(edit) = edit else { continue };
        undos.add(edit.undo.clone());
        let places = !dropped && !Orders::of(&Value::Null, &edit.patch).is_empty();
        orders.push(if places {
            moved.apply(&std::mem::take(&mut undos).finish())?;
            Orders::of(moved.view, &edit.patch)
        } else {
            Orders::default()
        });
    }
    if !undos.is_empty() {
        moved.apply(&undos.finish())?;
    }
    let undo = match moved.apply(diff) {
        Ok(undo) => undo,
        Err(misfit) => {
            let mut all = Series::forward();
            edits.iter().flatten().for_each(|edit| all.add(edit.patch.clone()));
            moved.apply(&all.finish())?;
            return Err(misfit);
        }
    };
    let changed = (diff.clone(), undo.clone());
    let mut below = Below { patch: diff.clone(), undo: Some(undo), past: None };
    // Successive edits that nothing touches: they are made again as they are, all at once.
    let (mut apart, mut from) = (Series::forward(), 0);
    for at in 0..=edits.len() {
        let edit = edits.get_mut(at).and_then(Option::take);
        if let Some(edit) = &edit
            && dropped.get(at) == Some(&true)
        {
            below.without(edit);
            continue;
        }
        below.settle();
        if let Some(known) = &edit
            && !touches(&below.patch, &known.patch)
        {
            apart.add(known.patch.clone());
            if let Some(slot) = edits.get_mut(at) {
                *slot = edit;
            }
            continue;
        }
        if !apart.is_empty() && moved.apply(&std::mem::take(&mut apart).finish()).is_err() {
            let refused = edits.iter_mut().take(at).skip(from);
            refused.filter_map(Option::take).for_each(|edit| lost.add(edit.patch));
        }
        from = at.saturating_add(1);
        let Some(edit) = edit else { break };
        let none = Orders::default();
        let orders = orders.iter().rev().nth(at).unwrap_or(&none);
        let patch = if crosses(&below.patch, &edit.patch) {
            Err(Misfit::absent())
        } else {
            rebase(&edit.patch, &below.patch, orders, Turn::Later)
        };
        match patch.and_then(|patch| Ok((moved.apply(&patch)?, patch))) {
            Ok((undo, patch)) => {
                below.with(&edit, &patch, orders);
                if let Some(slot) = edits.get_mut(at) {
                    *slot = Some(Edit { patch, undo });
                }
            }
            Err(_) => {
                below.without(&edit);
                lost.add(edit.patch);
            }
        }
    }
    let undo = moved.undo.finish();
    let patch = settle(moved.patch.finish(), &undo);
    Ok(Change { patch, undo, below: changed, lost: lost.finish() })
}

/// What changed below an edit: from the value that the edit was made on to the one that it is made on again.
struct Below {
    patch: Value,
    /// What undoes it, as long as that is known.
    undo: Option<Value>,
    /// The last edits, if they were not made again, and what undoes them: `patch` was not brought past them yet.
    past: Option<(Series, Series)>,
}

impl Below {
    /// Goes on past an edit that is not made again.
    fn without(&mut self, edit: &Edit) {
        let series = || (Series::forward(), Series::backward());
        let (patches, undos) = self.past.get_or_insert_with(series);
        patches.add(edit.patch.clone());
        undos.add(edit.undo.clone());
    }

    /// Brings the patch past the edits that were not made again, all at once.
    fn settle(&mut self) {
        let Some((patches, undos)) = self.past.take() else { return };
        let own = (patches.finish(), undos.finish());
        let patch = std::mem::replace(&mut self.patch, Value::Null);
        self.patch = match self.undo.take() {
            Some(undo) => {
                let (patch, undo) = without((patch, undo), own);
                self.undo = Some(undo);
                patch
            }
            None => compose(own.1, patch),
        };
    }

    /// Goes on past an edit that is made again as `again`.
    fn with(&mut self, edit: &Edit, again: &Value, orders: &Orders) {
        self.undo = None;
        self.patch = rebase(&self.patch, &edit.patch, orders, Turn::Earlier).unwrap_or_else(|_| {
            compose(compose(edit.undo.clone(), self.patch.clone()), again.clone())
        });
    }
}

/// A value that is changed in several steps, with the sum of the steps and of what undoes them.
struct Moved<'a> {
    view: &'a mut Value,
    patch: Series,
    undo: Series,
}

impl Moved<'_> {
    fn apply(&mut self, step: &Value) -> Result<Value, Misfit> {
        let undo = apply(self.view, step)?;
        self.patch.add(step.clone());
        self.undo.add(undo.clone());
        Ok(undo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::MapBuilder;

    fn never(_: &Value, _: &Value) -> bool {
        false
    }

    fn card(title: &str, votes: i64) -> Value {
        MapBuilder::new().put("title", title).put("votes", votes).finish()
    }

    fn titled(title: &str) -> Value {
        MapBuilder::new().put("title", title).finish()
    }

    fn voted(votes: i64) -> Value {
        MapBuilder::new().put("votes", votes).finish()
    }

    #[test]
    fn an_edit_shows_at_once_and_survives_what_others_change() {
        let mut overlay = Overlay::new(card("a", 1));
        overlay.push(1, titled("b")).unwrap();
        let rebased = overlay.rebase(&voted(2), |_| false, never).unwrap();
        assert_eq!(rebased.patch, voted(2));
        assert_eq!(overlay.view(), &card("b", 2));
    }

    #[test]
    fn a_confirmed_edit_leaves_and_changes_nothing_shown() {
        let mut overlay = Overlay::new(card("a", 1));
        overlay.push(1, titled("b")).unwrap();
        overlay.push(2, voted(5)).unwrap();
        let rebased = overlay.rebase(&titled("b"), |label| *label == 1, never).unwrap();
        assert_eq!(rebased.patch, empty());
        assert_eq!(overlay.len(), 1);
        assert_eq!(overlay.view(), &card("b", 5));
    }

    #[test]
    fn a_refused_edit_is_rolled_back() {
        let mut overlay = Overlay::new(card("a", 1));
        overlay.push(1, titled("b")).unwrap();
        let rebased = overlay.rebase(&titled("theirs"), |_| true, never).unwrap();
        assert_eq!(rebased.patch, titled("theirs"));
        assert_eq!(overlay.view(), &card("theirs", 1));
    }

    #[test]
    fn a_diff_that_does_not_fit_changes_nothing() {
        let mut overlay = Overlay::new(card("a", 1));
        overlay.push(1, titled("b")).unwrap();
        let inside = MapBuilder::new().put("votes", titled("x")).finish();
        assert!(overlay.rebase(&inside, |_| false, never).is_err());
        assert_eq!(overlay.view(), &card("b", 1));
        assert_eq!(overlay.len(), 1);
    }
}
