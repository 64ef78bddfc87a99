//! The tab machine: the stores of one page. Each shows what the hub shows, with this tab's own edits on top until
//! the hub has taken them.

mod refused;
mod sent;
mod status;

use std::collections::VecDeque;

use ciborium::Value;

use crate::local::{Facts, HubMessage, Problem, Refusal, State, TabMessage, Topic};
use crate::message::{EntityRef, Meta, Method};
use crate::overlay::Overlay;
use crate::patch::{compose, empty, is_empty};
use crate::sorted::Sorted;

use self::sent::Sent;
pub use self::status::StoreStatus;

/// The most updates that are kept while a store waits for the whole of its entity.
const MAX_EARLY: usize = 64;

/// How many numbers each store has for its edits.
const EDITS_OF_A_STORE: u64 = 1 << 24;

/// What the page has to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum TabEffect {
    /// Post on the port to the hub.
    Send(Vec<u8>),
    /// Listen to the channel of this name.
    OpenChannel(String),
    /// Listen to it no more.
    CloseChannel(String),
    /// What a store shows, its meta or its status changed.
    Changed {
        /// The store's entity.
        entity: EntityRef,
        /// From what was shown to what is; empty where only meta or status changed, `None` where all has to be
        /// read anew.
        patch: Option<Value>,
    },
    /// A call was answered.
    Answered {
        /// Number of the call.
        call: u32,
        /// The new meta, or the refusal.
        result: Result<Meta, Problem>,
    },
}

/// A store: what the hub shows, and the edits that it does not show yet, by their numbers.
#[derive(Default)]
struct Store {
    /// The fingerprint of the shape that the page was built for.
    schema: Option<u64>,
    overlay: Option<Overlay<u64>>,
    /// The edits that the hub shows and the server has not confirmed.
    sent: Sent,
    facts: Facts,
    /// The refused edits that nobody has dismissed.
    problems: Vec<Refusal>,
    /// Edits that found no place here after an update. The hub says whether it has taken them all the same.
    dropped: Vec<Refusal>,
    /// The first value, if the entity is to be created where it does not exist, until the hub has said what became of it.
    first: Option<Value>,
    seq: u64,
    /// Whether `seq` means anything: not before the first whole, nor after a gap.
    synced: bool,
    /// Number of its last edit.
    last_edit: u64,
    /// Updates that came before the whole.
    early: Vec<Update>,
    /// Edits from this number on have not been sent: they wait for the whole. From zero where the hub is a new one,
    /// or knows this tab by another number.
    unsent: Option<u64>,
}

impl Store {
    /// What the hub knows. Returns the refused edits that a new hub does not know of.
    fn learn(&mut self, facts: Facts, hub_is_new: bool) -> Vec<Refusal> {
        self.facts = facts;
        let Some(known) = self.facts.problems.take() else { return Vec::new() };
        let before = std::mem::replace(&mut self.problems, known);
        if !self.problems.is_empty() || !matches!(self.facts.state, State::Loading | State::Absent)
        {
            self.first = None;
        }
        if hub_is_new { before } else { Vec::new() }
    }
}

struct Update {
    seq: u64,
    patch: Option<Value>,
    facts: Facts,
    /// The number of the edit that it comes from, if it is one of this tab's.
    own: Option<u64>,
}

/// The machine of one tab.
#[derive(Default)]
pub struct TabMachine {
    tab: Option<u32>,
    epoch: Option<u64>,
    connected: bool,
    person: Option<String>,
    signed_out: bool,
    stores: Sorted<EntityRef, Store>,
    calls: Sorted<u32, ()>,
    /// From where on the next store numbers its edits.
    next_edits: u64,
    last_call: u32,
    effects: VecDeque<TabEffect>,
}

impl TabMachine {
    /// Without stores, and not attached; `seed` is random.
    pub fn new(seed: u64) -> TabMachine {
        // The numbers of edits must be new for this browser, and none of its hub's, which are above 2^51.
        TabMachine { next_edits: seed % (1 << 50), ..TabMachine::default() }
    }

    /// The port to a hub is there, or there anew: everything that is open is opened.
    pub fn attached(&mut self) {
        self.send(&TabMessage::Attach);
        // A hub that was replaced cannot answer any more, and nobody knows what became of the request.
        for call in std::mem::take(&mut self.calls).keys().copied() {
            let message = "the connection within the browser was lost before the answer came";
            let result = Err(Problem::new(503, "unavailable", message));
            self.effects.push_back(TabEffect::Answered { call, result });
        }
        let entities: Vec<_> = self.stores.keys().cloned().collect();
        for entity in entities {
            self.ask_whole(&entity);
        }
    }

