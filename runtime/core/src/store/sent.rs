//! The edits of a tab that the hub has taken and the server has not confirmed. A hub that ends loses them, so the tab
//! keeps them for the next hub.

use std::collections::VecDeque;

use ciborium::Value;

use crate::local::Facts;
use crate::overlay::{Edit, Overlay};
use crate::patch::compose;

/// Stands for the number of an edit where others made the change. Edits are numbered from one.
const OTHERS: u64 = 0;

/// Whether a change is none of this tab's edits.
pub fn is_of_others(number: &u64) -> bool {
    *number == OTHERS
}

/// Every change of what the hub shows, from the first edit of this tab on that is not confirmed. The changes of others
/// are kept with the edits, because the places in an edit count in the value that it was made on.
#[derive(Default)]
pub struct Sent(VecDeque<(u64, Edit)>);

impl Sent {
    /// Notes that the hub's value changed by an edit of this tab, or by others. A change that is not known voids all.
    pub fn note(&mut self, edit: Option<u64>, change: Option<(Value, Value)>) {
        let Some((patch, undo)) = change else { return self.0.clear() };
        let label = edit.unwrap_or(OTHERS);
        match self.0.back_mut() {
            None if label == OTHERS => {}
            Some((OTHERS, last)) if label == OTHERS => {
                last.patch = compose(std::mem::replace(&mut last.patch, Value::Null), patch);
                last.undo = compose(undo, std::mem::replace(&mut last.undo, Value::Null));
            }
            _ => self.0.push_back((label, Edit { patch, undo })),
        }
    }

    /// Takes over the edits that the hub's value contains.
    pub fn take(&mut self, overlay: &mut Overlay<u64>, contained: impl FnMut(&u64) -> bool) {
        self.0.append(&mut overlay.sink(contained));
    }

    /// Lets go of what is confirmed: everything before the oldest edit that is not. (Where that is another tab's edit,
    /// more is kept than has to be. The entity knows an edit again that comes twice.)
    pub fn confirm(&mut self, facts: &Facts) {
        match facts.first {
            None => self.0.clear(),
            Some(first) => {
                let oldest = self.0.iter().position(|(label, _)| *label == first);
                drop(self.0.drain(..oldest.unwrap_or(0)));
            }
        }
    }

    /// Gives the edits back to be sent again.
    pub fn recall(&mut self, overlay: &mut Option<Overlay<u64>>) {
        let changes = std::mem::take(&mut self.0);
        if let Some(overlay) = overlay {
            overlay.raise(changes);
        }
    }
}
