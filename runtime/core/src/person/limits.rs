//! The bounds on what one person's browsers may ask for, and on what may wait for them to read it.

use crate::codec::MAX_MESSAGE_BYTES;
use crate::message::{Downstream, Reason, Reply};
use crate::pace::Rate;
use crate::person::{PersonEffect, PersonMachine, SocketId};

/// The close code of a socket whose browser does not read what it is sent.
const CLOSE_UNREAD: u16 = 4408;

/// Bounds on what a Person does for its browsers.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// The largest message, in bytes.
    pub message_bytes: usize,
    /// Requests of a browser in a second, in the long run. Of those that it saved up it can send as many at once as
    /// it takes to resume all the subscriptions that a browser can have.
    pub requests_per_second: u32,
    /// Requests of all browsers of the person in a second, in the long run. It is never less than that of one browser.
    pub person_requests_per_second: u32,
    /// Bytes that all browsers of the person send in a second, in the long run.
    pub bytes_per_second: usize,
    /// The bytes that may wait for a socket to be read. All sockets of a person share four times as many.
    pub unread_bytes: usize,
    /// The subscriptions of all browsers of the person, those included that are not connected.
    pub subscriptions: usize,
    /// Entities that the person may create in an hour.
    pub new_entities_per_hour: u32,
}

impl Default for SocketLimits {
    fn default() -> SocketLimits {
        SocketLimits {
            message_bytes: MAX_MESSAGE_BYTES,
            requests_per_second: 100,
            person_requests_per_second: 300,
            bytes_per_second: 4 << 20,
            unread_bytes: 8 << 20,
            subscriptions: 5_000,
            new_entities_per_hour: 1_000,
        }
    }
}

impl SocketLimits {
    /// The pace of one browser. The burst is what a browser resumes with, and some more.
    pub(super) fn of_a_browser(&self) -> Rate {
        Rate { per_second: self.requests_per_second.into(), burst: 1_200 }
    }

    /// The pace of all browsers of the person: three of them resume at once.
    pub(super) fn of_the_person(&self) -> Rate {
        let per_second = self.person_requests_per_second.max(self.requests_per_second);
        Rate { per_second: per_second.into(), burst: 3_600 }
    }

    /// The pace of the bytes: those of eight seconds at once, and at least four of the largest messages.
    pub(super) fn of_the_bytes(&self) -> Rate {
        let bytes = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let per_second = bytes(self.bytes_per_second);
        let messages = bytes(self.message_bytes).saturating_mul(4);
        Rate { per_second, burst: messages.max(per_second.saturating_mul(8)) }
    }
}

/// A refusal that passes by itself.
pub(super) fn too_many(why: impl Into<String>) -> Reply {
    Reply::refusal(429, Reason::TooMany, why)
}

/// Bytes that were sent and are not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Those of one socket.
    pub here: usize,
    /// Those of all sockets of the person, closed ones included that the platform still holds bytes for.
    pub of_all: usize,
}

/// How many sockets' worth of unread bytes all sockets of a person share.
const SHARED_BY: usize = 4;

impl PersonMachine {
    /// How many bytes may wait for all sockets together to be read. What is sent last may exceed it.
    pub fn unread_room(&self) -> usize {
        self.limits.unread_bytes.saturating_mul(SHARED_BY)
    }

    /// How many bytes may wait for one socket to be read.
    pub fn unread_bound(&self) -> usize {
        let sockets = self.sockets.len().max(SHARED_BY);
        self.unread_room().checked_div(sockets).unwrap_or(0)
    }

    /// Returns what is sent in place of a frame before which so many bytes wait to be read: mostly the frame.
    /// It is the answer to the request `answers`, if it is an answer.
    ///
    /// A browser that asks faster than it reads is told to ask again. A browser that does not read is let go, and has
    /// what it missed when it comes back with the versions that it holds. While all sockets together have more than
    /// their room, a frame that exceeds the share of its socket counts as not read either.
    pub fn unread(
        &mut self,
        socket: SocketId,
        unread: Unread,
        bytes: Vec<u8>,
        answers: Option<u64>,
    ) -> Option<Vec<u8>> {
        const RETRY_AFTER: u64 = 1_000_000;
        const SMALL: usize = 1 << 10;
        let bound = self.unread_bound();
        let no_room = unread.of_all > self.unread_room()
            && bytes.len() > SMALL
            && unread.here.saturating_add(bytes.len()) > bound;
        if unread.here <= bound && !no_room {
            return Some(bytes);
        }
        if let Some(id) = answers
            && unread.here <= bound.saturating_mul(2)
        {
            if bytes.len() <= SMALL {
                return Some(bytes);
            }
            let refusal = Reply {
                id: Some(id),
                retry_after: Some(RETRY_AFTER),
                ..too_many("what was sent before is not read yet: repeat with the same id")
            };
            return Downstream::Reply(refusal).encode().ok();
        }
        if self.sockets.remove(&socket).is_some() {
            let reason = "what was sent is not read: connect again";
            self.effects.push_back(PersonEffect::Close { socket, code: CLOSE_UNREAD, reason });
        }
        None
    }
}
