//! What must hold in a world that has come to rest.

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::codec::decode_own;
use temporal_entity_core::local::State;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::object::LoggedChange;
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, get, same};

use super::World;
use super::workload::lines;

impl World {
    pub(super) fn check(&mut self) {
        let entities: Vec<_> = self.entities.keys().cloned().collect();
        for entity in &entities {
            let stored = self.check_history(entity);
            self.check_confirmed(entity, &stored);
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
        for (stamp, bytes) in stored.changes_from(Stamp::default()).expect("a disk") {
            let change: Value = decode_own(&bytes).expect("a change");
            let change = LoggedChange::from_value(&change).expect("a change");
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
                assert!(view.is_some_and(|view| same(view, &value)), "{who} shows {view:?}");
            }
            Err(_) => assert_eq!(status.state, State::Deleted, "{who}: {status:?}"),
        }
    }
}
