//! What must hold in a world that has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity_core::local::State;
use temporal_entity_core::message::{EntityRef, Method, Reason, Reply, Request};
use temporal_entity_core::patch::diff_like;
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, get};

use super::entity::EntityObject;
use super::{SECOND, World};

impl World {
    /// Nothing that was confirmed is lost, and every tab shows what is stored.
    pub(super) fn check(&mut self) {
        let entities: Vec<_> = self.entities.keys().cloned().collect();
        for entity in &entities {
            let truth = self.truth(entity);
            if let Ok(reply) = &truth {
                self.entities[entity].oracle.check(entity, reply);
            }
            let value = truth.ok().and_then(|reply| reply.value);
            self.check_confirmed(entity, value.as_ref());
            self.check_total(entity);
            if let Some(value) = &value {
                self.check_marks(entity, value);
            }
        }
        for tab in (0..self.tabs.len()).filter(|tab| !self.tabs[*tab].gone).collect::<Vec<_>>() {
            let open: Vec<_> = self.tabs[tab].open.keys().cloned().collect();
            for entity in &open {
                self.check_store(tab, entity);
            }
        }
    }

    /// The value that everybody has to see in the end; an error where there is none.
    fn truth(&mut self, entity: &EntityRef) -> Result<Reply, Reason> {
        let reply = self.visit(entity, Request::new(2, Method::Get, entity.clone()));
        match reply.reason {
            Some(reason) => Err(reason),
            None => Ok(reply),
        }
    }

    /// What a browser was told is stored, is.
    fn check_confirmed(&self, entity: &EntityRef, value: Option<&Value>) {
        let oracle = &self.entities[entity].oracle;
        for (_, (key, number)) in self.book.confirmed.iter().filter(|(of, _)| of == entity) {
            let stored = oracle.lines.get(key);
            assert!(stored >= Some(number), "{entity}: line {key} {number} is lost");
            if let Some(value) = value.filter(|_| !oracle.restored) {
                let line = get(value, "lines").and_then(|lines| get(lines, key));
                assert_eq!(line, stored.map(|n| Value::from(*n)).as_ref(), "{entity}: line {key}");
            }
        }
    }

    /// What was added to the total was added once.
    fn check_total(&self, entity: &EntityRef) {
        let added = self.entities[entity].oracle.added;
        let made = self.book.made(entity);
        assert!(added <= made, "{entity}: {added} was added, and people added {made}");
    }

    /// What was put in stands there once, unless somebody took it out.
    fn check_marks(&self, entity: &EntityRef, value: &Value) {
        let story = get(value, "story").and_then(Value::as_text).expect("a story");
        let mut there: Vec<String> = story.chars().map(String::from).collect();
        let steps = get(value, "steps").and_then(Value::as_array).expect("steps");
        let ids = steps.iter().filter_map(|step| get(step, "id")?.as_text());
        there.extend(ids.map(str::to_owned));
        let count = there.len();
        let there: BTreeSet<String> = there.into_iter().collect();
        assert_eq!(there.len(), count, "{entity}: something was put in twice");
        if self.entities[entity].oracle.restored {
            return;
        }
        let confirmed = self.book.confirmed_marks.iter().filter(|(of, _)| of == entity);
        for mark in confirmed.filter(|mark| !self.book.removed.contains(*mark)) {
            assert!(there.contains(&mark.1), "{entity}: {:?} is lost", mark.1);
        }
    }

    /// A store shows what the entity holds, and waits for nothing.
    fn check_store(&mut self, tab: usize, entity: &EntityRef) {
        let truth = self.truth(entity);
        let tab = &self.tabs[tab];
        let (who, status) = (format!("{} of {entity}", tab.page), tab.machine.status(entity));
        assert!(status.connected, "{who} is not connected");
        assert_eq!(status.pending, 0, "{who} waits: {status:?}");
        match truth {
            Ok(reply) => {
                assert_eq!(status.state, State::Live, "{who}: {status:?}");
                let (value, meta) = (reply.value.expect("a value"), reply.meta.expect("meta"));
                let (view, known) = (tab.machine.view(entity), tab.machine.meta(entity));
                assert_eq!(known.map(|meta| meta.modified), Some(meta.modified), "{who} is behind");
                let differs = diff_like(&value, view.expect("a view"), None);
                assert_eq!(differs, None, "{who} shows something else than {value:?}");
            }
            Err(_) => assert_eq!(status.state, State::Deleted, "{who}: {status:?}"),
        }
    }

