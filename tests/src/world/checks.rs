//! What must hold in a world that has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity::Stamp;
use temporal_entity_core::local::State;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::object::LoggedChange;
use temporal_entity_core::patch::{Form, diff_like, form};
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, get};

use super::World;
use super::workload::lines;

impl World {
    pub(super) fn check(&mut self) {
        let entities: Vec<_> = self.entities.keys().cloned().collect();
        for entity in &entities {
            let stored = self.check_history(entity);
            self.check_confirmed(entity, &stored);
            self.check_marks(entity);
        }
        for tab in 0..self.tabs.len() {
            let open: Vec<_> = self.tabs[tab].open.keys().cloned().collect();
            for entity in open {
                self.check_store(tab, &entity);
            }
        }
    }

    /// Every version follows on the one before, and nothing was applied twice: the numbers of a line only go up.
    fn check_history(&self, entity: &EntityRef) -> BTreeMap<String, i64> {
        let mut last = BTreeMap::new();
        let mut version = None;
        let stored = &self.entities[entity].storage;
        for (stamp, bytes) in stored.changes_from(Stamp::default(), usize::MAX).expect("a disk") {
            let change = LoggedChange::decode(stamp, &bytes).expect("a change");
            assert_eq!((change.since, change.meta.modified), (version, stamp));
            version = Some(stamp);
            for (key, number) in lines(&change.diff) {
                let before = last.insert(key.clone(), number);
                assert!(
                    before.is_none_or(|before| before < number),
                    "{entity}: line {key} was set to {number} after {before:?}"
                );
            }
        }
        last
    }

    /// What a browser was told is stored, is.
    fn check_confirmed(&mut self, entity: &EntityRef, stored: &BTreeMap<String, i64>) {
        let truth = self.truth(entity).ok().and_then(|reply| reply.value);
        for (of, (key, number)) in &self.ledger.confirmed {
            if of != entity {
                continue;
            }
            assert!(stored.get(key) >= Some(number), "{entity}: line {key} {number} is lost");
            if let Some(value) = &truth {
                let line = get(value, "lines").and_then(|lines| get(lines, key));
                assert_eq!(line, Some(&Value::from(stored[key])), "{entity}: line {key}");
            }
        }
    }

    /// What was put in stands there once, unless somebody took it out; and what was added adds up.
    fn check_marks(&mut self, entity: &EntityRef) {
        let added = self.added(entity);
        let Some(value) = self.truth(entity).ok().and_then(|reply| reply.value) else { return };
        assert_eq!(get(&value, "total"), Some(&Value::from(added)), "{entity}: the total");
        let story = get(&value, "story").and_then(Value::as_text).expect("a story");
        let mut there: Vec<String> = story.chars().map(String::from).collect();
        let steps = get(&value, "steps").and_then(Value::as_array).expect("steps");
        let ids = steps.iter().filter_map(|step| get(step, "id")?.as_text());
        there.extend(ids.map(str::to_owned));
        let count = there.len();
        let there: BTreeSet<String> = there.into_iter().collect();
        assert_eq!(there.len(), count, "{entity}: something was put in twice");
        let confirmed = self.ledger.confirmed_marks.iter().filter(|(of, _)| of == entity);
        for mark in confirmed.filter(|mark| !self.ledger.removed.contains(*mark)) {
            assert!(there.contains(&mark.1), "{entity}: {:?} is lost", mark.1);
        }
    }

    /// What all changes of an entity added to its total.
    fn added(&self, entity: &EntityRef) -> i64 {
        let changes = self.entities[entity].storage.changes_from(Stamp::default(), usize::MAX);
        let added = changes.expect("a disk").into_iter().map(|(stamp, bytes)| {
            let change = LoggedChange::decode(stamp, &bytes).expect("a change");
            match get(&change.diff, "total").map(form) {
                Some(Form::Add(number)) => i64::try_from(number).expect("a small number"),
                Some(_) => panic!("the total is only added to"),
                None => 0,
            }
        });
        added.sum()
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
}
