//! The gate of an entity's direct lines: who may open one, how fast a person may ask on them, and how much may wait unread.
//!
//! A gate outlives the machine of its entity, which is dropped to make room, and is made anew after hibernation from what
//! the sockets have in their attachments. No row is written for a line.

use std::collections::BTreeMap;

use crate::codec::find_id;
use crate::message::{Downstream, Reason, Reply};
use crate::object::LineId;
use crate::pace::{LONGEST_WAIT, Pace, Rate, TooFast};
use crate::steps;
use crate::time::Stamp;

/// How long a ticket is good: a browser uses it at once.
pub const TICKET_SECONDS: u64 = 30;

/// A ticket that was issued so long before the object woke, in microseconds, or longer, may have been used before: which
/// ones were is forgotten. An object that was busy when such a ticket was used does not lose its memory so soon.
const BEFORE_WAKING: u64 = 5_000_000;

/// The largest frame that a line takes. A `subscribe` has less.
const MAX_FRAME: usize = 4 << 10;

/// The bytes that all lines of an entity may have waiting to be read, each its part, but at least [`LEAST_UNREAD`].
const MOST_UNREAD: usize = 32 << 20;

/// What may wait for a browser that reads, and whose network is slow for a moment.
const LEAST_UNREAD: usize = 16 << 10;

/// The bytes that the lines of one person may have waiting to be read. The answer that is sent last may exceed it.
const PERSON_UNREAD: usize = 8 << 20;

/// An answer of at most so many bytes is sent while others are not read.
const SMALL: usize = 1 << 10;

/// How long a reader waits that was not sent its answer, in microseconds.
const RETRY_AFTER: u64 = 1_000_000;

/// How fast the browsers of one person open lines to one entity.
const OPENS: Rate = Rate { per_second: 1, burst: 32 };

/// The requests that a person can send at once on its lines to one entity.
const BURST: u64 = 100;

const CLOSE_UNREAD: u16 = 4408;
const CLOSE_FLOOD: u16 = 4429;

/// Bounds on the lines of one person to one entity.
#[derive(Clone, Copy, Debug)]
pub struct LineLimits {
    /// How many browsers of a person can have a line.
    pub per_person: usize,
    /// Requests of a person in a second, on all its lines to the entity.
    pub requests_per_second: u32,
}

impl Default for LineLimits {
    fn default() -> LineLimits {
        LineLimits { per_person: 16, requests_per_second: 100 }
    }
}

/// Why a line is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRefused {
    /// The ticket was used, or may have been.
    Used,
    /// As many browsers of the person as may have one have a line.
    TooMany,
    /// The person opens lines too fast.
    TooFast,
}

/// What becomes of a frame that comes on a line, or of the answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// It goes on.
    Passes,
    /// The line is sent this refusal in its place.
    Instead(Vec<u8>),
    /// The line is closed with this code and sentence.
    Close(u16, &'static str),
}

/// Bytes that were sent on lines and are not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineUnread {
    /// Those of all lines of a person, closed ones included that the platform still holds bytes for.
    pub of_person: usize,
    /// The same of all lines of the entity.
    pub of_all: usize,
}

/// The lines of one person.
#[derive(Default)]
struct PersonLines {
    /// The line of each browser.
    browsers: BTreeMap<String, LineId>,
    /// When the last ticket was issued that each browser has used.
    used: BTreeMap<String, Stamp>,
    opens: Pace,
    requests: Pace,
}

impl PersonLines {
    /// Whether nothing is known of the person that a new one has not.
    fn is_blank(&self, now: Stamp) -> bool {
        let rested = self.opens.is_rested(now) && self.requests.is_rested(now);
        rested && self.browsers.is_empty() && self.used.values().all(|issued| is_over(*issued, now))
    }
}

fn is_over(issued: Stamp, now: Stamp) -> bool {
    // Twice, for the clocks of two machines differ.
    now.since(issued) > 2 * TICKET_SECONDS * 1_000_000
}

/// The gate of one entity's lines.
pub struct LineGate {
    limits: LineLimits,
    /// Since when it is remembered which tickets were used.
    since: Stamp,
    persons: BTreeMap<String, PersonLines>,
    /// Person and browser of each line.
    lines: BTreeMap<LineId, (String, String)>,
}

