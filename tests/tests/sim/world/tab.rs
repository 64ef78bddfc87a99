//! Tabs, and what the TypeScript shell does around them.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity::Stamp;
use temporal_entity_core::local::{Problem, Topic};
use temporal_entity_core::message::{EntityRef, Meta};
use temporal_entity_core::patch::apply;
use temporal_entity_core::steps;
use temporal_entity_core::store::{TabEffect, TabMachine};
use temporal_entity_core::value::{Value, same};

use super::World;
use super::budget::Work;
use super::event::{Event, Link};
use super::kinds::kind_of;

/// A tab. Its page can be loaded anew.
pub struct Tab {
    pub browser: usize,
    pub machine: TabMachine,
    /// The hub that its port leads to, and the port's number there.
    pub port: Option<(u32, u32)>,
    pub channels: BTreeSet<String>,
    /// The stores that it has open, and what a page that follows the patches shows.
    pub open: BTreeMap<EntityRef, Option<Value>>,
    /// The versions that the page has seen.
    pub seen: BTreeMap<EntityRef, Stamp>,
    /// Unique among the pages, also those of one tab.
    pub page: String,
    pub edits: i64,
    pub answers: Vec<Result<Meta, Problem>>,
    /// Whether it was closed, or vanished, and never comes back.
    pub gone: bool,
    /// What waits in its port while it is frozen.
    frozen: Option<Vec<Event>>,
}

impl World {
    /// A tab opens, and will find its hub; somebody works in it.
    pub(super) fn add_tab(&mut self, browser: usize) {
        let page = self.new_page();
        let number = self.tabs.len();
        self.tabs.push(Tab {
            browser,
            machine: self.new_tab(),
            port: None,
            channels: BTreeSet::new(),
            open: BTreeMap::new(),
            seen: BTreeMap::new(),
            page,
            edits: 0,
            answers: Vec::new(),
            gone: false,
            frozen: None,
        });
        self.after(5, Event::Attach(number));
        self.after(200, Event::Act(number));
    }

    /// A tab that numbers its edits as no other does.
    fn new_tab(&self) -> TabMachine {
        TabMachine::new(self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11)
    }

    fn new_page(&mut self) -> String {
        self.count += 1;
        format!("page-{}", self.count)
    }

    pub(super) fn up(&mut self, tab: usize, life: u32, port: u32, bytes: &[u8]) {
        let browser = self.tabs[tab].browser;
        if self.browsers[browser].life == life && self.browsers[browser].ports.contains_key(&port) {
            let given = bytes.len();
            self.with_hub_of(browser, given, |hub, now| hub.tab_message(now, port, bytes));
        }
    }

    pub(super) fn down(&mut self, number: usize, life: u32, port: u32, bytes: Vec<u8>) {
        let tab = &mut self.tabs[number];
        if tab.port != Some((life, port)) {
            return;
        }
        match &mut tab.frozen {
            Some(waiting) => waiting.push(Event::Down { tab: number, life, port, bytes }),
            None => self.with_tab(number, |machine| machine.receive(&bytes)),
        }
    }

    pub(super) fn heard(&mut self, number: usize, channel: &str, bytes: &[u8]) {
        let tab = &self.tabs[number];
        if tab.channels.contains(channel) && !tab.is_frozen() {
            self.with_tab(number, |machine| machine.receive(bytes));
        }
    }

    /// The tab connects to the hub that is there.
    pub(super) fn attach(&mut self, number: usize) {
        let tab = &mut self.tabs[number];
        if let Some(waiting) = &mut tab.frozen {
            return waiting.push(Event::Attach(number));
        }
        let browser = &mut self.browsers[tab.browser];
        // It may have heard of the same hub twice.
        if tab.gone || tab.port.is_some_and(|(life, _)| life == browser.life) {
            return;
        }
        browser.next_port += 1;
        browser.ports.insert(browser.next_port, number);
        tab.port = Some((browser.life, browser.next_port));
        self.with_tab(number, TabMachine::attached);
    }

    /// A tab freezes: what is broadcast meanwhile is lost for it.
    pub(super) fn freeze(&mut self, number: usize) {
        let tab = &mut self.tabs[number];
        if !tab.gone && tab.frozen.is_none() {
            tab.frozen = Some(Vec::new());
            self.after(8000, Event::Thaw(number));
        }
    }

    pub(super) fn thaw(&mut self, number: usize) {
        let waiting = self.tabs[number].frozen.take().unwrap_or_default();
        for event in waiting {
            self.happen(event);
        }
        self.with_tab(number, TabMachine::resumed);
    }

    pub(super) fn with_tab<R: Default>(
        &mut self,
        number: usize,
        input: impl FnOnce(&mut TabMachine) -> R,
    ) -> R {
        if self.tabs[number].gone {
            return R::default();
        }
        let excepted = self.held_bytes();
        let tab = &mut self.tabs[number];
        let (output, steps) = steps::of(|| input(&mut tab.machine));
        Work { steps, excepted }.check(format_args!("the tab of {}", tab.page), 0);
        while let Some(effect) = self.tabs[number].machine.poll_effect() {
            self.tab_effect(number, effect);
        }
        self.tabs[number].look();
        self.watch_tab(number);
        output
    }

    fn tab_effect(&mut self, number: usize, effect: TabEffect) {
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

    /// A page is loaded anew.
    pub(super) fn reload(&mut self, number: usize) {
        let (page, machine) = (self.new_page(), self.new_tab());
        let tab = &mut self.tabs[number];
        (tab.machine, tab.page, tab.edits) = (machine, page, 0);
        tab.channels.clear();
        tab.open.clear();
        tab.seen.clear();
        self.leave(number, 1);
        self.after(300, Event::Attach(number));
    }

    /// A tab is closed, or dies: its browser's hub learns of it.
    pub(super) fn close_tab(&mut self, number: usize) {
        self.tabs[number].gone = true;
        self.leave(number, 3000);
    }

    fn leave(&mut self, number: usize, within: u64) {
        let tab = &mut self.tabs[number];
        let browser = tab.browser;
        if let Some((life, port)) = tab.port.take() {
            self.after(within, Event::TabGone { browser, life, port });
        }
    }
}

impl Tab {
    /// Whether it hears nothing.
    pub fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

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
    Topic::new(entity.clone(), Some((kind_of(entity).fingerprint)()))
}
