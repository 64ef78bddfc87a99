//! The requests of a person to one entity: one is under way, the others wait, and pushes that arrive meanwhile are
//! held so that replies and pushes reach a socket in the order of their versions.

use std::collections::VecDeque;

use crate::message::{Method, Request};
use crate::person::SocketId;
use crate::time::Stamp;

/// The most pushes that are held. Past that they overtake, and the browser asks.
pub const MAX_HELD: usize = 64;

/// The queue of one entity.
#[derive(Default)]
pub struct Queue {
    /// The request under way.
    pub in_flight: Option<Waiting>,
    /// Those behind it; each socket's part is bounded.
    pub waiting: VecDeque<Waiting>,
    /// Pushes that arrived meanwhile.
    pub held: Vec<Held>,
}

impl Queue {
    /// The first of the waiting requests by which `browser` subscribes.
    pub fn next_subscribe(&mut self, browser: &str) -> Option<&mut Waiting> {
        let subscribes =
            |w: &&mut Waiting| w.browser == browser && w.request.method == Method::Subscribe;
        self.waiting.iter_mut().find(subscribes)
    }

    /// Whether `browser` subscribes for the first time, and has no answer yet.
    pub fn is_new_to(&self, browser: &str) -> bool {
        self.in_flight.iter().chain(&self.waiting).any(|w| w.newly && w.browser == browser)
    }
}

/// A request and where its answer goes.
pub struct Waiting {
    /// The socket that it came by.
    pub socket: SocketId,
    /// That socket's browser.
    pub browser: String,
    /// Who acts in the person's name there.
    pub impersonator: Option<String>,
    /// The request.
    pub request: Request,
    /// Whether it is a `subscribe` to what the browser did not want before.
    pub newly: bool,
}

/// A push that is held: as bytes, of which a tree takes many times the memory.
pub struct Held {
    /// The version that it leads to.
    pub version: Stamp,
    /// The delivery, as it came.
    pub delivery: Vec<u8>,
}
