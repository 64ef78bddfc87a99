//! A small world: entities, persons, hubs and tabs on one clock and one seeded source of chance, with everything
//! between them that can go wrong. The same seed gives the same world, event by event.
//!
//! Everything that travels takes a while, drawn anew each time; what travels on one socket, port or channel keeps
//! its order. While the world is not calm, calls and pushes fail, sockets are cut, hubs and objects are ended.
//!
//! With `TRACE=1` every event is written to the standard error.

mod browser;
pub mod chance;
mod checks;
mod server;
mod trace;
mod workload;

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{Delivery, EntityRef};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::{CallFailure, SocketId};

use crate::notation::BASE;
use crate::notes::Page;

use self::browser::{Browser, Tab};
use self::chance::Chance;
use self::server::{EntityObject, PersonObject, Socket};
use self::workload::Ledger;

/// How large a world is, and how long it is troubled.
#[derive(Clone, Copy)]
pub struct Size {
    /// Number of persons.
    pub persons: usize,
    /// Browsers of each.
    pub browsers: usize,
    /// Tabs of each.
    pub tabs: usize,
    /// Number of entities.
    pub entities: usize,
    /// How long people work, in seconds.
    pub seconds: u64,
}

/// A world.
pub struct World {
    now: Stamp,
    chance: Chance,
    events: BTreeMap<(Stamp, u64), Event>,
    count: u64,
    /// When the last thing on each ordered link arrives.
    links: BTreeMap<Link, Stamp>,
    calm: bool,
    traced: bool,
    entities: BTreeMap<EntityRef, EntityObject>,
    persons: BTreeMap<String, PersonObject>,
    sockets: BTreeMap<SocketId, Socket>,
    browsers: Vec<Browser>,
    tabs: Vec<Tab>,
    ledger: Ledger,
}

/// What happens next.
enum Event {
    /// A Person's call reaches an entity.
    Call { person: String, wake: u32, call: u64, entity: EntityRef, body: Vec<u8> },
    /// Its answer comes back.
    Answer { person: String, wake: u32, call: u64, answer: Result<Vec<u8>, CallFailure> },
    /// A push reaches a Person.
    Push { entity: EntityRef, life: u32, person: String, delivery: Box<Delivery> },
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
    /// A hub's timer.
    Timer { browser: usize, life: u32, at: Stamp },
    /// A tab's message reaches its hub.
    Up { tab: usize, life: u32, port: u32, bytes: Vec<u8> },
    /// A hub's message reaches a tab.
    Down { tab: usize, life: u32, port: u32, bytes: Vec<u8> },
    /// A broadcast reaches a tab.
    Heard { tab: usize, channel: String, bytes: Vec<u8> },
    /// A tab gets a port to the present hub.
    Attach(usize),
    /// The person at a tab does something.
    Act(usize),
    /// Something breaks.
    Trouble,
}

/// A link that keeps the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    Up(SocketId),
    Down(SocketId),
    PortUp(usize),
    PortDown(usize),
    Channel(usize),
}

const MILLI: u64 = 1000;

impl World {
    /// A world that is about to begin.
    pub fn new(seed: u64, size: Size) -> World {
        let mut world = World {
            now: Stamp::from_micros(BASE).expect("an instant"),
            chance: Chance::new(seed),
            events: BTreeMap::new(),
            count: 0,
            links: BTreeMap::new(),
            calm: false,
            traced: std::env::var_os("TRACE").is_some(),
            entities: BTreeMap::new(),
            persons: BTreeMap::new(),
            sockets: BTreeMap::new(),
            browsers: Vec::new(),
            tabs: Vec::new(),
            ledger: Ledger::default(),
        };
        for number in 0..size.entities {
            let entity = EntityRef::new(Page::ENTITY, format!("page-{number}")).expect("a name");
            world.entities.insert(entity.clone(), EntityObject::create(&entity, world.now));
        }
        for person in 0..size.persons {
            let name = format!("person-{person}");
            world.persons.insert(name.clone(), PersonObject::new(&name));
            for _ in 0..size.browsers {
                world.add_browser(&name, size.tabs);
            }
        }
        world
    }

    /// Lets people work for a while with everything breaking, then lets it come to rest.
    ///
    /// # Panics
    /// If it does not, or if not everybody sees the same in the end.
    pub fn run(&mut self, size: Size) {
        for tab in 0..self.tabs.len() {
            self.after(5, Event::Attach(tab));
            self.after(200, Event::Act(tab));
        }
        self.after(500, Event::Trouble);
        let rest = self.now.plus(size.seconds * 1000 * MILLI);
        // Long enough for every wait: of connections, of answers, of alarms.
        let end = rest.plus(1_200_000 * MILLI);
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.now = at;
            self.calm = at >= rest;
            assert!(at < end, "the world does not come to rest");
            assert!(self.events.len() < 20_000, "events pile up: {}", self.events.len());
            if self.traced {
                eprintln!("{at} {event}");
            }
            self.happen(event);
        }
        self.check();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Call { person, wake, call, entity, body } => {
                self.call(person, wake, call, &entity, &body);
            }
            Event::Answer { person, wake, call, answer } => {
                self.answer(&person, wake, call, answer);
            }
            Event::Push { entity, life, person, delivery } => {
                self.push(entity, life, person, &delivery);
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
            Event::Timer { browser, life, at } => self.timer(browser, life, at),
            Event::Up { tab, life, port, bytes } => self.up(tab, life, port, &bytes),
            Event::Down { tab, life, port, bytes } => self.down(tab, life, port, &bytes),
            Event::Heard { tab, channel, bytes } => self.heard(tab, &channel, &bytes),
            Event::Attach(tab) => self.attach(tab),
            Event::Act(tab) => self.act(tab),
            Event::Trouble => self.trouble(),
        }
    }

    /// Something happens within so many milliseconds.
    fn after(&mut self, within: u64, event: Event) {
        let at = self.now.plus(self.chance.below(within * MILLI));
        self.at(at, event);
    }

    fn at(&mut self, at: Stamp, event: Event) {
        self.count += 1;
        self.events.insert((at.max(self.now), self.count), event);
    }

    /// Something goes over a link, and arrives after what went before.
    fn over(&mut self, link: Link, event: Event) {
        // Within a browser it takes no time to speak of, over a network always some.
        let travel = match link {
            Link::Up(_) | Link::Down(_) => 2 * MILLI + self.chance.below(40 * MILLI),
            Link::PortUp(_) | Link::PortDown(_) | Link::Channel(_) => self.chance.below(MILLI),
        };
        let last = self.links.get(&link).copied().unwrap_or_default();
        let at = self.now.plus(travel).max(last);
        self.links.insert(link, at);
        self.at(at, event);
    }

    /// Whether something of this likelihood (in a thousand) goes wrong now.
    fn goes_wrong(&mut self, per_mille: u64) -> bool {
        !self.calm && self.chance.below(1000) < per_mille
    }
}
