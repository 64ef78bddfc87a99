//! What must hold all the time.

use temporal_entity_core::codec::decode_own;
use temporal_entity_core::message::{Downstream, Meta, Method};
use temporal_entity_core::person::{MAX_PERSON_WAITING, SocketId};
use temporal_entity_core::value::{Value, get};

use super::World;
use super::book::Asked;
use super::person::{LIMITS, Socket};

/// The most bytes that an entity of this world may be estimated at: the recent changes, and what a small value takes.
const ENTITY_BYTES: usize = 4 << 20;

impl World {
    /// Replies and pushes of an entity go down a socket in the order of their versions, as long as the Person remembers
    /// what went down it.
    pub(super) fn watch_down(&mut self, socket: SocketId, frame: &[u8]) {
        let browser = self.sockets[&socket].browser;
        let message = Downstream::decode(frame).expect("a frame");
        let (entity, Meta { modified, .. }) = match message {
            Downstream::Welcome { .. } => return,
            Downstream::Push(push) => (push.entity, push.meta),
            Downstream::Short(push) => match self.book.entity_of(browser, push.handle) {
                Some(entity) => (entity.clone(), push.meta),
                None => return,
            },
            Downstream::Reply(reply) => {
                let asked = reply.id.and_then(|id| self.book.asked(browser, id));
                // Where a browser hears by a direct line the Person remembers nothing.
                let kept = |asked: &&Asked| {
                    let Socket { browser, person, .. } = &self.sockets[&socket];
                    let who = (self.browsers[*browser].name.clone(), asked.entity.clone());
                    asked.method == Method::Subscribe
                        || self.persons[person].interests.contains_key(&who)
                };
                // One that comes again is answered as the first time, whether the Person sent it twice or an earlier hub did;
                // and a refusal leads nowhere.
                let name = &self.browsers[browser].name;
                let twice = reply.id.and_then(|id| self.asked.get(&(name.clone(), id)));
                let again = (self.sockets[&socket].life > 0 || twice == Some(&true))
                    && asked.is_some_and(|asked| asked.method == Method::PatchDiff);
                let leads = !again && (reply.is_success() || reply.diff.is_some());
                match (asked.filter(kept), reply.meta.filter(|_| leads)) {
                    (Some(asked), Some(meta)) if asked.times == 1 => (asked.entity.clone(), meta),
                    _ => return,
                }
            }
        };
        let told = self.told.entry((socket, entity.clone())).or_default();
        assert!(*told <= modified, "socket {socket} hears of {entity} {modified} after {told}");
        *told = modified;
    }

    /// A Person forgets what it told of an entity when the browser does not want it any more.
    pub(super) fn watch_up(&mut self, socket: SocketId, frame: &[u8]) {
        if self.is_attackers(self.sockets[&socket].browser) {
            return;
        }
        let message = decode_own::<Value>(frame).expect("a frame");
        if get(&message, "method").and_then(Value::as_text) == Some(Method::Unsubscribe.name()) {
            self.told.retain(|(of, _), _| *of != socket);
        }
    }

    /// The versions that a page sees never go back.
    pub(super) fn watch_tab(&mut self, number: usize) {
        let tab = &mut self.tabs[number];
        for entity in tab.open.keys() {
            let Some(Meta { modified, .. }) = tab.machine.meta(entity) else { continue };
            let seen = tab.seen.entry(entity.clone()).or_default();
            assert!(*seen <= *modified, "{} sees {entity} {modified} after {seen}", tab.page);
            *seen = *modified;
        }
    }

    /// What a Person keeps for its browsers is bounded.
    pub(super) fn watch_person(&self, person: &str) {
        let Some(machine) = &self.persons[person].machine else { return };
        let (kept, entities) = (machine.kept_len(), self.entities.len());
        assert!(kept <= MAX_PERSON_WAITING + 64 * entities, "{person} keeps {kept}");
        let interests = self.persons[person].interests.len();
        assert!(interests <= LIMITS.subscriptions, "{person} keeps {interests} interests");
    }

    /// What an entity and a hub keep is bounded.
    pub(super) fn watch_memory(&self) {
        for (entity, object) in &self.entities {
            let bytes = object.memory_bytes();
            assert!(bytes < ENTITY_BYTES, "{entity} takes {bytes} bytes");
        }
        for browser in &self.browsers {
            let kept = browser.hub.kept_len();
            assert!(kept < 2000, "{} keeps {kept}", browser.name);
        }
    }
}
