//! Browsers: hubs and tabs, and what the TypeScript shell does around them.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity::Stamp;
use temporal_entity_core::hub::{HubEffect, HubMachine};
use temporal_entity_core::local::{Problem, Topic};
use temporal_entity_core::message::{EntityRef, Meta};
use temporal_entity_core::patch::apply;
use temporal_entity_core::person::SocketId;
use temporal_entity_core::schema::fingerprint;
use temporal_entity_core::store::{TabEffect, TabMachine};
use temporal_entity_core::value::{Value, same};

use super::server::Socket;
use super::{Event, Link, World};
use crate::notes::Page;

/// A browser: its hub, which can be ended and replaced at any time.
pub struct Browser {
    pub name: String,
    pub person: String,
    pub hub: HubMachine,
    /// Which hub it is.
    pub life: u32,
    pub socket: Option<SocketId>,
    pub next_port: u32,
    /// The tab at each port.
    pub ports: BTreeMap<u32, usize>,
    timer: Option<Stamp>,
}

/// A tab. It is never closed, but its page can be loaded anew.
pub struct Tab {
    pub browser: usize,
    pub machine: TabMachine,
    /// The hub that its port leads to, and the port's number there.
    pub port: Option<(u32, u32)>,
    pub channels: BTreeSet<String>,
    /// The stores that it has open, and what a page that follows the patches shows.
    pub open: BTreeMap<EntityRef, Option<Value>>,
    /// Unique among the pages, also those of one tab.
    pub page: String,
    pub edits: i64,
    pub answers: Vec<Result<Meta, Problem>>,
}

impl World {
    pub(super) fn add_browser(&mut self, person: &str, tabs: usize) {
        let number = self.browsers.len();
        self.browsers.push(Browser {
            name: format!("browser-{number}"),
            person: person.to_owned(),
            hub: HubMachine::new(self.now, self.chance.next()),
            life: 0,
            socket: None,
            next_port: 0,
            ports: BTreeMap::new(),
            timer: None,
        });
        for _ in 0..tabs {
            let page = self.new_page();
            self.tabs.push(Tab {
                browser: number,
                machine: TabMachine::new(),
                port: None,
                channels: BTreeSet::new(),
                open: BTreeMap::new(),
                page,
                edits: 0,
                answers: Vec::new(),
            });
        }
    }

    pub(super) fn new_page(&mut self) -> String {
        self.count += 1;
        format!("page-{}", self.count)
    }

    /// Gives a hub an input, and carries out what it asks for.
    pub(super) fn with_hub(&mut self, browser: usize, input: impl FnOnce(&mut HubMachine, Stamp)) {
        input(&mut self.browsers[browser].hub, self.now);
        while let Some(effect) = self.browsers[browser].hub.poll_effect() {
            let life = self.browsers[browser].life;
            match effect {
                HubEffect::OpenSocket => self.open_socket(browser),
                HubEffect::Send(bytes) => {
                    if let Some(socket) = self.browsers[browser].socket {
                        self.note_sent(browser, &bytes);
                        self.over(Link::Up(socket), Event::ToServer(socket, bytes));
                    }
                }
                HubEffect::ToTab { tab: port, bytes } => {
                    if let Some(&tab) = self.browsers[browser].ports.get(&port) {
                        self.over(Link::PortDown(tab), Event::Down { tab, life, port, bytes });
                    }
                }
                HubEffect::Broadcast { channel, bytes } => {
                    for tab in 0..self.tabs.len() {
                        if self.tabs[tab].browser == browser {
                            let (channel, bytes) = (channel.clone(), bytes.clone());
                            self.over(Link::Channel(tab), Event::Heard { tab, channel, bytes });
                        }
                    }
                }
                // The Persons of this world give no tickets.
                HubEffect::OpenLine { .. } | HubEffect::SendLine { .. } => unreachable!(),
                HubEffect::CloseLine(_) => {}
                HubEffect::SetTimer(at) => {
                    self.browsers[browser].timer = Some(at);
                    self.at(at, Event::Timer { browser, life, at });
                }
            }
        }
    }

    fn open_socket(&mut self, browser: usize) {
        let id = self.sockets.len() as SocketId;
        let Browser { life, person, .. } = &self.browsers[browser];
        let (life, person) = (*life, person.clone());
        self.sockets.insert(id, Socket { browser, life, person, accepted: false, cut: false });
        self.browsers[browser].socket = Some(id);
        self.over(Link::Up(id), Event::Accept(id));
    }

    /// The hub that a socket belongs to, if it is still the one in use.
    fn user(&self, id: SocketId) -> Option<usize> {
        let socket = self.sockets.get(&id)?;
        let browser = &self.browsers[socket.browser];
        (browser.life == socket.life && browser.socket == Some(id)).then_some(socket.browser)
    }

    pub(super) fn frame_to_hub(&mut self, id: SocketId, frame: &[u8]) {
        if self.sockets.get(&id).is_some_and(|socket| socket.cut) {
            return;
        }
        if let Some(browser) = self.user(id) {
            self.note_received(browser, frame);
            self.with_hub(browser, |hub, now| hub.socket_frame(now, frame));
        }
    }

