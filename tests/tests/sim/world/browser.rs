//! Browsers: hubs, and what the TypeScript shell does around them.

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::hub::{HubEffect, HubMachine};
use temporal_entity_core::object::LineId;
use temporal_entity_core::person::SocketId;
use temporal_entity_core::steps;

use super::World;
use super::budget::Work;
use super::bug::Bug;
use super::clock::Clock;
use super::entity::EntityObject;
use super::event::{Event, Link};
use super::mishap::Mishap;
use super::person::Socket;

/// A browser: its hub, which can be ended and replaced at any time.
pub struct Browser {
    pub name: String,
    pub person: String,
    pub clock: Clock,
    pub hub: HubMachine,
    /// Which hub it is.
    pub life: u32,
    pub socket: Option<SocketId>,
    /// Its direct lines, by the hub's numbers.
    pub lines: BTreeMap<u32, LineId>,
    pub next_port: u32,
    /// The tab at each port.
    pub ports: BTreeMap<u32, usize>,
    /// Whether it vanished, and never comes back.
    pub gone: bool,
    /// When the timer rings, by the true time, and for what the hub set it.
    timer: Option<(Stamp, Stamp)>,
}

impl World {
    pub(super) fn add_browser(&mut self, person: &str, tabs: usize) {
        let number = self.browsers.len();
        self.browsers.push(Browser {
            name: format!("browser-{number}"),
            person: person.to_owned(),
            clock: Clock::default(),
            hub: HubMachine::new(self.now, self.chance.draw()),
            life: 0,
            socket: None,
            lines: BTreeMap::new(),
            next_port: 0,
            ports: BTreeMap::new(),
            gone: false,
            timer: None,
        });
        for _ in 0..tabs {
            self.add_tab(number);
        }
    }

    /// Gives a hub an input, and carries out what it asks for.
    pub(super) fn with_hub(&mut self, number: usize, input: impl FnOnce(&mut HubMachine, Stamp)) {
        self.with_hub_of(number, 0, input);
    }

    /// The same with so many bytes of input.
    pub(super) fn with_hub_of(
        &mut self,
        number: usize,
        bytes: usize,
        input: impl FnOnce(&mut HubMachine, Stamp),
    ) {
        let excepted = self.held_bytes();
        let browser = &mut self.browsers[number];
        if browser.gone {
            return;
        }
        let life = browser.life;
        let now = browser.clock.show(self.now);
        let ((), steps) = steps::of(|| input(&mut browser.hub, now));
        Work { steps, excepted }.check(format_args!("the hub of {}", browser.name), bytes);
        while let Some(effect) = self.browsers[number].hub.poll_effect() {
            if self.goes_wrong(Mishap::HubEnds) {
                return self.end_hub(number);
            }
            self.hub_effect(number, life, effect);
        }
    }

    /// Bytes of all values and their recent changes, which a browser may hold all of.
    pub(super) fn held_bytes(&self) -> usize {
        self.entities.values().map(EntityObject::most_held).sum()
    }

    fn hub_effect(&mut self, number: usize, life: u32, effect: HubEffect) {
        let browser = &mut self.browsers[number];
        match effect {
            HubEffect::OpenSocket => self.open_socket(number),
            HubEffect::Send(bytes) => {
                if let Some(socket) = browser.socket {
                    self.note_sent(number, &bytes);
                    self.over(Link::Up(socket), Event::ToServer(socket, bytes));
                }
            }
            HubEffect::ToTab { tab: port, bytes } => {
                if let Some(&tab) = browser.ports.get(&port) {
                    self.over(Link::PortDown(tab), Event::Down { tab, life, port, bytes });
                }
            }
            HubEffect::Broadcast { channel, bytes } => {
                for tab in 0..self.tabs.len() {
                    if self.tabs[tab].browser == number {
                        let (channel, bytes) = (channel.clone(), bytes.clone());
                        self.over(Link::Channel(tab), Event::Heard { tab, channel, bytes });
                    }
                }
            }
            HubEffect::OpenLine { line, ticket } => {
                self.leave_line(number, line);
                self.open_line(number, line, &ticket);
            }
            HubEffect::SendLine { line, bytes } => {
                if let Some(line) = browser.lines.get(&line).copied() {
                    self.note_sent(number, &bytes);
                    self.over(Link::LineUp(line), Event::LineToEntity(line, bytes));
                }
            }
            HubEffect::CloseLine(line) => self.leave_line(number, line),
            HubEffect::SetTimer(set_for) => {
                let at = browser.clock.true_time(self.now, set_for);
                browser.timer = Some((at, set_for));
                self.at(at, Event::Timer { browser: number, life, at });
            }
        }
    }

