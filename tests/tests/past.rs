//! The past of an entity against a plain model that keeps every snapshot in full: random writes by several persons, with
//! a clock that stands still, runs and jumps back, and a machine that is read from the disk again at any time.

use proptest::collection::vec;
use proptest::prelude::*;
use temporal_entity::{Entity, EntityField, Stamp};
use temporal_entity_core::field::write;
use temporal_entity_core::message::{
    EntityRef, Envelope, Meta, Method, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::{EntityMachine, Limits};
use temporal_entity_core::patch::{apply, is_empty};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_core::value::{Value, same};
use temporal_entity_tests::notation::{BASE, parse};
use temporal_entity_tests::notes::Page;

const HOUR: u64 = 3_600_000_000;

#[derive(Clone, Debug)]
enum Step {
    Edit { person: usize, edit: usize, wait: i64 },
    Delete { person: usize, wait: i64 },
    Undelete { person: usize, wait: i64 },
    Reload,
}

const EDITS: [&str; 9] = [
    r#"{"title": "a"}"#,
    r#"{"title": "b"}"#,
    r#"{"total": [4, 1]}"#,
    r#"{"story": [2, 0, 0, "x"]}"#,
    r#"{"lines": {"k": 1}}"#,
    r#"{"lines": {"k": [1]}}"#,
    r#"{"marks": [3, ["m"], []]}"#,
    r#"{"steps": [5, "id", {"s": [0, {"id": "s", "done": true}]}, [[true, "s"]]]}"#,
    r#"{"steps": [5, "id", {"s": [1]}]}"#,
];

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        Just(0),
        1..1_000_i64,
        Just(HOUR as i64 - 1),
        Just(HOUR as i64),
        Just(-(HOUR as i64)),
    ];
    (0..2_usize, 0..EDITS.len(), wait, 0..20_u8).prop_map(|(person, edit, wait, kind)| match kind {
        0 => Step::Delete { person, wait },
        1..=2 => Step::Undelete { person, wait },
        3..=4 => Step::Reload,
        _ => Step::Edit { person, edit, wait },
    })
}

/// A snapshot in full.
#[derive(Debug)]
struct Kept {
    valid_from: Stamp,
    modified: Stamp,
    person: String,
    deleted: bool,
    value: Value,
    /// Whether a deletion or its undoing made it, which nothing joins.
    alone: bool,
}

struct Run {
    machine: EntityMachine<Page>,
    storage: MemoryStorage,
    now: u64,
    requests: u64,
    kept: Vec<Kept>,
}

fn stamp(micros: u64) -> Stamp {
    Stamp::from_micros(micros).expect("an instant")
}

fn load(storage: &MemoryStorage) -> EntityMachine<Page> {
    EntityMachine::load(storage, "a", Limits::default()).expect("a disk")
}

impl Run {
    fn new() -> Run {
        let storage = MemoryStorage::default();
        let (machine, now) = (load(&storage), BASE + 100 * HOUR);
        let mut run = Run { machine, storage, now, requests: 0, kept: Vec::new() };
        let reply = run.ask(0, Method::Post, |request| {
            request.value = Some(write(&Page { title: "new".into(), ..Page::default() }));
        });
        assert_eq!(reply.status, 201);
        run.keep(&reply.meta.expect("a meta"), false);
        run
    }

    fn ask(&mut self, person: usize, method: Method, fill: impl FnOnce(&mut Request)) -> Reply {
        self.requests += 1;
        let entity = EntityRef::new(Page::ENTITY, "a").expect("a name");
        let mut request = Request::new(self.requests, method, entity);
        fill(&mut request);
        let sender = Sender::new(format!("p{person}"), format!("b{person}"));
        let envelope = Envelope { sender, request };
        self.machine.request(&mut self.storage, stamp(self.now), envelope).expect("a disk")
    }

    fn value(&mut self) -> Value {
        let reply = self.ask(9, Method::Get, |_| {});
        reply.value.or(self.kept.last().map(|kept| kept.value.clone())).expect("a value")
    }

    /// What the entity says of its newest version, checked against the rules and kept.
    fn keep(&mut self, meta: &Meta, alone: bool) {
        let value = self.value();
        let last = self.kept.last();
        assert!(last.is_none_or(|last| last.modified < meta.modified), "versions increase");
        let joins = last.is_some_and(|last| {
            let within = meta.modified.micros() - last.valid_from.micros() < HOUR;
            !alone && !last.alone && last.person == meta.person && within
        });
        let valid_from = match last.filter(|_| joins) {
            Some(last) => last.valid_from,
            None => meta.modified,
        };
        assert_eq!(meta.valid_from, valid_from, "joined as the rules say");
        if joins {
            self.kept.pop();
        }
        let (modified, person, deleted) = (meta.modified, meta.person.clone(), meta.deleted);
        self.kept.push(Kept { valid_from, modified, person, deleted, value, alone });
    }

