//! What a tab shows of its stores: value, meta and status.

use std::rc::Rc;

use ciborium::Value;

use crate::local::{Problem, State};
use crate::message::{EntityRef, Meta};
use crate::overlay::Overlay;
use crate::patch::empty;
use crate::store::{TabMachine, sent};

/// How a store stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreStatus {
    /// What is known of the entity.
    pub state: State,
    /// Whether the browser is connected.
    pub connected: bool,
    /// Number of edits that are not confirmed.
    pub pending: u32,
    /// The latest refusal, until an edit is confirmed.
    pub problem: Option<Problem>,
}

impl TabMachine {
    /// What a store shows; `None` while there is nothing.
    pub fn view(&self, entity: &EntityRef) -> Option<&Value> {
        self.stores.get(entity)?.overlay.as_ref().map(Overlay::view)
    }

    /// As [`TabMachine::view`], to keep while JavaScript runs that may edit the very store.
    pub fn held_view(&self, entity: &EntityRef) -> Option<Rc<Value>> {
        self.stores.get(entity)?.overlay.as_ref().map(Overlay::held_view)
    }

    /// Meta of the confirmed version.
    pub fn meta(&self, entity: &EntityRef) -> Option<&Meta> {
        self.stores.get(entity)?.facts.meta.as_ref()
    }

    /// How a store stands.
    pub fn status(&self, entity: &EntityRef) -> StoreStatus {
        let connected = self.connected;
        match self.stores.get(entity) {
            Some(store) => {
                let edits = store.overlay.iter().flat_map(Overlay::edits);
                let own = edits.filter(|(number, _)| !sent::is_of_others(number)).count();
                let own = u32::try_from(own).unwrap_or(u32::MAX);
                StoreStatus {
                    state: store.facts.state,
                    connected,
                    pending: store.facts.pending.saturating_add(own),
                    problem: store.facts.problem.clone(),
                }
            }
            None => StoreStatus { state: State::Loading, connected, pending: 0, problem: None },
        }
    }

    /// The hub is dead, or does not answer: nothing is connected until another one says so.
    pub fn hub_lost(&mut self) {
        self.connection_is(false);
    }

    pub(super) fn connection_is(&mut self, connected: bool) {
        if self.connected != connected {
            self.connected = connected;
            let entities: Vec<_> = self.stores.keys().cloned().collect();
            for entity in entities {
                self.changed(&entity, Some(empty()));
            }
        }
    }
}
