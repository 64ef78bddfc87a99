//! What a tab may not have seen yet when it made an edit: the updates that were on their way to it.

use std::collections::VecDeque;
use std::rc::Rc;

use ciborium::Value;

use crate::local::Problem;
use crate::patch::{Form, Orders, form, rebase, touches};
use crate::sequence::splice::Turn;

/// The most updates that are kept for one tab. Messages within a browser take milliseconds, so few are under way.
const MAX_UPDATES: usize = 64;

/// The updates that one tab may not have seen, each as it is made after that tab's edits.
#[derive(Default)]
pub struct Bridge {
    updates: VecDeque<(u64, Rc<Value>)>,
    /// Number of the last update that is not kept here.
    lost: u64,
}

impl Bridge {
    /// An update goes out to the tab; `None` if the tab gets all of the entity anew.
    pub fn push(&mut self, seq: u64, patch: Option<Rc<Value>>) {
        match patch {
            Some(patch) => self.updates.push_back((seq, patch)),
            None => self.updates.clear(),
        }
        if self.updates.is_empty() {
            self.lost = seq;
        }
        if self.updates.len() > MAX_UPDATES
            && let Some((seq, _)) = self.updates.pop_front()
        {
            self.lost = seq;
        }
    }

    /// An edit of the tab, made when it had seen the update `seq`, as it is made on `view`, which is what is shown now.
    ///
    /// # Errors
    /// If it cannot be made any more after what the tab had not seen.
    pub fn carry(&mut self, view: &Value, seq: u64, patch: Value) -> Result<Value, Problem> {
        if seq < self.lost && has_places(&patch) {
            let message = "the page had missed too much when the edit was made: make it again";
            return Err(Problem::new(409, "conflict", message));
        }
        self.updates.retain(|(number, _)| *number > seq);
        let mut carried = patch;
        for (_, update) in &mut self.updates {
            if !touches(update, &carried) {
                continue;
            }
            let orders = Orders::of(view, &carried);
            let after = rebase(&carried, update, &orders, Turn::Later)
                .map_err(|misfit| Problem::new(409, "conflict", misfit.to_string()))?;
            if let Ok(later) = rebase(update, &carried, &orders, Turn::Earlier) {
                *update = Rc::new(later);
            }
            carried = after;
        }
        Ok(carried)
    }
}

/// Whether a patch counts places in a text or a list.
fn has_places(patch: &Value) -> bool {
    match form(patch) {
        Form::Splice(_) => true,
        Form::Inside(changes) | Form::Keyed(_, changes, _) => {
            changes.iter().any(|(_, inner)| has_places(inner))
        }
        _ => false,
    }
}