    fn open_socket(&mut self, number: usize) {
        let id = self.sockets.len() as SocketId;
        let Browser { life, person, .. } = &self.browsers[number];
        let (browser, life, person) = (number, *life, person.clone());
        let socket = Socket {
            browser,
            life,
            person,
            accepted: false,
            cut_up: false,
            cut_down: false,
            unread: 0,
        };
        self.sockets.insert(id, socket);
        if let Some(before) = self.browsers[number].socket.replace(id) {
            // The shell closes it.
            self.over(Link::Up(before), Event::ServerNotices(before));
        }
        self.over(Link::Up(id), Event::Accept(id));
    }

    /// The hub that a socket belongs to, if it is still the one in use.
    fn user(&self, id: SocketId) -> Option<usize> {
        let socket = self.sockets.get(&id)?;
        let browser = &self.browsers[socket.browser];
        (browser.life == socket.life && browser.socket == Some(id)).then_some(socket.browser)
    }

    pub(super) fn frame_to_hub(&mut self, id: SocketId, frame: &[u8]) {
        if self.sockets.get(&id).is_some_and(|socket| socket.cut_down) {
            return;
        }
        if self.is_attackers(self.sockets[&id].browser) {
            return self.attacker_hears(id, frame);
        }
        let Some(browser) = self.user(id) else { return };
        if self.browsers[browser].gone {
            return;
        }
        self.hear(browser, frame);
    }

    /// A hub hears a frame, by whichever socket.
    pub(super) fn hear(&mut self, browser: usize, frame: &[u8]) {
        self.note_received(browser, frame);
        let skips = self.bug == Some(Bug::VersionCheckSkipped);
        let changed = if skips { self.onto_what_is_held(browser, frame) } else { None };
        let frame = changed.as_deref().unwrap_or(frame);
        self.with_hub_of(browser, frame.len(), |hub, now| hub.socket_frame(now, frame));
    }

    pub(super) fn hub_notices(&mut self, id: SocketId, code: u16) {
        if let Some(browser) = self.user(id) {
            self.browsers[browser].socket = None;
            self.with_hub(browser, |hub, now| hub.socket_closed(now, code));
        }
    }

    pub(super) fn timer(&mut self, number: usize, life: u32, at: Stamp) {
        let browser = &mut self.browsers[number];
        if browser.life != life || browser.timer.is_none_or(|(set, _)| set != at) {
            return;
        }
        if let Some((_, set_for)) = browser.timer.take() {
            // A clock that was set back meanwhile does not make the hub wait once more.
            self.with_hub(number, |hub, now| hub.timer(now.max(set_for)));
        }
    }

    pub(super) fn tab_gone(&mut self, number: usize, life: u32, port: u32) {
        let browser = &mut self.browsers[number];
        if browser.life == life && browser.ports.remove(&port).is_some() {
            self.with_hub(number, |hub, now| hub.tab_gone(now, port));
        }
    }

    /// Ends a hub without a word; its tabs find the next one.
    pub(super) fn end_hub(&mut self, number: usize) {
        let seed = self.chance.draw();
        let browser = &mut self.browsers[number];
        if browser.gone {
            return;
        }
        browser.hub = HubMachine::new(browser.clock.show(self.now), seed);
        browser.life += 1;
        browser.timer = None;
        browser.ports.clear();
        let socket = browser.socket.take();
        if let Some(socket) = socket {
            self.after(3000, Event::ServerNotices(socket));
        }
        self.lose_lines(number, 3000);
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].browser == number && !self.tabs[tab].gone {
                self.after(300, Event::Attach(tab));
            }
        }
    }

    /// A browser vanishes: its machine lost power. The server notices after a while.
    pub(super) fn vanish(&mut self, number: usize) {
        self.browsers[number].gone = true;
        for tab in self.tabs.iter_mut().filter(|tab| tab.browser == number) {
            tab.gone = true;
        }
        if let Some(socket) = self.browsers[number].socket {
            self.cut(socket, true, true);
            self.after(60_000, Event::ServerNotices(socket));
        }
        self.lose_lines(number, 60_000);
    }

    /// From now on nothing gets through in these directions. Both sides notice, sooner or later.
    pub(super) fn cut(&mut self, id: SocketId, up: bool, down: bool) {
        if let Some(socket) = self.sockets.get_mut(&id) {
            socket.cut_up |= up;
            socket.cut_down |= down;
            self.after(5000, Event::ServerNotices(id));
            self.after(2000, Event::HubNotices(id, 1006));
        }
    }
}
