//! What happens in the world.

use std::fmt;

use temporal_entity::Stamp;
use temporal_entity_core::codec::decode_own;
use temporal_entity_core::message::{Delivery, EntityRef};
use temporal_entity_core::object::{Delivered, LineId};
use temporal_entity_core::person::{CallFailure, SocketId};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::write;

use super::World;

/// What happens next.
pub enum Event {
    /// A Person's call reaches an entity. Nobody hears of what becomes of an echo.
    Call { person: String, wake: u32, call: u64, entity: EntityRef, body: Vec<u8>, echo: bool },
    /// Its answer comes back.
    Answer { person: String, wake: u32, call: u64, answer: Result<Vec<u8>, CallFailure> },
    /// A push reaches a Person. Nobody hears of what becomes of an echo.
    Push { entity: EntityRef, life: u32, person: String, delivery: Box<Delivery>, echo: bool },
    /// Its outcome comes back.
    Outcome { entity: EntityRef, life: u32, person: String, through: Stamp, outcome: Delivered },
    /// The alarm of an entity.
    Alarm(EntityRef),
    /// The upgrade of a socket reaches the server.
    Accept(SocketId),
    /// A frame reaches the server.
    ToServer(SocketId, Vec<u8>),
    /// A frame reaches the hub.
    ToHub(SocketId, Vec<u8>),
    /// The server notices that a socket is gone.
    ServerNotices(SocketId),
    /// The hub does.
    HubNotices(SocketId, u16),
    /// The upgrade of a direct line reaches the entity.
    LineAccept(LineId),
    /// The hub hears that it is open.
    LineOpened(LineId),
    /// A frame on a line reaches the entity.
    LineToEntity(LineId, Vec<u8>),
    /// A frame on a line reaches the hub.
    LineToHub(LineId, Vec<u8>),
    /// An entity has done what came while its lines were sent something.
    LinesRested { entity: EntityRef, life: u32 },
    /// The entity's object notices that a line is gone.
    LineServerNotices(LineId),
    /// The hub does.
    LineHubNotices(LineId),
    /// A hub's timer.
    Timer { browser: usize, life: u32, at: Stamp },
    /// A tab's message reaches its hub.
    Up { tab: usize, life: u32, port: u32, bytes: Vec<u8> },
    /// A hub's message reaches a tab.
    Down { tab: usize, life: u32, port: u32, bytes: Vec<u8> },
    /// A broadcast reaches a tab.
    Heard { tab: usize, channel: String, bytes: Vec<u8> },
    /// A hub learns that a tab is gone.
    TabGone { browser: usize, life: u32, port: u32 },
    /// A tab gets a port to the present hub.
    Attach(usize),
    /// A frozen tab thaws.
    Thaw(usize),
    /// The person at a tab does something.
    Act(usize),
    /// The attacker does something.
    Attack,
    /// Something breaks.
    Trouble,
}

/// A link that keeps the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// From a hub to a Person.
    Up(SocketId),
    /// And back.
    Down(SocketId),
    /// From a hub to an entity.
    LineUp(LineId),
    /// And back.
    LineDown(LineId),
    /// From a tab to its hub.
    PortUp(usize),
    /// And back.
    PortDown(usize),
    /// To a tab on the channels that it listens to.
    Channel(usize),
}