    pub(super) fn hub_notices(&mut self, id: SocketId, code: u16) {
        if let Some(browser) = self.user(id) {
            self.browsers[browser].socket = None;
            self.with_hub(browser, |hub, now| hub.socket_closed(now, code));
        }
    }

    pub(super) fn timer(&mut self, browser: usize, life: u32, at: Stamp) {
        let set = &mut self.browsers[browser];
        if set.life == life && set.timer == Some(at) {
            set.timer = None;
            self.with_hub(browser, HubMachine::timer);
        }
    }

    pub(super) fn up(&mut self, tab: usize, life: u32, port: u32, bytes: &[u8]) {
        let browser = self.tabs[tab].browser;
        if self.browsers[browser].life == life && self.browsers[browser].ports.contains_key(&port) {
            self.with_hub(browser, |hub, now| hub.tab_message(now, port, bytes));
        }
    }

    pub(super) fn down(&mut self, tab: usize, life: u32, port: u32, bytes: &[u8]) {
        if self.tabs[tab].port == Some((life, port)) {
            self.with_tab(tab, |machine| machine.receive(bytes));
        }
    }

    pub(super) fn heard(&mut self, tab: usize, channel: &str, bytes: &[u8]) {
        if self.tabs[tab].channels.contains(channel) {
            self.with_tab(tab, |machine| machine.receive(bytes));
        }
    }

    /// The tab connects to the hub that is there.
    pub(super) fn attach(&mut self, tab: usize) {
        let browser = &mut self.browsers[self.tabs[tab].browser];
        browser.next_port += 1;
        browser.ports.insert(browser.next_port, tab);
        self.tabs[tab].port = Some((browser.life, browser.next_port));
        self.with_tab(tab, TabMachine::attached);
    }

    pub(super) fn with_tab<R>(
        &mut self,
        number: usize,
        input: impl FnOnce(&mut TabMachine) -> R,
    ) -> R {
        let output = input(&mut self.tabs[number].machine);
        while let Some(effect) = self.tabs[number].machine.poll_effect() {
            let tab = &mut self.tabs[number];
            match effect {
                TabEffect::Send(bytes) => {
                    if let Some((life, port)) = tab.port {
                        let event = Event::Up { tab: number, life, port, bytes };
                        self.over(Link::PortUp(number), event);
                    }
                }
                TabEffect::OpenChannel(name) => drop(tab.channels.insert(name)),
                TabEffect::CloseChannel(name) => drop(tab.channels.remove(&name)),
                TabEffect::Changed { entity, patch } => tab.follow(&entity, patch),
                TabEffect::Answered { result, .. } => tab.answers.push(result),
            }
        }
        self.tabs[number].look();
        output
    }

    /// Ends a hub without a word; its tabs find the next one.
    pub(super) fn end_hub(&mut self, number: usize) {
        let hub = HubMachine::new(self.now, self.chance.next());
        let browser = &mut self.browsers[number];
        browser.hub = hub;
        browser.life += 1;
        browser.timer = None;
        browser.ports.clear();
        let socket = browser.socket.take();
        if let Some(socket) = socket {
            self.after(3000, Event::ServerNotices(socket));
        }
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].browser == number {
                self.after(300, Event::Attach(tab));
            }
        }
    }

    /// A page is loaded anew.
    pub(super) fn reload(&mut self, number: usize) {
        let page = self.new_page();
        let tab = &mut self.tabs[number];
        (tab.machine, tab.page, tab.edits) = (TabMachine::new(), page, 0);
        tab.channels.clear();
        tab.open.clear();
        let browser = tab.browser;
        if let Some((_, port)) =
            tab.port.take().filter(|(life, _)| self.browsers[browser].life == *life)
        {
            self.browsers[browser].ports.remove(&port);
            self.with_hub(browser, |hub, now| hub.tab_gone(now, port));
        }
        self.after(300, Event::Attach(number));
    }

    pub(super) fn cut(&mut self, id: SocketId) {
        if let Some(socket) = self.sockets.get_mut(&id) {
            socket.cut = true;
            self.after(5000, Event::ServerNotices(id));
            self.after(2000, Event::HubNotices(id, 1006));
        }
    }
}

impl Tab {
    /// Does what a page does that shows a store by its patches.
    fn follow(&mut self, entity: &EntityRef, patch: Option<Value>) {
        let Some(shown) = self.open.get_mut(entity) else { return };
        match (patch, shown.as_mut()) {
            (Some(patch), Some(shown)) => drop(apply(shown, &patch).expect("a patch that fits")),
            (Some(patch), None) => assert_eq!(patch, Value::Map(Vec::new()), "of nothing"),
            (None, _) => *shown = self.machine.view(entity).cloned(),
        }
    }

    /// What the patches led to is what there is.
    fn look(&self) {
        for (entity, shown) in &self.open {
            let view = self.machine.view(entity);
            let equal = match (shown, view) {
                (Some(shown), Some(view)) => same(shown, view),
                (None, None) => true,
                _ => false,
            };
            assert!(equal, "{}: the patches led to {shown:?}, not to {view:?}", self.page);
            assert!(self.channels.contains(&topic(entity).channel()));
        }
    }
}

/// An entity as the pages of this world know it.
pub fn topic(entity: &EntityRef) -> Topic {
    Topic::new(entity.clone(), Some(fingerprint::<Page>()))
}
