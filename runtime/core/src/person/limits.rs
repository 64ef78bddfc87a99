//! What one socket may ask for, and what may wait for it to be read.

use crate::codec::MAX_MESSAGE_BYTES;
use crate::message::{Downstream, Reason, Reply};
use crate::person::{PersonEffect, PersonMachine, SocketId};
use crate::time::Stamp;

/// The close code of a socket whose browser does not read what it is sent.
const CLOSE_UNREAD: u16 = 4408;

/// Bounds on what a Person does for a browser.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// The largest message, in bytes.
    pub message_bytes: usize,
    /// Requests of a socket in a second, in the long run. Of those that it saved up it can send as many at once as
    /// it takes to resume all the subscriptions that a browser can have.
    pub requests_per_second: u32,
    /// The bytes that may wait for a socket to be read. All sockets of a person share four times as many.
    pub unread_bytes: usize,
}

impl Default for SocketLimits {
    fn default() -> SocketLimits {
        SocketLimits {
            message_bytes: MAX_MESSAGE_BYTES,
            requests_per_second: 100,
            unread_bytes: 8 << 20,
        }
    }
}

/// Requests that a socket can send at once after it was quiet: what a browser resumes with, and some more.
const BURST: u64 = 1_200;

/// The longest wait that a refusal asks for, in microseconds.
const LONGEST_WAIT: u64 = 16_000_000;

/// How fast a socket sends, in two instants. In memory alone: after hibernation it begins anew, and only who is
/// quiet for a while hibernates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When as many requests as were sent would have been sent at the pace that is allowed.
    due: Stamp,
    /// Up to when the requests that were refused have been promised a place.
    promised: Stamp,
}

impl Pace {
    /// Takes one request more.
    ///
    /// # Errors
    /// If that is too many: how long to wait, in microseconds. Each of several is told to wait longer than the one
    /// before, so that they do not come back all at once.
    pub fn take(&mut self, now: Stamp, per_second: u32) -> Result<(), u64> {
        let interval = 1_000_000_u64.checked_div(per_second.into()).unwrap_or(0).max(1);
        let due = self.due.max(now).plus(interval);
        let ahead = due.since(now).saturating_sub(interval.saturating_mul(BURST));
        if ahead == 0 {
            self.due = due;
            return Ok(());
        }
        let latest = now.plus(LONGEST_WAIT);
        self.promised = self.promised.max(now.plus(ahead)).plus(interval).min(latest);
        Err(self.promised.since(now))
    }
}

/// A refusal that passes by itself.
pub(super) fn too_many(why: impl Into<String>) -> Reply {
    Reply::refusal(429, Reason::TooMany, why)
}

impl PersonMachine {
    /// How many bytes may wait for one socket to be read.
    pub fn unread_bound(&self) -> usize {
        const SHARED_BY: usize = 4;
        let sockets = self.sockets.len().max(SHARED_BY);
        let all = self.limits.unread_bytes.saturating_mul(SHARED_BY);
        all.checked_div(sockets).unwrap_or(0)
    }

    /// What is sent in place of a frame before which so many bytes of the socket wait to be read: mostly the frame.
    /// It is the answer to the request `answers`, if it is an answer.
    ///
    /// Whoever asks faster than it reads is told to ask again. Whoever does not read is let go, and has what it
    /// missed when it comes back with the versions that it holds.
    pub fn unread(
        &mut self,
        socket: SocketId,
        waiting: usize,
        bytes: Vec<u8>,
        answers: Option<u64>,
    ) -> Option<Vec<u8>> {
        const RETRY_AFTER: u64 = 1_000_000;
        const SMALL: usize = 1 << 10;
        let bound = self.unread_bound();
        if waiting <= bound {
            return Some(bytes);
        }
        if let Some(id) = answers
            && waiting <= bound.saturating_mul(2)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: u64) -> Stamp {
        Stamp::from_micros(1_800_000_000_000_000).unwrap().plus(micros)
    }

    #[test]
    fn a_burst_passes_and_then_the_pace_holds() {
        let mut pace = Pace::default();
        for _ in 0..BURST {
            assert_eq!(pace.take(at(0), 100), Ok(()));
        }
        // Each that is refused has a place of its own, and finds it free when it comes back.
        assert_eq!(pace.take(at(0), 100), Err(20_000));
        assert_eq!(pace.take(at(0), 100), Err(30_000));
        assert_eq!(pace.take(at(20_000), 100), Ok(()));
        assert_eq!(pace.take(at(30_000), 100), Ok(()));
        let passed = (0..1_000).filter(|n| pace.take(at(1_000_000 + n * 1_000), 100).is_ok());
        let passed = passed.count();
        assert!((190..=200).contains(&passed), "{passed}");
    }

    #[test]
    fn no_wait_is_longer_than_the_longest_and_the_clock_may_be_set_back() {
        let mut pace = Pace::default();
        let waits: Vec<_> = (0..10_000).filter_map(|_| pace.take(at(0), 100).err()).collect();
        assert_eq!(waits.last(), Some(&LONGEST_WAIT));
        assert!(pace.take(Stamp::default(), 100).is_err_and(|wait| wait <= LONGEST_WAIT));
        assert_eq!(Pace::default().take(at(0), 0), Ok(()));
    }
}
