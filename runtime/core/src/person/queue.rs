//! The requests of a person to one entity: one call is under way, what comes meanwhile waits and goes together in the
//! next one, and pushes that arrive are held so that replies and pushes reach a socket in the order of their versions.

use std::collections::VecDeque;

use crate::codec::CodecError;
use crate::message::Method;
use crate::message::batch::{self, MAX_BATCH, MAX_BATCH_BYTES};
use crate::person::SocketId;
use crate::time::Stamp;

/// The most pushes that are held. Past that they overtake, and the browser asks.
pub const MAX_HELD: usize = 64;

/// The queue of one entity.
#[derive(Default)]
pub struct Queue {
    /// The requests of the call under way that have no answer yet.
    pub in_flight: VecDeque<Waiting>,
    /// Those behind them; each browser's part is bounded.
    pub waiting: VecDeque<Waiting>,
    /// Pushes that arrived meanwhile.
    pub held: Vec<Held>,
}

impl Queue {
    /// Takes what goes in the next call; its body. `None` if nothing waits.
    pub fn next_call(&mut self) -> Option<Result<Vec<u8>, CodecError>> {
        let mut bytes = 0_usize;
        while let Some(next) = self.waiting.front() {
            bytes = bytes.saturating_add(next.envelope.len());
            let is_full = self.in_flight.len() >= MAX_BATCH || bytes > MAX_BATCH_BYTES;
            if is_full && !self.in_flight.is_empty() {
                break;
            }
            let alone = next.spared == Spared::Alone;
            self.in_flight.extend(self.waiting.pop_front());
            if alone {
                break;
            }
        }
        let body = match self.in_flight.make_contiguous() {
            [] => return None,
            // It may be large, and is certain to be answered.
            [only] => Ok(std::mem::take(&mut only.envelope)),
            several => batch::join(several.iter().map(|asked| asked.envelope.clone()).collect()),
        };
        Some(body)
    }

    /// What a call left without an answer waits again, before all others.
    pub fn put_back(&mut self) {
        while let Some(left) = self.in_flight.pop_back() {
            self.waiting.push_front(left);
        }
    }

    /// Whether a call that nobody answered is to be made again with each of its requests alone: then they wait again. One
    /// of them may be what ended the object, and their ids make it safe. The first that fails alone is the guilty one,
    /// or the object cannot be reached: so those behind it go together again, and that is the last try of theirs.
    pub fn spare(&mut self) -> bool {
        let fresh = self.in_flight.iter().all(|asked| asked.spared == Spared::No);
        if fresh && self.in_flight.len() > 1 {
            self.in_flight.iter_mut().for_each(|asked| asked.spared = Spared::Alone);
            self.put_back();
            return true;
        }
        self.waiting
            .iter_mut()
            .filter(|w| w.spared == Spared::Alone)
            .for_each(|w| w.spared = Spared::Done);
        false
    }

    /// The first of the requests without an answer by which `browser` subscribes.
    pub fn next_subscribe(&mut self, browser: &str) -> Option<&mut Waiting> {
        let subscribes = |w: &&mut Waiting| w.browser == browser && w.method == Method::Subscribe;
        self.in_flight.iter_mut().chain(&mut self.waiting).find(subscribes)
    }

    /// Whether `browser` subscribes for the first time, and has no answer yet.
    pub fn is_new_to(&self, browser: &str) -> bool {
        self.in_flight.iter().chain(&self.waiting).any(|w| w.newly && w.browser == browser)
    }
}

/// Whether a request is kept from what others do with which it went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    /// It goes with others.
    No,
    /// It went with others, was not answered, and goes alone now.
    Alone,
    /// It goes with others for the last time.
    Done,
}

/// A request and where its answer goes.
pub struct Waiting {
    /// The socket that it came by.
    pub socket: SocketId,
    /// That socket's browser.
    pub browser: String,
    /// The request's id.
    pub id: u64,
    /// What it asks.
    pub method: Method,
    /// The request with its sender, as bytes, of which a tree takes many times the memory.
    pub envelope: Vec<u8>,
    /// How many these are, also when they are on their way.
    pub bytes: usize,
    /// The version that its sender holds, where it says so.
    pub holds: Option<Stamp>,
    /// Whether it asks for something else than the present version.
    pub of_the_past: bool,
    /// Whether it is a `subscribe` to what the browser did not want before.
    pub newly: bool,
    /// Whether it goes alone, after a call that failed.
    pub spared: Spared,
}

/// A push that is held: as bytes, too.
pub struct Held {
    /// The version that it leads to.
    pub version: Stamp,
    /// The delivery, as it came.
    pub delivery: Vec<u8>,
}
