//! What a tab shows of its stores: value, meta and status.

use std::rc::Rc;

use ciborium::Value;

use crate::local::{Problem, Refusal, State};
use crate::message::{EntityRef, Meta};
use crate::overlay::Overlay;
use crate::patch::empty;
use crate::store::{TabMachine, sent};

/// How a store stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreStatus {
    /// What is known of the entity.
    pub state: State,
    /// Whether the browser is connected.
    pub connected: bool,
    /// Number of edits that are not confirmed.
    pub pending: u32,
    /// What stands in the way of the next request.
    pub problem: Option<Problem>,
    /// The refused edits that nobody has dismissed, the oldest first.
    pub problems: Vec<Refusal>,
    /// Who is logged in, as far as the browser knows.
    pub person: Option<String>,
    /// Whether the session is over.
    pub signed_out: bool,
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
        let mut status = StoreStatus {
            connected: self.connected,
            person: self.person.clone(),
            signed_out: self.signed_out,
            ..StoreStatus::default()
        };
        if let Some(store) = self.stores.get(entity) {
            let edits = store.overlay.iter().flat_map(Overlay::edits);
            let own = edits.filter(|(number, _)| !sent::is_of_others(number)).count();
            let own = u32::try_from(own).unwrap_or(u32::MAX);
            status.state = store.facts.state;
            status.pending = store.facts.pending.saturating_add(own);
            status.problem = store.facts.problem.clone();
            status.problems = store.problems.clone();
        }
        status
    }

    /// The hub is dead, or does not answer: nothing is connected until another one says so.
    pub fn hub_lost(&mut self) {
        self.told_who(false, self.person.clone(), self.signed_out);
    }

    /// The hub says how its connection stands, and who is logged in.
    pub(super) fn told_who(&mut self, connected: bool, person: Option<String>, signed_out: bool) {
        if (connected, &person, signed_out) != (self.connected, &self.person, self.signed_out) {
            (self.connected, self.person, self.signed_out) = (connected, person, signed_out);
            let entities: Vec<_> = self.stores.keys().cloned().collect();
            for entity in entities {
                self.changed(&entity, Some(empty()));
            }
        }
    }
}