    /// Of an entity with pings those who are told are those who want it, though nothing was changed.
    pub(super) fn check_pinged(&self) {
        let wanted = self.wanted();
        for (entity, object) in self.entities.iter().filter(|(_, object)| object.pings) {
            let browsers = wanted.get(entity).cloned().unwrap_or_default();
            check_subscribers(entity, object, &browsers);
        }
    }

    /// Once every entity was changed: those who are told are those who want it, and nobody keeps anything.
    pub(super) fn check_rest(&mut self) {
        let wanted = self.wanted();
        let none = BTreeSet::new();
        for (entity, object) in &mut self.entities {
            let told = check_subscribers(entity, object, wanted.get(entity).unwrap_or(&none));
            if object.pings {
                assert_eq!(object.alarm.is_some(), !told.is_empty(), "the alarm of {entity}");
                continue;
            }
            // One that keeps a part of its past is woken when more of it may go, a day later at the earliest.
            let is_later = object.alarm.is_some_and(|at| at > self.now.plus(12 * 3600 * SECOND));
            let retains = entity.name == "Scrap" && is_later;
            assert!(object.alarm.is_none() || retains, "{entity} is at rest");
            assert!(!object.wants_an_alarm(self.now), "{entity} is at rest");
        }
        for (name, person) in &self.persons {
            let kept = person.machine.as_ref().map_or(0, |machine| machine.kept_len());
            assert_eq!(kept, 0, "{name} is at rest");
            for (browser, entity) in person.interests.keys() {
                let wants = wanted.get(entity).unwrap_or(&none);
                let wants = wants.contains(&(name.clone(), browser.clone()));
                assert!(wants, "{name} keeps that {browser} wants {entity}");
            }
        }
        for browser in self.browsers.iter().filter(|browser| !browser.gone) {
            assert_eq!(
                browser.hub.kept_len(),
                0,
                "{} is at rest: {:?}",
                browser.name,
                browser.socket
            );
        }
    }

    /// The persons and browsers that show each entity.
    fn wanted(&self) -> BTreeMap<EntityRef, BTreeSet<(String, String)>> {
        let mut wanted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for tab in self.tabs.iter().filter(|tab| !tab.gone) {
            let browser = &self.browsers[tab.browser];
            for entity in tab.open.keys() {
                let who = (browser.person.clone(), browser.name.clone());
                wanted.entry(entity.clone()).or_default().insert(who);
            }
        }
        wanted
    }
}

/// Those who are told are those who want it; who they are.
fn check_subscribers(
    entity: &EntityRef,
    object: &EntityObject,
    browsers: &BTreeSet<(String, String)>,
) -> BTreeSet<String> {
    let told: BTreeSet<_> = object.disk.subscribers().expect("a disk").into_iter().collect();
    let lines = object.lines.values().filter(|line| line.subscribed.is_some());
    let on_lines: BTreeSet<_> =
        lines.map(|line| (line.sender.person.clone(), line.sender.browser.clone())).collect();
    assert!(on_lines.is_subset(browsers), "the lines of {entity}: {on_lines:?}");
    let of = |(person, _): &(String, String)| person.clone();
    let persons: BTreeSet<_> = browsers.iter().map(of).collect();
    let others: BTreeSet<_> = browsers.difference(&on_lines).map(of).collect();
    // Whoever has a line may still be told the other way as well, for a while.
    assert!(told.is_subset(&persons), "the subscribers of {entity}: {told:?}");
    assert!(told.is_superset(&others), "the subscribers of {entity}: {told:?}");
    let silent = object.disk.silent().expect("a disk");
    let is_told = |(person, _): &(String, _)| told.contains(person);
    assert!(silent.iter().all(is_told), "of the subscribers of {entity}: {silent:?}");
    told
}
