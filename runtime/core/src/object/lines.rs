//! Direct lines: the sockets of browsers straight to a crowded entity's object. Through their Persons a thousand readers
//! take a thousand calls; here they take a thousand frames.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::entity::Entity;
use crate::message::{EntityRef, Method, Push, PushFrames, Reason, Reply, Request, Sender};
use crate::object::log::{Log, Recent, compose_changes};
use crate::object::{Contents, EntityMachine, unreadable};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// A direct line, numbered by the host.
pub type LineId = u32;

/// The close code of a line that is not worth its socket any more, because few are left who read.
const CLOSE_THINNED: u16 = 4410;

/// What the host has to do for the direct lines, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEffect {
    /// Send a binary frame.
    Send {
        /// On this line.
        line: LineId,
        /// The frame; one after the other is often the same.
        frame: Rc<[u8]>,
    },
    /// Close a line.
    Close {
        /// This one.
        line: LineId,
        /// Close code.
        code: u16,
        /// A sentence.
        reason: &'static str,
    },
}

struct Line {
    sender: Sender,
    /// The version that it was brought to; `None` before it subscribed.
    sent: Option<Stamp>,
    handle: Option<u32>,
}

/// The lines. A socket keeps what it is sent in order and loses nothing while it is open, so every line is brought to the
/// present version at once, and what a host finds after waking is current.
#[derive(Default)]
pub(super) struct Lines {
    all: BTreeMap<LineId, Line>,
    /// How many lines each person has.
    persons: BTreeMap<String, usize>,
    /// Those who may have a push to come.
    due: BTreeSet<LineId>,
    closing: Vec<LineId>,
    /// The push that the last line was sent, for all who were at the same version.
    shared: Option<Shared>,
}

struct Shared {
    since: Stamp,
    through: Stamp,
    frames: PushFrames,
    last: Option<(Option<u32>, Rc<[u8]>)>,
}

impl Lines {
    /// How many persons have lines. The lines of one person count once, or a person could make a crowd alone.
    pub fn readers(&self) -> usize {
        self.persons.len()
    }

    fn insert(&mut self, id: LineId, line: Line) {
        self.remove(id);
        let count = self.persons.entry(line.sender.person.clone()).or_default();
        *count = count.saturating_add(1);
        self.all.insert(id, line);
    }

    fn remove(&mut self, id: LineId) {
        let Some(line) = self.all.remove(&id) else { return };
        self.due.remove(&id);
        match self.persons.get_mut(&line.sender.person) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            _ => drop(self.persons.remove(&line.sender.person)),
        }
    }

    /// Whether all have what was sent to them.
    pub fn are_current(&self) -> bool {
        self.due.is_empty() && self.closing.is_empty()
    }

    /// A change was stored: everyone who subscribed is due.
    pub fn changed(&mut self) {
        let subscribed = self.all.iter().filter(|(_, line)| line.sent.is_some());
        self.due.extend(subscribed.map(|(id, _)| *id));
        self.shared = None;
    }

    fn close_all(&mut self) {
        self.closing.extend(std::mem::take(&mut self.all).into_keys());
        self.persons.clear();
        self.due.clear();
    }

    /// The next frame that can be sent, and on which line.
    fn poll(&mut self, entity: &EntityRef, log: &Log) -> Option<(LineId, Rc<[u8]>)> {
        let present = log.last().map(|recent| recent.change().meta.modified);
        while let Some(id) = self.due.first().copied() {
            let line = self.all.get_mut(&id);
            let sent = line.and_then(|line| {
                let frame = line.next(&mut self.shared, entity, log)?;
                Some((frame, line.sent == present))
            });
            if !matches!(sent, Some((_, false))) {
                self.due.remove(&id);
            }
            if let Some((frame, _)) = sent {
                return Some((id, frame));
            }
        }
        self.shared = None;
        None
    }
}

impl Line {
    /// The next frame; `None` if there is nothing more to send. Nothing is composed across a change of its own browser,
    /// which mostly has it in a reply already. It is sent all the same: nobody here knows whether that reply came.
    fn next(
        &mut self,
        shared: &mut Option<Shared>,
        entity: &EntityRef,
        log: &Log,
    ) -> Option<Rc<[u8]>> {
        let is_own = |recent: &Recent| {
            let change = recent.change();
            change.browser == self.sender.browser && change.meta.person == self.sender.person
        };
        let changes: Vec<_> = match log.since(self.sent?) {
            Some(changes) => changes.collect(),
            // Older than the log: the latest change tells the browser that it is behind.
            None => log.last().into_iter().collect(),
        };
        let own = is_own(changes.first()?);
        let piece: Vec<_> =
            changes.into_iter().take_while(|recent| is_own(recent) == own).collect();
        let (first, last) = (piece.first()?.change(), piece.last()?.change());
        let (since, through) = (first.since?, last.meta.modified);
        self.sent = Some(through);
        let fits = |shared: &&mut Shared| shared.since == since && shared.through == through;
        if shared.as_mut().filter(fits).is_none() {
            let (meta, diff) = (last.meta.clone(), compose_changes(piece.iter().copied()));
            let push = Push { entity: entity.clone(), since, meta, diff, line: false };
            *shared = Some(Shared { since, through, frames: PushFrames::new(push), last: None });
        }
        shared.as_mut()?.frame(self.handle)
    }
}

