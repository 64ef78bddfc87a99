//! A small world: entities, persons, hubs and tabs on one clock and one seeded source of chance, with everything
//! between them that can go wrong. The same seed gives the same world, event by event.
//!
//! Everything that travels takes a while, drawn anew each time; what travels on one socket, port or channel keeps
//! its order. While the world is not calm, calls and pushes fail, come late or twice, sockets are cut, disks fail, clocks
//! jump, hubs and objects are ended, tabs freeze, and browsers vanish.
//!
//! With `TRACE=1` every event is written to the standard error.

mod book;
mod browser;
mod budget;
pub mod bug;
mod checks;
mod clock;
mod entity;
mod event;
mod gate;
mod hostile;
mod kinds;
mod line;
mod mishap;
mod oracle;
mod person;
mod pushes;
mod size;
mod tab;
mod trouble;
mod watch;
mod work;

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::object::LineId;
use temporal_entity_core::person::SocketId;
use temporal_entity_tests::chance::Chance;
use temporal_entity_tests::notation::BASE;

use self::book::Book;
use self::browser::Browser;
use self::bug::Bug;
use self::entity::EntityObject;
use self::event::{Event, Link};
use self::hostile::Attacker;
use self::kinds::KINDS;
use self::line::Line;
use self::mishap::{Habits, Mishap};
use self::person::{PersonObject, Socket};
use self::size::Size;
use self::tab::Tab;

/// A world.
pub struct World {
    now: Stamp,
    chance: Chance,
    habits: Habits,
    size: Size,
    bug: Option<Bug>,
    events: BTreeMap<(Stamp, u64), Event>,
    count: u64,
    /// When the last thing on each ordered link arrives.
    links: BTreeMap<Link, Stamp>,
    calm: bool,
    traced: bool,
    entities: BTreeMap<EntityRef, EntityObject>,
    persons: BTreeMap<String, PersonObject>,
    sockets: BTreeMap<SocketId, Socket>,
    lines: BTreeMap<LineId, Line>,
    browsers: Vec<Browser>,
    tabs: Vec<Tab>,
    book: Book,
    /// Whether disks are full now and then.
    fills: bool,
    /// When the last ticket was signed.
    signed: Stamp,
    /// Who attacks, in some worlds.
    attacker: Option<Attacker>,
    /// The version of each entity that the last frame on a socket was of.
    told: BTreeMap<(SocketId, EntityRef), Stamp>,
    /// Which requests an entity was asked, and whether more than once.
    asked: BTreeMap<(String, u64), bool>,
}

const MILLI: u64 = 1000;
const SECOND: u64 = 1_000_000;

impl World {
    /// A world that is about to begin.
    pub fn new(seed: u64, bug: Option<Bug>) -> World {
        let mut chance = Chance::new(seed);
        let (size, habits) = (Size::new(&mut chance), Habits::new(&mut chance));
        let mut world = World {
            now: Stamp::from_micros(BASE).expect("an instant"),
            chance,
            habits,
            size,
            bug,
            events: BTreeMap::new(),
            count: 0,
            links: BTreeMap::new(),
            calm: false,
            traced: std::env::var_os("TRACE").is_some(),
            entities: BTreeMap::new(),
            persons: BTreeMap::new(),
            sockets: BTreeMap::new(),
            lines: BTreeMap::new(),
            browsers: Vec::new(),
            tabs: Vec::new(),
            book: Book::default(),
            fills: seed % 5 == 3,
            signed: Stamp::default(),
            attacker: None,
            told: BTreeMap::new(),
            asked: BTreeMap::new(),
        };
        for number in 0..size.entities {
            world.add_entity(format!("entity-{number}"));
        }
        // By the seed itself, so that the other worlds stay as they were.
        if seed % 3 == 1 {
            for (entity, object) in &mut world.entities {
                (object.pings, object.machine) = (entity.name == "Draft", None);
            }
        }
        for person in 0..size.persons {
            let name = format!("person-{person}");
            if size.own && person == 0 {
                world.add_entity(name.clone());
            }
            world.persons.insert(name.clone(), PersonObject::new(&name));
            for _ in 0..size.browsers {
                world.add_browser(&name, size.tabs);
            }
        }
        if World::is_attacked(seed) {
            world.add_attacker();
        }
        world
    }

    fn add_entity(&mut self, id: String) {
        let kind = &KINDS[self.chance.below(KINDS.len() as u64) as usize];
        let entity = EntityRef::new(kind.name, id).expect("a name");
        self.entities.insert(entity.clone(), EntityObject::create(&entity, self.now));
    }

    /// Lets people work for a while with everything breaking, then lets it come to rest.
    ///
    /// # Panics
    /// If it does not, if something does not hold that must, or if not everybody sees the same in the end.
    pub fn run(&mut self) {
        if self.traced {
            eprintln!("{:?}", self.size);
        }
        self.after(self.size.quiet, Event::Trouble);
        let rest = self.now.plus(self.size.seconds * SECOND);
        self.run_until_rest(rest);
        self.check();
        self.check_pinged();
        // Those who are gone are waited for no more.
        self.now = self.now.plus(60 * SECOND);
        // One more change of each entity, by somebody who is not there: now all lists of subscribers are true.
        self.stir();
        self.run_until_rest(rest);
        self.check();
        self.check_rest();
    }

    /// Until nothing happens any more. From `calm` on nothing breaks, and people do nothing.
    fn run_until_rest(&mut self, calm: Stamp) {
        // Long enough for every wait: of connections, of answers, of alarms.
        let end = self.now.plus(7200 * SECOND);
        // Several pings have come by then.
        let pinged = self.now.max(calm).plus(600 * SECOND);
        while let Some(((at, number), event)) = self.events.pop_first() {
            if matches!(&event, Event::Alarm(entity) if entity.name == "Scrap") && at > end {
                // Something of the past is let go a day later.
                self.events.insert((at, number), event);
                return;
            }
            self.now = at;
            if !self.calm && at >= calm {
                self.come_to_calm();
            }
            assert!(at < end, "the world does not come to rest: {event}");
            assert!(self.events.len() < 20_000, "events pile up: {}", self.events.len());
            if self.traced {
                eprintln!("{at} {event}");
            }
            self.happen(event);
            if self.now >= pinged && self.only_pings_are_left() {
                return;
            }
        }
    }

    fn only_pings_are_left(&self) -> bool {
        let is_ping =
            |event: &Event| matches!(event, Event::Alarm(entity) if self.entities[entity].pings);
        let end = self.now.plus(12 * 3600 * SECOND);
        // What is let go of the past goes a day later.
        self.events.iter().all(|((at, _), event)| is_ping(event) || *at > end)
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
            Link::Up(_) | Link::Down(_) | Link::LineUp(_) | Link::LineDown(_)
                if self.goes_wrong(Mishap::FrameSlow) =>
            {
                self.chance.below(15 * SECOND)
            }
            Link::Up(_) | Link::Down(_) | Link::LineUp(_) | Link::LineDown(_) => {
                2 * MILLI + self.chance.below(40 * MILLI)
            }
            Link::PortUp(_) | Link::PortDown(_) | Link::Channel(_) => self.chance.below(MILLI),
        };
        let last = self.links.get(&link).copied().unwrap_or_default();
        let at = self.now.plus(travel).max(last);
        self.links.insert(link, at);
        self.at(at, event);
    }
}