impl LineGate {
    /// The gate of an object that woke now.
    pub fn new(now: Stamp, limits: LineLimits) -> LineGate {
        LineGate { limits, since: now, persons: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// A line was found again after waking; its ticket was issued then.
    pub fn woke(&mut self, line: LineId, person: &str, browser: &str, issued: Option<Stamp>) {
        let lines = self.persons.entry(person.to_owned()).or_default();
        lines.browsers.insert(browser.to_owned(), line);
        if let Some(issued) = issued {
            let used = lines.used.entry(browser.to_owned()).or_default();
            *used = issued.max(*used);
        }
        self.lines.insert(line, (person.to_owned(), browser.to_owned()));
    }

    /// Admits a line with a ticket that was issued at that instant, and uses the ticket up. Returns the line that the
    /// browser had before, which is to be closed.
    ///
    /// # Errors
    /// If the ticket was used, or the person has or opens too many.
    pub fn open(
        &mut self,
        now: Stamp,
        line: LineId,
        (person, browser): (&str, &str),
        issued: Stamp,
    ) -> Result<Option<LineId>, LineRefused> {
        steps::count(1);
        if self.persons.len() > self.lines.len().saturating_mul(2).saturating_add(64) {
            self.persons.retain(|_, lines| !lines.is_blank(now));
        }
        let lines = self.persons.entry(person.to_owned()).or_default();
        lines.opens.take(now, OPENS, 1).map_err(|_| LineRefused::TooFast)?;
        lines.used.retain(|_, issued| !is_over(*issued, now));
        let is_known = issued.plus(BEFORE_WAKING) >= self.since;
        if !is_known || lines.used.get(browser).is_some_and(|used| *used >= issued) {
            return Err(LineRefused::Used);
        }
        let before = lines.browsers.get(browser).copied();
        if before.is_none() && lines.browsers.len() >= self.limits.per_person {
            return Err(LineRefused::TooMany);
        }
        if let Some(before) = before {
            self.lines.remove(&before);
        }
        self.woke(line, person, browser, Some(issued));
        Ok(before)
    }

    /// A line is gone.
    pub fn closed(&mut self, line: LineId) {
        steps::count(1);
        let Some((person, browser)) = self.lines.remove(&line) else { return };
        // What is known of its person ends when the next line is opened and it is rested.
        if let Some(lines) = self.persons.get_mut(&person)
            && lines.browsers.get(&browser) == Some(&line)
        {
            lines.browsers.remove(&browser);
        }
    }

    /// A frame came on a line: whether it is in the pace of its person. Nothing but the `id` of one that is not is read.
    pub fn frame(&mut self, now: Stamp, line: LineId, frame: &[u8]) -> LineOutcome {
        steps::count(1);
        let person = self.lines.get(&line).and_then(|(person, _)| self.persons.get_mut(person));
        let Some(lines) = person else { return LineOutcome::Passes };
        let rate = Rate { per_second: self.limits.requests_per_second.into(), burst: BURST };
        let refusal = match lines.requests.take(now, rate, 1) {
            Ok(()) if frame.len() <= MAX_FRAME => return LineOutcome::Passes,
            Ok(()) => {
                let sentence = format!("a direct line takes frames of up to {MAX_FRAME} bytes");
                Reply::refusal(413, Reason::TooLarge, sentence)
            }
            Err(TooFast::Wait(wait)) => too_many("the person asks too fast here", wait),
            Err(TooFast::Flood) => {
                return LineOutcome::Close(CLOSE_FLOOD, "it sends on where it is told to wait");
            }
        };
        instead(Reply { id: find_id(frame), ..refusal })
    }

    /// How many bytes may wait for one line to be read.
    pub fn unread_bound(&self) -> usize {
        MOST_UNREAD.checked_div(self.lines.len()).unwrap_or(0).clamp(LEAST_UNREAD, MOST_UNREAD)
    }

    /// How many bytes may wait for all lines together to be read, before an answer that is not small.
    pub fn unread_room(&self) -> usize {
        MOST_UNREAD
    }

    /// Whether a request is answered on a line on which so many bytes wait to be read. It is asked before the answer is
    /// made, which may be large.
    pub fn request(&self, id: u64, here: usize) -> LineOutcome {
        let bound = self.unread_bound();
        if here <= bound {
            LineOutcome::Passes
        } else if here <= bound.saturating_mul(2) {
            let refusal = too_many("what was sent before is not read yet", RETRY_AFTER);
            instead(Reply { id: Some(id), ..refusal })
        } else {
            LineOutcome::Close(CLOSE_UNREAD, "what was sent is not read")
        }
    }

    /// Whether an answer of so many bytes is sent. A line for which there is no room is closed: its browser subscribes
    /// through its Person, and does not have the same answer made again here.
    pub fn answer(&self, bytes: usize, unread: LineUnread) -> LineOutcome {
        let no_room = unread.of_person > PERSON_UNREAD || unread.of_all > MOST_UNREAD;
        if bytes > SMALL && no_room {
            let reason = "too much is not read here: subscribe through your Person";
            return LineOutcome::Close(CLOSE_UNREAD, reason);
        }
        LineOutcome::Passes
    }

    /// Whether an answer of so many bytes is sent without a look at what else waits.
    pub fn is_small(bytes: usize) -> bool {
        bytes <= SMALL
    }

    /// How many persons it knows of, for tests.
    #[doc(hidden)]
    pub fn persons_len(&self) -> usize {
        self.persons.len()
    }
}

fn too_many(why: &str, wait: u64) -> Reply {
    Reply { retry_after: Some(wait.min(LONGEST_WAIT)), ..Reply::refusal(429, Reason::TooMany, why) }
}

fn instead(refusal: Reply) -> LineOutcome {
    match Downstream::Reply(refusal).encode() {
        Ok(bytes) => LineOutcome::Instead(bytes),
        Err(_) => LineOutcome::Close(CLOSE_UNREAD, "the refusal has no form"),
    }
}