    /// Opens a store, once per entity.
    pub fn open(&mut self, topic: Topic) {
        if self.stores.contains_key(&topic.entity) {
            return;
        }
        let (schema, last_edit) = (topic.schema, self.next_edits);
        let store = Store { schema, last_edit, ..Store::default() };
        self.next_edits = last_edit.wrapping_add(EDITS_OF_A_STORE);
        self.stores.insert(topic.entity.clone(), store);
        // The channel first: what is posted on it before it is open is lost.
        self.effects.push_back(TabEffect::OpenChannel(topic.channel()));
        self.send(&TabMessage::Open(topic));
    }

    /// Closes a store.
    pub fn close(&mut self, entity: &EntityRef) {
        if let Some(store) = self.stores.remove(entity) {
            let topic = Topic::new(entity.clone(), store.schema);
            self.effects.push_back(TabEffect::CloseChannel(topic.channel()));
            self.send(&TabMessage::Close(topic));
        }
    }

    /// The page came back from where it could not listen: is everything still current?
    pub fn resumed(&mut self) {
        let entities: Vec<_> = self.stores.keys().cloned().collect();
        for entity in entities {
            self.check(&entity);
        }
    }

    fn check(&mut self, entity: &EntityRef) {
        let Some(store) = self.stores.get(entity) else { return };
        match self.epoch.filter(|_| store.synced) {
            Some(epoch) => {
                let topic = Topic::new(entity.clone(), store.schema);
                self.send(&TabMessage::Check { topic, epoch, seq: store.seq });
            }
            None => self.ask_whole(entity),
        }
    }

    fn ask_whole(&mut self, entity: &EntityRef) {
        if let Some(store) = self.stores.get_mut(entity) {
            store.synced = false;
            let topic = Topic::new(entity.clone(), store.schema);
            let first = store.first.clone();
            self.send(&TabMessage::Open(topic.clone()));
            if let Some(value) = first {
                self.send(&TabMessage::Create { topic, value });
            }
        }
    }

    /// A message from the hub, on the port or a channel. Bytes that are none come from a hub of another build.
    pub fn receive(&mut self, bytes: &[u8]) {
        match HubMessage::decode(bytes) {
            Ok(HubMessage::Linked { tab, epoch, connected, person, signed_out }) => {
                self.linked(tab, epoch);
                self.told_who(connected, person, signed_out);
            }
            Ok(HubMessage::Whole { entity, seq, value, facts, edit }) => {
                self.whole(&entity, seq, value, facts, edit);
            }
            Ok(HubMessage::Update { entity, epoch, seq, patch, facts, by }) => {
                if self.epoch == Some(epoch) {
                    let own = by.filter(|(tab, _)| Some(*tab) == self.tab).map(|(_, edit)| edit);
                    self.update(&entity, Update { seq, patch, facts, own });
                }
            }
            Ok(HubMessage::Refused { entity, edit, problem }) => {
                self.refused(&entity, edit, &problem)
            }
            Ok(HubMessage::Answered { call, result }) => {
                if self.calls.remove(&call).is_some() {
                    self.effects.push_back(TabEffect::Answered { call, result });
                }
            }
            Err(_) => {}
        }
    }

    fn linked(&mut self, tab: u32, epoch: u64) {
        let another = self.epoch.is_some_and(|before| before != epoch);
        if another || self.tab.is_some_and(|t| t != tab) {
            for store in self.stores.values_mut() {
                if another {
                    store.sent.recall(&mut store.overlay);
                    store.facts.pending = 0;
                }
                store.synced = false;
                store.unsent = Some(0);
                store.early.clear();
            }
        }
        self.tab = Some(tab);
        self.epoch = Some(epoch);
    }

    fn whole(
        &mut self,
        entity: &EntityRef,
        seq: u64,
        value: Option<Value>,
        facts: Facts,
        edit: u64,
    ) {
        let Some(store) = self.stores.get_mut(entity) else { return };
        let first = !store.synced;
        if !first && seq < store.seq {
            // An update on the channel overtook it.
            return;
        }
        (store.seq, store.synced) = (seq, true);
        let mut reports = store.learn(facts, store.unsent == Some(0));
        if value.is_none() && store.facts.state.is_stuck() {
            // A new hub could not read it any more. What the page has it keeps, with its edits: there is nothing else.
            return self.changed(entity, None);
        }
        store.dropped.clear();
        let unsent = store.unsent.take().unwrap_or(u64::MAX);
        let taken = |number: &u64| *number < unsent && *number <= edit;
        store.overlay = match (store.overlay.take(), value) {
            (Some(mut overlay), Some(value)) => {
                store.sent.take(&mut overlay, taken);
                let (overlay, rebased) = overlay.moved_to(value, sent::is_of_others);
                reports.extend(refused::crossed(&overlay, &rebased));
                store.sent.note(None, rebased.below);
                Some(overlay)
            }
            (Some(overlay), None) => {
                reports.extend(refused::lost(&overlay, taken, store.facts.state));
                None
            }
            (None, value) => value.map(Overlay::new),
        };
        store.sent.confirm(&store.facts);
        let topic = Topic::new(entity.clone(), store.schema);
        for refusal in reports {
            let report = TabMessage::Report { topic: topic.clone(), refusal };
            if let Ok(bytes) = report.encode() {
                self.effects.push_back(TabEffect::Send(bytes));
            }
        }
        let edits = store.overlay.iter().flat_map(Overlay::edits);
        for (edit, patch) in edits.filter(|(number, _)| **number >= unsent) {
            let (topic, edit, patch) = (topic.clone(), *edit, patch.clone());
            if let Ok(bytes) = (TabMessage::Edit { topic, edit, seq, patch }).encode() {
                self.effects.push_back(TabEffect::Send(bytes));
            }
        }
        let early = std::mem::take(&mut store.early);
        self.changed(entity, None);
        for update in early {
            self.update(entity, update);
        }
        if first {
            // Something may have been posted after the whole was sent and before the channel was open.
            self.check(entity);
        }
    }

