//! The entities that have a store in this tab: their published values and who is called when those change.
//!
//! Nothing here calls a subscriber: the caller takes one call after the other out and makes it while nothing is
//! borrowed, since a subscriber may do anything, also with this very store.

use std::mem::take;

use js_sys::Function;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::schema::Published;
use temporal_entity_core::sorted::Sorted;
use wasm_bindgen::JsValue;

use crate::js_value::Trust;

/// An entity that the hub keeps up to date for this tab.
struct Live {
    shape: &'static Published,
    /// What was published last.
    snapshot: JsValue,
    /// Counts what was published.
    edition: u64,
    /// Whether a user may have written into that, and handed it in.
    written: bool,
    subscribers: Vec<Subscriber>,
    /// Whether a timer runs that will let it go.
    lingers: bool,
    /// Whether it was used since that timer was set.
    used: bool,
}

impl Live {
    fn new(shape: &'static Published) -> Live {
        Live {
            shape,
            snapshot: JsValue::UNDEFINED,
            edition: 0,
            written: false,
            subscribers: Vec::new(),
            lingers: false,
            used: false,
        }
    }
}

struct Subscriber {
    number: u32,
    run: Function,
    /// The edition that it was called with.
    seen: u64,
}

/// All of them.
#[derive(Default)]
pub struct Entities {
    live: Sorted<EntityRef, Live>,
    /// Those with subscribers that have not seen the last edition.
    changed: Vec<EntityRef>,
    subscriptions: u32,
}

/// What to do for an entity that was asked for.
pub struct Held {
    /// It was not live until now: open it at the hub.
    pub opened: bool,
    /// Nobody subscribes: set the timer that lets it go.
    pub lingers: bool,
}

/// What to do with an entity when its timer ran out.
#[derive(PartialEq, Eq)]
pub enum Lapse {
    /// Nothing.
    Stays,
    /// It was used meanwhile: set the timer again.
    Again,
    /// It is gone: close it at the hub.
    Closed,
}

impl Entities {
    /// Makes sure that the entity is live, at least for a while.
    pub fn hold(&mut self, entity: &EntityRef, shape: &'static Published) -> Held {
        let opened = self.live.get(entity).is_none();
        if opened {
            self.live.insert(entity.clone(), Live::new(shape));
        }
        let Some(live) = self.live.get_mut(entity) else {
            return Held { opened, lingers: false };
        };
        live.used = true;
        let lingers = live.subscribers.is_empty() && !live.lingers;
        live.lingers |= lingers;
        Held { opened, lingers }
    }

    /// The timer of an entity ran out.
    pub fn lapse(&mut self, entity: &EntityRef) -> Lapse {
        let Some(live) = self.live.get_mut(entity) else {
            return Lapse::Stays;
        };
        if !live.subscribers.is_empty() {
            live.lingers = false;
            return Lapse::Stays;
        }
        if take(&mut live.used) {
            return Lapse::Again;
        }
        self.live.remove(entity);
        Lapse::Closed
    }

    /// Adds a subscriber, which is about to be called with what is published now; its number.
    pub fn subscribe(&mut self, entity: &EntityRef, run: Function) -> u32 {
        self.subscriptions = self.subscriptions.wrapping_add(1);
        let number = self.subscriptions;
        if let Some(live) = self.live.get_mut(entity) {
            live.subscribers.push(Subscriber { number, run, seen: live.edition });
        }
        number
    }

    /// Removes a subscriber; whether it was the last one.
    pub fn unsubscribe(&mut self, entity: &EntityRef, number: u32) -> bool {
        let Some(live) = self.live.get_mut(entity) else {
            return false;
        };
        let before = live.subscribers.len();
        live.subscribers.retain(|subscriber| subscriber.number != number);
        before > 0 && live.subscribers.is_empty()
    }

    /// What was published last, `undefined` if nothing was.
    pub fn snapshot(&self, entity: &EntityRef) -> JsValue {
        self.live.get(entity).map(|live| live.snapshot.clone()).unwrap_or_default()
    }

    /// The shape of an entity that is live.
    pub fn shape(&self, entity: &EntityRef) -> Option<&'static Published> {
        self.live.get(entity).map(|live| live.shape)
    }

    /// Notes that the user changes the value, perhaps by writing into what was published and handing that in, as
    /// Svelte's `$card.labels.push("new")` does.
    pub fn written(&mut self, entity: &EntityRef) {
        if let Some(live) = self.live.get_mut(entity) {
            live.written = true;
        }
    }

    /// Whether what was published is as it was, which one that is published next will be.
    pub fn trust(&mut self, entity: &EntityRef) -> Trust {
        let written = self.live.get_mut(entity).is_some_and(|live| take(&mut live.written));
        if written { Trust::Written } else { Trust::Shown }
    }

    /// Publishes a value; its subscribers are to be called.
    pub fn publish(&mut self, entity: &EntityRef, snapshot: JsValue) {
        if let Some(live) = self.live.get_mut(entity) {
            live.snapshot = snapshot;
            live.edition = live.edition.wrapping_add(1);
            if !live.subscribers.is_empty() && !self.changed.contains(entity) {
                self.changed.push(entity.clone());
            }
        }
    }

    /// The next call that is due: whom, and with what. A subscriber that is behind by several editions is called
    /// once, with the last one; one that left meanwhile is not called.
    pub fn next_call(&mut self) -> Option<(Function, JsValue)> {
        while let Some(entity) = self.changed.first() {
            if let Some(live) = self.live.get_mut(entity) {
                let edition = live.edition;
                let behind = live.subscribers.iter_mut().find(|one| one.seen != edition);
                if let Some(subscriber) = behind {
                    subscriber.seen = edition;
                    return Some((subscriber.run.clone(), live.snapshot.clone()));
                }
            }
            self.changed.remove(0);
        }
        None
    }
}