    fn step(&mut self, step: &Step) {
        let (reply, alone) = match *step {
            Step::Reload => {
                self.machine = load(&self.storage);
                return;
            }
            Step::Edit { person, edit, wait } => {
                self.now = self.now.saturating_add_signed(wait);
                let version = self.kept.last().expect("a version").modified;
                let reply = self.ask(person, Method::PatchDiff, |request| {
                    request.diff = Some(parse(EDITS[edit]));
                    request.if_unmodified_since = Token::At(version);
                });
                (reply, false)
            }
            Step::Delete { person, wait } => {
                self.now = self.now.saturating_add_signed(wait);
                (self.ask(person, Method::Delete, |_| {}), true)
            }
            Step::Undelete { person, wait } => {
                self.now = self.now.saturating_add_signed(wait);
                (self.ask(person, Method::PatchUndelete, |_| {}), true)
            }
        };
        if let (200, Some(meta)) = (reply.status, reply.meta)
            && self.kept.last().is_none_or(|last| last.modified != meta.modified)
        {
            self.keep(&meta, alone);
        }
    }

    fn check_history(&mut self) {
        let mut pages: Vec<Meta> = Vec::new();
        let mut before = Token::Missing;
        loop {
            let reply = self.ask(0, Method::History, |request| {
                request.past.before = before;
                request.past.limit = Some(3);
            });
            pages.extend(reply.history.expect("a history"));
            match reply.before {
                Some(cursor) => before = Token::At(cursor),
                None => break,
            }
        }
        assert_eq!(pages.len(), self.kept.len());
        let mut end = None;
        let mut later: Option<Value> = None;
        for (meta, kept) in pages.iter().zip(self.kept.iter().rev()) {
            assert_eq!((meta.valid_from, meta.modified), (kept.valid_from, kept.modified));
            assert_eq!((&meta.person, meta.deleted), (&kept.person, kept.deleted));
            assert_eq!(meta.valid_to, end, "no gap between two snapshots");
            if let Some(value) = later {
                assert!(same(&value, &kept.value), "previousValues lead back");
            }
            end = Some(meta.valid_from);
            later = meta.previous_values.as_ref().map(|previous| {
                let mut value = kept.value.clone();
                apply(&mut value, previous).expect("it fits");
                value
            });
        }
        assert!(later.is_none(), "the first snapshot has none before it");
    }

    /// The snapshot as of an instant.
    fn as_of(&self, instant: Stamp) -> Option<&Kept> {
        self.kept.iter().rev().find(|kept| kept.valid_from <= instant)
    }

    fn check_as_of(&mut self, instant: Stamp) {
        let reply = self.ask(0, Method::Get, |request| request.past.as_of = Token::At(instant));
        match self.as_of(instant) {
            None => assert_eq!((reply.status, reply.meta), (404, None)),
            Some(kept) => {
                assert_eq!(reply.status, if kept.deleted { 404 } else { 200 });
                assert_eq!(reply.meta.expect("a meta").modified, kept.modified);
                assert!(kept.deleted || same(&reply.value.expect("a value"), &kept.value));
            }
        }
    }

    fn check_changes(&mut self, from: Stamp, to: Stamp) {
        let reply = self.ask(0, Method::Changes, |request| {
            request.past.from = Token::At(from);
            request.past.to = Token::At(to);
        });
        let (Some(there), Some(here)) = (self.as_of(from), self.as_of(to)) else {
            return assert_eq!(reply.status, 404);
        };
        if there.deleted || here.deleted {
            return assert_eq!(reply.status, 404);
        }
        let diff = reply.diff.expect("a diff");
        assert_eq!(reply.meta.expect("a meta").modified, here.modified);
        assert_eq!(reply.since, Some(there.modified));
        let mut value = there.value.clone();
        apply(&mut value, &diff).expect("it fits");
        assert!(same(&value, &here.value), "{diff:?}");
        let mut shape = diff.clone();
        assert!(is_empty(&diff) || Page::KIND.conform_patch(&mut shape).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_past_is_what_it_was(steps in vec(step(), 1..25), picks in vec((0..30_usize, -1..2_i64), 6)) {
        let mut run = Run::new();
        for step in &steps {
            run.step(step);
        }
        run.check_history();
        let instants: Vec<Stamp> = picks.iter().map(|(at, beside)| {
            let at = run.kept[at % run.kept.len()].valid_from.micros();
            stamp(at.saturating_add_signed(*beside))
        }).collect();
        for pair in instants.windows(2) {
            run.check_as_of(pair[0]);
            run.check_changes(pair[0], pair[1]);
        }
    }
}
