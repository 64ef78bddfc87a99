//! Direct lines: a crowded entity tells its readers by sockets of their own. The hub asks its Person for a ticket, opens
//! the line, subscribes there with the version that it holds, and lets go of the subscription through the Person. Until
//! then pushes come by both ways, and versions tell which are new. When a line ends, it all goes back.

use crate::hub::live::{Live, Outstanding, Purpose};
use crate::hub::{HubEffect, HubMachine};
use crate::local::Topic;
use crate::message::{Method, Reason, Reply, Request};
use crate::time::Stamp;

/// How long no other line is opened after one that could not be, in microseconds: something between may forbid it.
const WAIT_AFTER_FAILURE: u64 = 60_000_000;

/// And after one that was in use.
const WAIT_AFTER_USE: u64 = 2_000_000;

/// State of an entity's direct line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// There is none.
    #[default]
    None,
    /// The entity is crowded: a ticket is to be asked for.
    Offered,
    /// The socket was asked for.
    Opening,
    /// It is open; the hub subscribes there.
    Open,
    /// Pushes come by it alone.
    InUse,
}

impl Line {
    /// Whether there is a socket, or will be.
    pub fn has_socket(self) -> bool {
        matches!(self, Line::Opening | Line::Open | Line::InUse)
    }

    /// Whether the socket is open.
    fn is_open(self) -> bool {
        matches!(self, Line::Open | Line::InUse)
    }
}

/// What an answer means for the line.
pub enum Settled {
    /// Nothing.
    Nothing,
    /// There is a ticket.
    Ticket(String),
    /// The line is in use.
    InUse,
    /// The line is of no use.
    Useless,
}

impl Live {
    /// The entity says that it is crowded.
    pub fn offer_line(&mut self, now: Stamp) {
        if self.line == Line::None && now >= self.line_after {
            self.line = Line::Offered;
        }
    }

    /// The line by which a request goes.
    pub fn line_for(&mut self, request: &Request) -> Option<u32> {
        self.by_line = request.method == Method::Subscribe && self.line.is_open();
        self.by_line.then_some(self.handle)
    }

    /// What an answer says of the line.
    pub fn line_answered(&mut self, now: Stamp, asked: &Outstanding, reply: &Reply) -> Settled {
        match asked.purpose {
            Purpose::Ticket => {
                let ticket = reply.ticket.clone().filter(|_| self.line == Line::Offered);
                self.line = if ticket.is_some() { Line::Opening } else { Line::None };
                self.line_after = now.plus(WAIT_AFTER_FAILURE);
                ticket.map_or(Settled::Nothing, Settled::Ticket)
            }
            Purpose::Read if self.by_line && self.line == Line::Open => {
                let subscribed = reply.is_success() || reply.reason == Some(Reason::Deleted);
                let stuck = reply.reason.is_some_and(Reason::needs_a_deploy);
                match reply.status {
                    _ if subscribed => {
                        self.line = Line::InUse;
                        Settled::InUse
                    }
                    // It is asked again.
                    429 | 500 | 503 if !stuck => Settled::Nothing,
                    _ => {
                        self.line = Line::None;
                        self.line_after = now.plus(WAIT_AFTER_FAILURE);
                        Settled::Useless
                    }
                }
            }
            _ => {
                if reply.line {
                    self.offer_line(now);
                }
                Settled::Nothing
            }
        }
    }
}

impl HubMachine {
    pub(super) fn settle_line(&mut self, topic: &Topic, settled: Settled) {
        let Some(live) = self.entities.get(topic) else { return };
        let line = live.handle;
        match settled {
            Settled::Nothing => {}
            Settled::Ticket(ticket) => {
                self.effects.push_back(HubEffect::OpenLine { line, ticket });
            }
            Settled::InUse => self.unsubscribe(topic.entity.clone()),
            Settled::Useless => self.effects.push_back(HubEffect::CloseLine(line)),
        }
    }

    /// A line opened.
    pub fn line_opened(&mut self, now: Stamp, line: u32) {
        self.change_line(now, line, |live, _, _| {
            if live.line == Line::Opening {
                live.line = Line::Open;
            }
            None
        });
    }

    /// A line closed, or could not be opened.
    pub fn line_closed(&mut self, now: Stamp, line: u32) {
        self.change_line(now, line, |live, now, was_open| {
            live.line = Line::None;
            if was_open {
                live.line_after = now.plus(WAIT_AFTER_USE);
                live.current = false;
                return live.leave_reading();
            }
            None
        });
    }

    /// Changes all that is known of the line's entity, for pages of two builds hear by one line; with the time, and
    /// whether it was open; what that leaves is not waited for. (Not generic: each browser loads it once.)
    fn change_line(
        &mut self,
        now: Stamp,
        line: u32,
        change: fn(&mut Live, Stamp, bool) -> Option<Outstanding>,
    ) {
        self.now = now;
        let named = self.entities.iter().filter(|(_, live)| live.handle == line);
        let named: Vec<_> = named.map(|(topic, live)| (topic.clone(), live.line)).collect();
        let was_open = named.iter().any(|(_, line)| line.is_open());
        for (topic, _) in named {
            let live = self.entities.get_mut(&topic);
            if let Some(asked) = live.and_then(|live| change(live, now, was_open)) {
                self.requests.remove(&asked.request.id);
            }
            self.ask_next(&topic);
        }
        self.set_timer();
    }

    /// The connection was lost, and perhaps the session with it: lines are opened anew after it is back.
    pub(super) fn close_lines(&mut self) {
        for live in self.entities.values_mut() {
            if live.line.has_socket() {
                self.effects.push_back(HubEffect::CloseLine(live.handle));
            }
            live.line = Line::None;
        }
    }
}
