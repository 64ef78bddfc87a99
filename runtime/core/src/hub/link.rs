//! The hub's connection: when to open the socket, and how long to wait after it failed.

use crate::time::Stamp;

/// First wait after a connection was lost, in microseconds.
const FIRST_WAIT: u64 = 200_000;

/// How long a socket may take to open, its first frame included, in microseconds.
const OPEN_WITHIN: u64 = 20_000_000;

/// Longest wait, in microseconds.
const LONGEST_WAIT: u64 = 15_000_000;

/// Failures in a row after which the wait is the longest.
const MANY: u32 = 32;

/// The close code of a socket whose session is over: connecting again is of no use until somebody logs in.
pub const CLOSE_SESSION_OVER: u16 = 4401;

/// The close code of a socket whose browser opened another one: two hubs of one browser, of which one is about to go.
/// They must not take turns.
const CLOSE_REPLACED: u16 = 4409;

/// State of the connection.
#[derive(Debug)]
pub struct Link {
    state: LinkState,
    failures: u32,
    random: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkState {
    /// No socket, and none wanted: nobody is here yet, or the session is over.
    Off,
    /// Waiting to try again.
    Waiting(Stamp),
    /// A socket was asked for, or is open but the first frame has not come; it is waited for until then.
    Opening(Stamp),
    /// The server said who is logged in: requests can go out.
    Ready,
}

impl Link {
    /// No connection; `seed` spreads the waits of many browsers.
    pub fn new(seed: u64) -> Link {
        Link { state: LinkState::Off, failures: 0, random: seed | 1 }
    }

    /// Whether requests can go out.
    pub fn is_ready(&self) -> bool {
        self.state == LinkState::Ready
    }

    /// A connection is wanted now; whether a socket has to be opened.
    pub fn want(&mut self, now: Stamp) -> bool {
        match self.state {
            LinkState::Off | LinkState::Waiting(_) => {
                self.state = LinkState::Opening(now.plus(OPEN_WITHIN));
                true
            }
            LinkState::Opening(_) | LinkState::Ready => false,
        }
    }

    /// The time for another try has come; whether a socket has to be opened.
    pub fn is_due(&mut self, now: Stamp) -> bool {
        if matches!(self.state, LinkState::Opening(until) if until <= now) {
            // Nobody said anything: it is given up.
            self.state = LinkState::Waiting(now);
        }
        matches!(self.state, LinkState::Waiting(at) if at <= now) && self.want(now)
    }

    /// The first frame came.
    pub fn ready(&mut self) {
        self.state = LinkState::Ready;
        self.failures = 0;
    }

    /// The socket closed, or could not be opened.
    pub fn lost(&mut self, now: Stamp, code: u16) {
        if code == CLOSE_SESSION_OVER {
            self.state = LinkState::Off;
            return;
        }
        if code == CLOSE_REPLACED {
            self.failures = MANY;
        }
        let doubled = FIRST_WAIT.saturating_mul(1_u64.checked_shl(self.failures).unwrap_or(0));
        let longest = if doubled == 0 { LONGEST_WAIT } else { doubled.min(LONGEST_WAIT) };
        self.failures = self.failures.saturating_add(1).min(MANY);
        // Between half of the wait and all of it, so that browsers cut off together do not come back together.
        let half = longest / 2;
        let wait = half.saturating_add(self.next_random().checked_rem(half).unwrap_or(0));
        self.state = LinkState::Waiting(now.plus(wait));
    }

    /// Whether another try is put off.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, LinkState::Waiting(_))
    }

    /// When to try again, if it is time that is waited for.
    pub fn deadline(&self) -> Option<Stamp> {
        match self.state {
            LinkState::Waiting(at) | LinkState::Opening(at) => Some(at),
            _ => None,
        }
    }

    /// Xorshift (Marsaglia, 2003): spread is all that is asked of it.
    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}
