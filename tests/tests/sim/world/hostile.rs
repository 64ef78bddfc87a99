//! A person who attacks: raw sockets and lines without a hub, in a share of the worlds. Whatever is sent, honest persons
//! are answered, and no bound is exceeded. The browsers of the attacker are never waited for.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Request, Token};
use temporal_entity_core::object::LineId;
use temporal_entity_core::person::{SocketId, Unread};
use temporal_entity_core::value::{MapBuilder, Value};

use super::World;
use super::event::{Event, Link};
use super::person::Socket;
use super::work::map;

mod frames;

/// The person.
pub const ATTACKER: &str = "attacker";

/// Browser ids that are made up in one world.
const MOST_BROWSERS: u64 = 24;

/// Sockets and lines that are open at once.
const MOST_OPEN: usize = 48;

/// What the attacker knows.
#[derive(Default)]
pub struct Attacker {
    /// The sockets that were opened last.
    sockets: Vec<SocketId>,
    /// The lines that were opened last.
    lines: Vec<LineId>,
    /// Tickets, which are all used more than once, with the browser that each is for.
    tickets: Vec<(usize, String)>,
    /// Counts the requests.
    requests: u64,
    /// Replies that came.
    pub replies: u64,
}

impl World {
    /// Whether a world has an attacker, by its seed alone, so that the others stay as they are.
    pub(super) fn is_attacked(seed: u64) -> bool {
        seed % 4 == 2
    }

    /// Whether somebody attacks, and `browser` is one of the attacker's.
    pub(super) fn is_attackers(&self, browser: usize) -> bool {
        self.attacker.is_some() && self.browsers[browser].person == ATTACKER
    }

    pub(super) fn add_attacker(&mut self) {
        self.attacker = Some(Attacker::default());
        self.persons.insert(ATTACKER.to_owned(), super::person::PersonObject::new(ATTACKER));
        self.after(500, Event::Attack);
    }

    /// One move of the attacker, and the next soon.
    pub(super) fn attack(&mut self) {
        if self.calm {
            return;
        }
        match self.chance.below(16) {
            0..3 => self.raw_socket(),
            3 => self.leave_a_raw_socket(),
            4..6 | 15 => self.raw_line(),
            6 => self.leave_a_raw_line(),
            7 => self.ask_for_tickets(),
            8..10 => self.flood_a_line(),
            10 if self.chance.below(4) == 0 => {
                let person = ATTACKER.to_owned();
                self.end_person(&person);
            }
            _ => self.flood_a_socket(),
        }
        // Now and then without a pause.
        let pause = if self.chance.below(4) == 0 { 2 } else { self.size.quiet };
        self.after(pause, Event::Attack);
    }

    fn attacker(&mut self) -> &mut Attacker {
        self.attacker.as_mut().expect("somebody attacks")
    }

    /// A browser id of the attacker: a new one or one that was used before.
    fn raw_browser(&mut self) -> usize {
        let own: Vec<usize> =
            (0..self.browsers.len()).filter(|browser| self.is_attackers(*browser)).collect();
        if (own.len() as u64) < MOST_BROWSERS && self.chance.below(3) == 0 || own.is_empty() {
            self.add_browser(ATTACKER, 0);
            let number = self.browsers.len() - 1;
            let browser = &mut self.browsers[number];
            // There is no hub, nor anybody who waits.
            (browser.gone, browser.name) = (true, format!("raw-{number}"));
            return number;
        }
        self.chance.pick(&own).expect("a browser")
    }

    /// Connects once more, mostly without closing what was open.
    fn raw_socket(&mut self) {
        let (browser, id) = (self.raw_browser(), self.sockets.len() as SocketId);
        let person = ATTACKER.to_owned();
        let socket = Socket {
            browser,
            life: 0,
            person,
            accepted: false,
            cut_up: false,
            cut_down: false,
            unread: 0,
        };
        self.sockets.insert(id, socket);
        self.over(Link::Up(id), Event::Accept(id));
        let sockets = &mut self.attacker().sockets;
        sockets.push(id);
        if sockets.len() > MOST_OPEN {
            let oldest = sockets.remove(0);
            self.over(Link::Up(oldest), Event::ServerNotices(oldest));
        }
    }

    fn leave_a_raw_socket(&mut self) {
        let sockets = self.attacker().sockets.clone();
        if let Some(id) = self.chance.pick(&sockets) {
            self.attacker().sockets.retain(|socket| *socket != id);
            self.over(Link::Up(id), Event::ServerNotices(id));
        }
    }

    fn flood_a_socket(&mut self) {
        let sockets = self.attacker().sockets.clone();
        let Some(id) = self.chance.pick(&sockets) else { return self.raw_socket() };
        let count = match self.chance.below(40) {
            // More than a burst.
            0 => 4_000,
            1..8 => 100,
            _ => 1 + self.chance.below(8),
        };
        let kind = self.chance.below(frames::KINDS);
        let count = if frames::is_large(kind) { count.min(4) } else { count };
        for _ in 0..count {
            let frame = self.hostile_frame(kind);
            self.over(Link::Up(id), Event::ToServer(id, frame));
        }
    }

    fn ask_for_tickets(&mut self) {
        let sockets = self.attacker().sockets.clone();
        let Some(id) = self.chance.pick(&sockets) else { return };
        let request = self.raw_request(Method::Line);
        self.over(Link::Up(id), Event::ToServer(id, bytes(&request.to_value())));
    }

