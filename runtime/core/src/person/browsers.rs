//! The browsers of a person: which are connected, which were a moment ago, and how long the interests of the others last.

use std::collections::BTreeMap;

use crate::message::Downstream;
use crate::pace::{LONGEST_WAIT, TooFast};
use crate::person::{CLOSE_REPLACED, GRACE, PersonEffect, PersonMachine, Socket, SocketId};
use crate::time::Stamp;

/// The most browsers whose interests are kept. It is more than a person can have connected.
pub const MAX_BROWSERS: usize = 500;

/// The most browsers that are waited for.
const MAX_LEFT: usize = 512;

/// How many days the interests of a browser outlive its last connection: as long as a session lasts. A browser that is
/// gone for longer has to log in, and subscribes anew.
pub const INTEREST_DAYS: u32 = 7;

const DAY: u64 = 24 * 3_600_000_000;

fn day_of(now: Stamp) -> u32 {
    u32::try_from(now.micros().checked_div(DAY).unwrap_or(0)).unwrap_or(u32::MAX)
}

/// When a browser was connected last.
struct Seen {
    /// The day that is stored.
    day: u32,
    /// The instant, as far as the machine remembers it.
    at: Stamp,
}

/// When the browsers that have interests were connected last.
#[derive(Default)]
pub(super) struct SeenBrowsers {
    all: BTreeMap<String, Seen>,
    /// The day on which those that were gone for too long were forgotten.
    swept: u32,
}

impl PersonMachine {
    /// Takes over the days on which browsers were connected last, after the sockets that are open were named with
    /// [`PersonMachine::woke`]. A browser that has interests and no day begins now: a release before this one kept none.
    pub fn seen(&mut self, now: Stamp, days: Vec<(String, u32)>) {
        self.now = now;
        for (browser, day) in days {
            let at = Stamp::default().plus(u64::from(day).saturating_mul(DAY));
            self.seen.all.insert(browser, Seen { day, at });
        }
        let known = &self.seen.all;
        let unknown = self.interests.all_browsers().filter(|browser| !known.contains_key(*browser));
        for browser in unknown.cloned().collect::<Vec<_>>() {
            self.note_seen(now, &browser);
        }
        self.sweep(now);
        while self.interests.total() > self.limits.subscriptions && self.forget_oldest() {}
        while self.seen.all.len() > MAX_BROWSERS && self.forget_oldest() {}
    }

    /// Counts a connection that is about to be opened as a request of the person.
    ///
    /// # Errors
    /// If the person is too fast, with the microseconds to wait.
    pub fn admit(&mut self, now: Stamp) -> Result<(), u64> {
        self.pace.take(now, self.limits.of_the_person(), 1).map_err(|refused| match refused {
            TooFast::Wait(wait) => wait,
            TooFast::Flood => LONGEST_WAIT,
        })
    }

    /// A browser connected, of somebody who acts in the person's name if an `impersonator` is named. An older socket of
    /// the same browser is closed: it is dead, only nobody noticed.
    pub fn opened(
        &mut self,
        now: Stamp,
        socket: SocketId,
        browser: &str,
        impersonator: Option<&str>,
    ) {
        self.now = now;
        let older: Vec<_> =
            self.sockets.iter().filter(|(_, s)| s.browser == browser).map(|(id, _)| *id).collect();
        for socket in older {
            self.sockets.remove(&socket);
            let (code, reason) = (CLOSE_REPLACED, "the browser opened a newer connection");
            self.effects.push_back(PersonEffect::Close { socket, code, reason });
        }
        self.woke(socket, browser, impersonator);
        if self.interests.count(browser) > 0 {
            self.note_seen(now, browser);
        }
        self.sweep(now);
        self.send(socket, &Downstream::Welcome { person: self.person.clone() });
    }

    /// A socket was found again after hibernation.
    pub fn woke(&mut self, socket: SocketId, browser: &str, impersonator: Option<&str>) {
        let (browser, impersonator) = (browser.to_owned(), impersonator.map(str::to_owned));
        self.sockets.insert(socket, Socket { browser, impersonator, malformed: 0 });
    }

    /// A socket is gone. What its browser wants is kept: it will be back, and a delivery that finds nobody after a
    /// while says so.
    pub fn closed(&mut self, now: Stamp, socket: SocketId) {
        let Some(gone) = self.sockets.remove(&socket) else { return };
        if let Some(seen) = self.seen.all.get_mut(&gone.browser) {
            seen.at = seen.at.max(now);
        }
        self.left.retain(|_, left| now.since(*left) < GRACE);
        self.left.insert(gone.browser, now);
        while self.left.len() > MAX_LEFT {
            let first = self.left.iter().min_by_key(|(_, left)| **left);
            let Some(first) = first.map(|(browser, _)| browser.clone()) else { return };
            self.left.remove(&first);
        }
    }

    /// Notes that a browser that has interests is connected today: a row a day.
    pub(super) fn note_seen(&mut self, now: Stamp, browser: &str) {
        let today = day_of(now);
        match self.seen.all.get_mut(browser) {
            Some(seen) if seen.day >= today => seen.at = seen.at.max(now),
            Some(seen) => {
                *seen = Seen { day: today, at: now };
                self.keep_seen(browser, today);
            }
            None => {
                while self.seen.all.len() >= MAX_BROWSERS && self.forget_oldest() {}
                self.seen.all.insert(browser.to_owned(), Seen { day: today, at: now });
                self.keep_seen(browser, today);
            }
        }
    }

    fn keep_seen(&mut self, browser: &str, day: u32) {
        self.effects.push_back(PersonEffect::Seen { browser: browser.to_owned(), day });
    }

    /// Once a day: ends the interests of browsers that have not been connected for too long.
    fn sweep(&mut self, now: Stamp) {
        let today = day_of(now);
        if self.seen.swept >= today {
            return;
        }
        self.seen.swept = today;
        let is_old = |seen: &Seen| seen.day.saturating_add(INTEREST_DAYS) < today;
        let old = self.seen.all.iter().filter(|(_, seen)| is_old(seen));
        for browser in old.map(|(browser, _)| browser.clone()).collect::<Vec<_>>() {
            if !self.is_connected(&browser) {
                self.forget_browser(&browser);
            }
        }
    }

    /// Ends the interests of the browser that was connected least recently, of those that are not connected now.
    /// Returns whether there was one.
    pub(super) fn forget_oldest(&mut self) -> bool {
        let gone = self.seen.all.iter().filter(|(browser, _)| !self.is_connected(browser));
        let oldest = gone.min_by_key(|(_, seen)| (seen.day, seen.at));
        let Some(browser) = oldest.map(|(browser, _)| browser.clone()) else { return false };
        self.forget_browser(&browser);
        true
    }

    fn forget_browser(&mut self, browser: &str) {
        self.seen.all.remove(browser);
        self.interests.remove_browser(browser);
        self.effects.push_back(PersonEffect::ForgetBrowser { browser: browser.to_owned() });
    }

    fn is_connected(&self, browser: &str) -> bool {
        self.sockets.values().any(|socket| socket.browser == browser)
    }

    /// How many interests are kept, for tests.
    #[doc(hidden)]
    pub fn interests_len(&self) -> usize {
        self.interests.total()
    }
}