    fn update(&mut self, entity: &EntityRef, update: Update) {
        let Some(store) = self.stores.get_mut(entity) else { return };
        if !store.synced {
            if store.early.len() < MAX_EARLY {
                store.early.push(update);
            }
            return;
        }
        if update.seq <= store.seq {
            return;
        }
        if update.seq > store.seq.saturating_add(1) {
            store.early.push(update);
            return self.ask_whole(entity);
        }
        store.seq = update.seq;
        store.learn(update.facts, false);
        let taken = |label: &u64| update.own.is_some_and(|own| *label <= own);
        let Some(overlay) = &mut store.overlay else {
            return self.changed(entity, Some(empty()));
        };
        store.dropped.retain(|refusal| !taken(&refusal.id()));
        match update.patch.map(|patch| overlay.rebase(&patch, taken, |_, _| false)) {
            Some(Ok(rebased)) => {
                store.dropped.extend(refused::crossed(overlay, &rebased));
                store.sent.note(update.own, rebased.below);
                store.sent.confirm(&store.facts);
                self.changed(entity, Some(rebased.patch));
            }
            Some(Err(_)) | None => self.ask_whole(entity),
        }
    }

    /// Makes a local edit: it shows at once, and goes to the hub.
    ///
    /// # Errors
    /// If there is nothing to edit, or the patch does not fit.
    pub fn edit(&mut self, entity: &EntityRef, patch: Value) -> Result<(), Problem> {
        let Some(store) = self.stores.get_mut(entity) else {
            return Err(Problem::of_state(State::Loading));
        };
        let (State::Live, Some(overlay)) = (store.facts.state, &mut store.overlay) else {
            let why = store.facts.problem.clone().filter(|_| store.facts.state.is_stuck());
            return Err(why.unwrap_or_else(|| Problem::of_state(store.facts.state)));
        };
        if is_empty(&patch) {
            return Ok(());
        }
        let edit = store.last_edit.wrapping_add(1);
        overlay
            .push(edit, patch.clone())
            .map_err(|misfit| Problem::new(400, "shape", misfit.to_string()))?;
        store.last_edit = edit;
        if store.synced {
            let (topic, seq) = (Topic::new(entity.clone(), store.schema), store.seq);
            self.send(&TabMessage::Edit { topic, edit, seq, patch: patch.clone() });
        } else {
            // A hub that is new could not take it before it has the entity itself.
            store.unsent.get_or_insert(edit);
        }
        self.changed(entity, Some(patch));
        Ok(())
    }

    /// Asks for `post`, `delete` or `patchUndelete`; the number under which it will be answered.
    pub fn call(&mut self, topic: Topic, method: Method, value: Option<Value>) -> u32 {
        self.last_call = self.last_call.wrapping_add(1);
        let call = self.last_call;
        self.calls.insert(call, ());
        self.send(&TabMessage::Call { call, topic, method, value });
        call
    }

    /// A store shows something else. Who is told looks at what it shows then, so one telling has to say it all.
    fn changed(&mut self, entity: &EntityRef, patch: Option<Value>) {
        let untold = self.effects.iter_mut().find_map(|effect| match effect {
            TabEffect::Changed { entity: of, patch } if of == entity => Some(patch),
            _ => None,
        });
        match untold {
            Some(before) => *before = before.take().zip(patch).map(|(a, b)| compose(a, b)),
            None => self.effects.push_back(TabEffect::Changed { entity: entity.clone(), patch }),
        }
    }

    fn send(&mut self, message: &TabMessage) {
        if let Ok(bytes) = message.encode() {
            self.effects.push_back(TabEffect::Send(bytes));
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<TabEffect> {
        self.effects.pop_front()
    }
}
