//! Edits that are refused in the tab or in the hub, and entities that are created where they do not exist.

use ciborium::Value;

use crate::local::{Problem, Refusal, State, TabMessage, Topic};
use crate::message::EntityRef;
use crate::overlay::{Overlay, Rebased};
use crate::patch::{compose, empty};
use crate::store::TabMachine;
use crate::store::sent::is_of_others;

/// The refusal of the edits that found no place in a new value, if there are any.
pub fn crossed(overlay: &Overlay<u64>, rebased: &Rebased<u64>) -> Option<Refusal> {
    let message = "an edit was dropped: the entity was changed in its place before it was sent";
    let problem = Problem::new(409, "conflict", message);
    let first = *rebased.refused.first()?;
    let shown = (overlay.view(), &rebased.undo);
    Some(Refusal::of_edit(first, &problem, &rebased.lost, shown, true))
}

/// The refusal of the edits that the hub has not taken and cannot take any more, if there are any. (Where nothing is known
/// of the entity, somebody else has logged in, who sees none of them.)
pub fn lost(overlay: &Overlay<u64>, taken: impl Fn(&u64) -> bool, state: State) -> Option<Refusal> {
    let mut edits = overlay.edits().filter(|(label, _)| !taken(label) && !is_of_others(label));
    let (first, patch) = edits.next().filter(|_| state != State::Loading)?;
    let lost = edits.fold(patch.clone(), |all, (_, patch)| compose(all, patch.clone()));
    let problem = Problem::of_lost_edits(state);
    Some(Refusal::of_edit(*first, &problem, &lost, (overlay.view(), &empty()), false))
}

impl TabMachine {
    /// The hub has not taken an edit. The hub is told what is lost, so that every tab can show it.
    pub(super) fn refused(&mut self, entity: &EntityRef, edit: u64, problem: &Problem) {
        let Some(store) = self.stores.get_mut(entity) else { return };
        let Some(overlay) = &mut store.overlay else { return };
        let topic = Topic::new(entity.clone(), store.schema);
        let lost = overlay.edits().find(|(label, _)| **label == edit);
        let Some(lost) = lost.map(|(_, patch)| patch.clone()) else {
            let dropped = store.dropped.iter().position(|refusal| refusal.id() == edit);
            if let Some(refusal) = dropped.map(|at| store.dropped.remove(at)) {
                self.send(&TabMessage::Report { topic, refusal });
            }
            return;
        };
        let dropped = |label: &u64| *label == edit;
        let rebased = overlay.rebase(&empty(), dropped, |_, _| false);
        let undo = rebased.as_ref().map_or_else(|_| empty(), |rebased| rebased.undo.clone());
        let refusal = Refusal::of_edit(edit, problem, &lost, (overlay.view(), &undo), true);
        self.send(&TabMessage::Report { topic, refusal });
        self.changed(entity, rebased.ok().map(|rebased| rebased.patch));
    }

    /// A refused edit, or every one of a store, need not be shown any more, in no tab.
    pub fn dismiss(&mut self, entity: &EntityRef, id: Option<u64>) {
        let Some(store) = self.stores.get_mut(entity) else { return };
        store.problems.retain(|refusal| id.is_some_and(|id| id != refusal.id()));
        let topic = Topic::new(entity.clone(), store.schema);
        self.send(&TabMessage::Dismiss { topic, id });
        self.changed(entity, Some(empty()));
    }

    /// Creates the entity of an open store with `value` as soon as the server says that it does not exist. A refusal is
    /// kept with the refused edits, and nothing is tried again.
    pub fn create_if_absent(&mut self, entity: &EntityRef, value: Value) {
        let Some(store) = self.stores.get_mut(entity) else { return };
        if matches!(store.facts.state, State::Loading | State::Absent) {
            store.first = Some(value.clone());
            let topic = Topic::new(entity.clone(), store.schema);
            self.send(&TabMessage::Create { topic, value });
        }
    }
}