    /// Opens a line with a ticket that may have been used before, and so does another browser.
    fn raw_line(&mut self) {
        let tickets = self.attacker().tickets.clone();
        let Some((browser, ticket)) = self.chance.pick(&tickets) else { return };
        for browser in [browser, browser, self.raw_browser()] {
            let number = self.attacker().lines.len() as u32 + (1 << 20);
            self.browsers[browser].lines.clear();
            self.open_line(browser, number, &ticket);
            let id = self.lines.keys().next_back().copied().expect("a line");
            self.attacker().lines.push(id);
            self.flood_line(id);
        }
        if self.attacker().lines.len() > MOST_OPEN {
            let oldest = self.attacker().lines.remove(0);
            self.over(Link::LineUp(oldest), Event::LineServerNotices(oldest));
        }
    }

    fn leave_a_raw_line(&mut self) {
        let lines = self.attacker().lines.clone();
        if let Some(id) = self.chance.pick(&lines) {
            self.attacker().lines.retain(|line| *line != id);
            self.over(Link::LineUp(id), Event::LineServerNotices(id));
        }
    }

    /// Asks again and again on a line, and reads nothing there.
    fn flood_a_line(&mut self) {
        let lines = self.attacker().lines.clone();
        if let Some(id) = self.chance.pick(&lines) {
            self.flood_line(id);
        }
    }

    fn flood_line(&mut self, id: LineId) {
        let entity = self.lines[&id].entity.clone();
        let count = if self.chance.below(5) == 0 { 400 } else { 1 + self.chance.below(20) };
        for _ in 0..count {
            let mut request = self.raw_request(Method::Subscribe);
            if self.chance.below(8) > 0 {
                request.entity = entity.clone();
            } else {
                request.method = Method::Get;
            }
            request.handle = Some(self.chance.below(3) as u32);
            self.over(Link::LineUp(id), Event::LineToEntity(id, bytes(&request.to_value())));
        }
    }

    /// The attacker goes, and the server notices within a minute.
    pub(super) fn attacker_leaves(&mut self) {
        if self.attacker.is_none() {
            return;
        }
        let sockets = self.sockets.iter().filter(|(_, socket)| socket.person == ATTACKER);
        for id in sockets.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.over(Link::Up(id), Event::ServerNotices(id));
        }
        let lines = self.lines.iter().filter(|(_, line)| self.is_attackers(line.browser));
        for id in lines.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.over(Link::LineUp(id), Event::LineServerNotices(id));
        }
    }

    /// A request of the attacker's for any entity, with a number that is mostly drawn at random.
    fn raw_request(&mut self, method: Method) -> Request {
        let entity: EntityRef = self.some_entity();
        self.attacker().requests += 1;
        let id = match self.chance.below(3) {
            0 => self.attacker().requests,
            _ => self.chance.draw() >> 12,
        };
        let version = self.entities[&entity].oracle.version;
        let held = match self.chance.below(4) {
            0 => Token::Missing,
            1 => version.map_or(Token::Missing, |version| Token::At(version.minus(1))),
            _ => version.into(),
        };
        let mut request = Request::new(id, method, entity);
        (request.if_unmodified_since, request.if_modified_since) = (held, Token::Missing);
        request
    }

    /// The frame that goes down a socket in place of `bytes`, if any does: the attacker leaves every second one unread.
    pub(super) fn sent_if_read(
        &mut self,
        person: &str,
        id: SocketId,
        bytes: Vec<u8>,
        answers: Option<u64>,
    ) -> Option<Vec<u8>> {
        let here = self.sockets[&id].unread;
        let own = self.sockets.values().filter(|socket| socket.person == person);
        let of_all: usize = own.map(|socket| socket.unread).sum();
        let machine = self.persons.get_mut(person)?.machine.as_mut()?;
        let room = machine.unread_room();
        let bytes = machine.unread(id, Unread { here, of_all }, bytes, answers)?;
        if person == ATTACKER && id.is_multiple_of(2) {
            self.sockets.get_mut(&id)?.unread += bytes.len();
            let most = room + self.held_bytes() + (64 << 10);
            assert!(of_all + bytes.len() <= most, "{of_all} bytes are not read, of {room}");
        }
        Some(bytes)
    }

    /// The attacker reads nothing but tickets.
    pub(super) fn attacker_hears(&mut self, id: SocketId, frame: &[u8]) {
        let browser = self.sockets[&id].browser;
        let Ok(Downstream::Reply(reply)) = Downstream::decode(frame) else { return };
        let attacker = self.attacker();
        attacker.replies += 1;
        if let Some(ticket) = reply.ticket {
            attacker.tickets.push((browser, ticket));
        }
    }
}

fn bytes(message: &Value) -> Vec<u8> {
    encode(message).expect("a tree has a CBOR form")
}

/// A request with a method that there is not.
fn unknown_method(id: u64, entity: &EntityRef) -> Value {
    let Value::Map(mut entries) = Request::new(id, Method::Get, entity.clone()).to_value() else {
        return map("id", id);
    };
    entries.retain(|(key, _)| key.as_text() != Some("method"));
    entries.push(("method".into(), "frobnicate".into()));
    Value::Map(entries)
}

/// A map with one entry for each.
fn fields(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    entries.into_iter().fold(MapBuilder::new(), |map, (key, value)| map.put(key, value)).finish()
}
