//! The hub's connection: when to open the socket, and how long to wait after it failed.

use crate::time::Stamp;

/// First wait after a connection was lost, in microseconds.
const FIRST_WAIT: u64 = 200_000;

/// Longest wait, in microseconds.
const LONGEST_WAIT: u64 = 15_000_000;

/// The close code of a socket whose session is over: connecting again is of no use until somebody logs in.
const CLOSE_SESSION_OVER: u16 = 4401;

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
    /// A socket was asked for, or is open but the first frame has not come.
    Opening,
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
    pub fn want(&mut self) -> bool {
        match self.state {
            LinkState::Off | LinkState::Waiting(_) => {
                self.state = LinkState::Opening;
                true
            }
            LinkState::Opening | LinkState::Ready => false,
        }
    }

    /// The time for another try has come; whether a socket has to be opened.
    pub fn is_due(&mut self, now: Stamp) -> bool {
        matches!(self.state, LinkState::Waiting(at) if at <= now) && self.want()
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
        let doubled = FIRST_WAIT.saturating_mul(1_u64.checked_shl(self.failures).unwrap_or(0));
        let longest = if doubled == 0 { LONGEST_WAIT } else { doubled.min(LONGEST_WAIT) };
        self.failures = self.failures.saturating_add(1).min(32);
        // Between half of the wait and all of it, so that browsers cut off together do not come back together.
        let half = longest / 2;
        let wait = half.saturating_add(self.next_random().checked_rem(half).unwrap_or(0));
        self.state = LinkState::Waiting(now.plus(wait));
    }

    /// When to try again, if it is time that is waited for.
    pub fn deadline(&self) -> Option<Stamp> {
        match self.state {
            LinkState::Waiting(at) => Some(at),
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