impl World {
    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Call { person, wake, call, entity, body, echo } => {
                let answer = self.call(&person, &entity, &body);
                if !echo {
                    self.after(20, Event::Answer { person, wake, call, answer });
                }
            }
            Event::Answer { person, wake, call, answer } => {
                self.answer(&person, wake, call, answer);
            }
            Event::Push { entity, life, person, delivery, echo } => {
                let outcome = self.push(&person, &delivery);
                if !echo {
                    let through = delivery.push.meta.modified;
                    self.after(20, Event::Outcome { entity, life, person, through, outcome });
                }
            }
            Event::Outcome { entity, life, person, through, outcome } => {
                self.outcome(&entity, life, &person, through, outcome);
            }
            Event::Alarm(entity) => self.alarm(&entity),
            Event::Accept(socket) => self.accept(socket),
            Event::ToServer(socket, frame) => self.frame_to_server(socket, &frame),
            Event::ToHub(socket, frame) => self.frame_to_hub(socket, &frame),
            Event::ServerNotices(socket) => self.server_notices(socket),
            Event::HubNotices(socket, code) => self.hub_notices(socket, code),
            Event::LineAccept(line) => self.line_accept(line),
            Event::LineOpened(line) => self.line_opened(line),
            Event::LineToEntity(line, frame) => self.line_frame(line, &frame),
            Event::LineToHub(line, frame) => self.line_to_hub(line, &frame),
            Event::LinesRested { entity, life } => self.lines_rested(&entity, life),
            Event::LineServerNotices(line) => self.line_server_notices(line),
            Event::LineHubNotices(line) => self.line_hub_notices(line),
            Event::Timer { browser, life, at } => self.timer(browser, life, at),
            Event::Up { tab, life, port, bytes } => self.up(tab, life, port, &bytes),
            Event::Down { tab, life, port, bytes } => self.down(tab, life, port, bytes),
            Event::Heard { tab, channel, bytes } => self.heard(tab, &channel, &bytes),
            Event::TabGone { browser, life, port } => self.tab_gone(browser, life, port),
            Event::Attach(tab) => self.attach(tab),
            Event::Thaw(tab) => self.thaw(tab),
            Event::Act(tab) => self.act(tab),
            Event::Attack => self.attack(),
            Event::Trouble => self.trouble(),
        }
    }
}

fn frame(bytes: &[u8]) -> String {
    decode_own::<Value>(bytes).map_or_else(|error| error.to_string(), |value| write(&value))
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Call { person, call, entity, body, .. } => {
                write!(f, "{person} asks {entity} ({call}): {}", frame(body))
            }
            Event::Answer { person, call, answer, .. } => match answer {
                Ok(bytes) => write!(f, "{person} is answered ({call}): {}", frame(bytes)),
                Err(error) => write!(f, "{person} is not answered ({call}): {error:?}"),
            },
            Event::Push { person, delivery, .. } => {
                let skip = delivery.skip.as_deref().unwrap_or("nobody");
                write!(f, "push to {person}, not to {skip}: {}", write(&delivery.push.to_value()))
            }
            Event::Outcome { entity, person, through, outcome, .. } => {
                write!(f, "push of {entity} to {person} through {through}: {outcome:?}")
            }
            Event::Alarm(entity) => write!(f, "alarm of {entity}"),
            Event::Accept(socket) => write!(f, "socket {socket} reaches the server"),
            Event::ToServer(socket, bytes) => write!(f, "socket {socket} up: {}", frame(bytes)),
            Event::ToHub(socket, bytes) => write!(f, "socket {socket} down: {}", frame(bytes)),
            Event::ServerNotices(socket) => write!(f, "socket {socket} is closed for the server"),
            Event::HubNotices(socket, code) => {
                write!(f, "socket {socket} is closed for the hub: {code}")
            }
            Event::LineAccept(line) => write!(f, "line {line} reaches the entity"),
            Event::LineOpened(line) => write!(f, "line {line} is open"),
            Event::LineToEntity(line, bytes) => write!(f, "line {line} up: {}", frame(bytes)),
            Event::LineToHub(line, bytes) => write!(f, "line {line} down: {}", frame(bytes)),
            Event::LinesRested { entity, .. } => write!(f, "the lines of {entity} rested"),
            Event::LineServerNotices(line) => write!(f, "line {line} is closed for the entity"),
            Event::LineHubNotices(line) => write!(f, "line {line} is closed for the hub"),
            Event::Timer { browser, .. } => write!(f, "timer of browser {browser}"),
            Event::Up { tab, bytes, .. } => write!(f, "tab {tab} up: {}", frame(bytes)),
            Event::Down { tab, bytes, .. } => write!(f, "tab {tab} down: {}", frame(bytes)),
            Event::Heard { tab, bytes, .. } => write!(f, "tab {tab} hears: {}", frame(bytes)),
            Event::TabGone { browser, port, .. } => {
                write!(f, "browser {browser} learns that port {port} is closed")
            }
            Event::Attach(tab) => write!(f, "tab {tab} attaches"),
            Event::Thaw(tab) => write!(f, "tab {tab} thaws"),
            Event::Act(tab) => write!(f, "tab {tab} acts"),
            Event::Attack => write!(f, "the attacker moves"),
            Event::Trouble => write!(f, "trouble"),
        }
    }
}