impl Shared {
    /// The frame for a browser that has given the entity this handle; nearly all give the same.
    fn frame(&mut self, handle: Option<u32>) -> Option<Rc<[u8]>> {
        match &self.last {
            Some((of, frame)) if *of == handle => Some(Rc::clone(frame)),
            _ => {
                let frame: Rc<[u8]> = self.frames.of(handle).ok()?.into();
                self.last = Some((handle, Rc::clone(&frame)));
                Some(frame)
            }
        }
    }
}

impl<T: Entity> EntityMachine<T> {
    /// Whether there are so many readers that direct lines are worth their sockets.
    pub(super) fn is_crowded(&self) -> bool {
        let crowd = self.crowd();
        crowd > 0 && self.readers() >= crowd
    }

    /// How many readers make a crowd; zero if none do.
    fn crowd(&self) -> usize {
        let crowd = match (T::CONFIG.lines, self.limits.lines) {
            (0, _) => 0,
            (usual, setting) => setting.unwrap_or(usual),
        };
        usize::try_from(crowd).unwrap_or(usize::MAX)
    }

    fn readers(&self) -> usize {
        self.subscribers.len().saturating_add(self.lines.readers())
    }

    /// A browser of `sender` has opened a line. It hears of nothing before it subscribes there.
    pub fn line_opened(&mut self, line: LineId, sender: Sender) {
        self.lines.insert(line, Line { sender, sent: None, handle: None });
    }

    /// A line was found again after waking, with the handle of the browser that had subscribed there.
    pub fn line_woke(&mut self, line: LineId, sender: Sender, handle: Option<u32>) {
        let Contents::Present(present) = &self.contents else { return };
        let sent = Some(present.meta.modified);
        self.lines.insert(line, Line { sender, sent, handle });
    }

    /// A line is gone. When half of a crowd is left, the others go back to their Persons.
    pub fn line_closed(&mut self, line: LineId) {
        let before = self.lines.readers();
        self.lines.remove(line);
        // A browser that opened a newer line is still there.
        if self.lines.readers() < before {
            self.thin();
        }
    }

    /// Closes the lines if they are not worth it any more: at half of the number that opens them, so that a reader who
    /// comes and goes does not move the others.
    pub(super) fn thin(&mut self) {
        if self.readers() < self.crowd() / 2 {
            self.lines.close_all();
        }
    }

    /// Answers a request that came on a line: it can only subscribe, whatever else is asked goes through the Person.
    /// Returns the bytes of the reply, and whether the line hears of changes from now on.
    ///
    /// # Errors
    /// As [`EntityMachine::respond`].
    pub fn line_request(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        line: LineId,
        request: Request,
    ) -> Result<(Vec<u8>, bool), StorageError> {
        let Some(Line { sender, .. }) = self.lines.all.get(&line) else {
            return Ok((Vec::new(), false));
        };
        let (sender, id, handle) = (sender.clone(), Some(request.id), request.handle);
        let reply = if request.method != Method::Subscribe {
            let message = "a direct line takes `subscribe` alone: ask your Person";
            Reply::refusal(405, Reason::Method, message)
        } else if request.entity != self.entity {
            let message = format!("this is the line of {}", self.entity);
            Reply::refusal(400, Reason::Malformed, message)
        } else {
            let request = Request { method: Method::Get, ..request };
            self.answer(storage, now, &sender, request)?
        };
        let accepted = reply.is_success() || reply.reason == Some(Reason::Deleted);
        if let (true, Contents::Present(present)) = (accepted, &self.contents)
            && let Some(line) = self.lines.all.get_mut(&line)
        {
            (line.sent, line.handle) = (Some(present.meta.modified), handle);
        }
        let bytes = Reply { id, ..reply }.into_bytes().map_err(unreadable)?;
        Ok((bytes, accepted))
    }

    /// The next thing to do for a line.
    pub fn poll_line(&mut self) -> Option<LineEffect> {
        if let Some(line) = self.lines.closing.pop() {
            let reason = "few are left who read: subscribe through your Person";
            return Some(LineEffect::Close { line, code: CLOSE_THINNED, reason });
        }
        let Contents::Present(present) = &self.contents else { return None };
        let (line, frame) = self.lines.poll(&self.entity, &present.log)?;
        Some(LineEffect::Send { line, frame })
    }
}
