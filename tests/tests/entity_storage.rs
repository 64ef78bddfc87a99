//! The entity machine on disks that fail, and what it leaves on one that does not.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Content, EntityRef, Envelope, Method, Reply, Request, Sender};
use temporal_entity_core::object::{
    DAILY_BYTES, Delivered, EntityMachine, Limits, Log, LoggedChange,
};
use temporal_entity_core::storage::{MemoryStorage, Storage, StorageError};
use temporal_entity_core::value::Value;
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notation::{BASE, parse};
use temporal_entity_tests::notes::Note;

/// Parts of values are small, so that they come in several.
const LIMITS: Limits = Limits {
    part_bytes: 1000,
    message_bytes: 8 << 20,
    value_bytes: 1 << 20,
    lines: None,
    ping: None,
    quota_bytes: None,
    daily_bytes: DAILY_BYTES,
};

/// An object as its host runs it: on an error the disk is as before, and the machine is read again.
struct Host {
    storage: Faulty<MemoryStorage>,
    machine: Option<EntityMachine<Note>>,
    next: u64,
}

impl Host {
    fn new() -> Host {
        Host { storage: Faulty::default(), machine: None, next: 0 }
    }

    fn step<R>(
        &mut self,
        step: impl FnOnce(
            &mut EntityMachine<Note>,
            &mut Faulty<MemoryStorage>,
        ) -> Result<R, StorageError>,
    ) -> Result<R, StorageError> {
        let before = self.storage.inner.clone();
        let mut machine = match self.machine.take() {
            Some(machine) => machine,
            None => EntityMachine::load(&self.storage, "a", LIMITS)?,
        };
        match step(&mut machine, &mut self.storage) {
            Ok(output) => {
                self.machine = Some(machine);
                Ok(output)
            }
            Err(error) => {
                self.storage.inner = before;
                Err(error)
            }
        }
    }

    fn send(&mut self, id: u64, method: Method, field: &str) -> Result<Reply, StorageError> {
        let mut request = Request::new(id, method, EntityRef::new("Note", "a").unwrap());
        match method {
            Method::Post => request.value = Some(parse(field)),
            Method::PatchDiff => {
                let version = self.read().meta.map(|meta| meta.modified);
                request.if_unmodified_since = version.into();
                request.diff = Some(parse(field));
            }
            _ => {}
        }
        let now = Stamp::from_micros(BASE + id).unwrap();
        let sender = Sender::new(format!("p{}", id % 3), "b".to_owned());
        self.step(|machine, storage| machine.request(storage, now, Envelope { sender, request }))
    }

    /// The next request, which goes well.
    fn ask(&mut self, method: Method, field: &str) -> Reply {
        self.next += 1;
        self.send(self.next, method, field).unwrap()
    }

    fn read(&mut self) -> Reply {
        self.send(0, Method::Get, "").unwrap()
    }

    fn reload(&mut self) {
        self.machine = None;
    }

    fn chunks(&mut self) -> u32 {
        self.read().meta.unwrap().chunks
    }

    /// Parts of the value in the latest checkpoint.
    fn parts(&self) -> usize {
        self.storage.latest_checkpoint().unwrap().unwrap().parts.len()
    }
}

fn titled(length: usize) -> String {
    format!(r#"{{"title": "{}"}}"#, "x".repeat(length))
}

#[test]
fn a_write_that_fails_leaves_nothing_half_done() {
    let long = titled(70_000);
    let script = [
        (Method::Post, r#"{"title": "a"}"#),
        (Method::Subscribe, ""),
        (Method::PatchDiff, r#"{"title": "b"}"#),
        (Method::PatchDiff, &long),
        (Method::Delete, ""),
        (Method::PatchUndelete, ""),
        (Method::PatchDiff, r#"{"title": "c", "lines": {"x": 1}}"#),
        (Method::Unsubscribe, ""),
        (Method::PatchDiff, r#"{"lines": {"x": [1]}}"#),
    ];
    let mut good = Host::new();
    let replies: Vec<_> =
        (1..).zip(script).map(|(id, (method, field))| good.send(id, method, field)).collect();
    let writes = good.storage.writes;
    assert!(writes > script.len());
    for fails_at in 0..writes {
        let mut host = Host::new();
        host.storage.fails_at = Some(fails_at);
        let mut failures = 0;
        for ((id, (method, field)), expected) in (1..).zip(script).zip(&replies) {
            let before = host.storage.inner.clone();
            let reply = host.send(id, method, field).or_else(|_| {
                failures += 1;
                assert_eq!(format!("{:?}", host.storage.inner), format!("{before:?}"));
                // The browser repeats it.
                host.send(id, method, field)
            });
            assert_eq!(&reply, expected, "write {fails_at}");
        }
        assert_eq!(failures, 1);
        assert_eq!(format!("{:?}", host.storage.inner), format!("{:?}", good.storage.inner));
    }
}

#[test]
fn a_removal_that_fails_is_made_up_for() {
    let mut host = Host::new();
    host.ask(Method::Post, r#"{"title": "a"}"#);
    host.ask(Method::Subscribe, "");
    host.ask(Method::PatchDiff, r#"{"title": "b"}"#);
    let (person, delivery) = host.machine.as_mut().unwrap().poll_delivery().unwrap();
    let through = delivery.push.meta.modified;
    host.storage.fails_at = Some(host.storage.writes);
    let unwanted = |machine: &mut EntityMachine<Note>, storage: &mut Faulty<MemoryStorage>| {
        machine.delivered(storage, through, &person, through, Delivered::Unwanted)
    };
    assert!(host.step(unwanted).is_err());
    assert_eq!(host.storage.subscribers().unwrap(), std::slice::from_ref(&person));
    // Old news for the machine that was read again.
    host.step(unwanted).unwrap();
    assert_eq!(host.storage.subscribers().unwrap(), [person]);
}

#[test]
fn a_silence_that_cannot_be_noted_is_noted_the_next_time() {
    let mut host = Host::new();
    host.ask(Method::Post, r#"{"title": "a"}"#);
    host.ask(Method::Subscribe, "");
    host.ask(Method::PatchDiff, r#"{"title": "b"}"#);
    let push = |host: &mut Host, fails| {
        let (person, delivery) = host.machine.as_mut().unwrap().poll_delivery().unwrap();
        host.storage.fails_at = fails;
        let through = delivery.push.meta.modified;
        host.step(|machine, storage| {
            machine.delivered(storage, through, &person, through, Delivered::Unanswered)
        })
    };
    let next = Some(host.storage.writes);
    assert!(push(&mut host, next).is_err());
    assert_eq!(host.storage.silent().unwrap(), []);
    host.ask(Method::PatchDiff, r#"{"title": "c"}"#);
    push(&mut host, None).unwrap();
    assert_eq!(host.storage.silent().unwrap().len(), 1);
}

#[test]
fn an_edit_writes_one_row_and_checkpoints_are_rare() {
    let mut host = Host::new();
    host.ask(Method::Post, &titled(10_000));
    let before = host.storage.writes;
    const EDITS: usize = 1500;
    for number in 0..EDITS {
        let reply = host.ask(Method::PatchDiff, &format!(r#"{{"lines": {{"n": {number}}}}}"#));
        assert_eq!(reply.status, 200);
    }
    let writes = host.storage.writes - before;
    assert!((EDITS + 1..EDITS + 20).contains(&writes), "{writes} writes");
    let value = host.read();
    host.reload();
    assert_eq!(host.read(), value);
}

#[test]
fn a_value_is_cut_and_meta_says_into_how_many() {
    let mut host = Host::new();
    host.ask(Method::Post, &titled(10));
    assert_eq!((host.chunks(), host.parts()), (0, 1));
    // A change as large as this brings a checkpoint.
    for (length, chunks) in [(100_000, 101), (70_000, 71), (100_000, 101), (66_000, 67), (10, 0)] {
        host.ask(Method::PatchDiff, &titled(length));
        assert_eq!(host.chunks(), chunks, "{length}");
        assert_eq!(host.parts(), host.chunks().max(1) as usize, "spare parts are removed");
        let value = host.read();
        host.reload();
        assert_eq!(host.read(), value);
    }
}

#[test]
fn wakes_read_no_more_than_the_log_holds() {
    let mut host = Host::new();
    host.ask(Method::Post, &titled(10));
    let mut versions = Vec::new();
    for number in 0..20 {
        versions.push(host.ask(Method::PatchDiff, &titled(30_000 + number)).meta.unwrap().modified);
    }
    // Each change holds what was and what is: 60 KB, of which four fit.
    let from = host.storage.recent_from(256, 256 << 10).unwrap().unwrap();
    assert_eq!(host.storage.changes_from(from, 100).unwrap().len(), 4);
    for reloaded in [false, true] {
        if reloaded {
            host.reload();
        }
        for (back, version) in versions.iter().rev().enumerate() {
            let mut request = Request::new(0, Method::Get, EntityRef::new("Note", "a").unwrap());
            request.if_modified_since = Some(*version).into();
            let sender = Sender::new("x".to_owned(), "x".to_owned());
            let envelope = Envelope { sender, request };
            let reply = host.step(|m, s| m.request(s, Stamp::default(), envelope)).unwrap();
            let known = reply.status == 304 || reply.diff.is_some();
            // Those that the log has let go are still the last ones of their snapshots.
            assert!(known, "{back} versions back");
        }
    }
}

#[test]
fn who_deletes_again_is_brought_current_also_after_a_wake() {
    let mut host = Host::new();
    host.ask(Method::Post, &titled(10));
    let alone = |host: &mut Host, id, method, token: Option<Stamp>| {
        let mut request = Request::new(id, method, EntityRef::new("Note", "a").unwrap());
        request.if_unmodified_since = token.into();
        request.diff = Some(parse(&format!(r#"{{"title": "t{id}"}}"#)));
        let now = Stamp::from_micros(BASE + id).unwrap();
        let envelope = Envelope { sender: Sender::new("x".to_owned(), "x".to_owned()), request };
        host.step(|machine, storage| machine.request(storage, now, envelope)).unwrap()
    };
    // One snapshot: only the recent changes tell of the version in its middle.
    let created = host.read().meta.map(|meta| meta.modified);
    let middle = alone(&mut host, 10, Method::PatchDiff, created).meta.map(|meta| meta.modified);
    alone(&mut host, 11, Method::PatchDiff, middle);
    alone(&mut host, 12, Method::Delete, None);
    host.reload();
    let reply = alone(&mut host, 13, Method::Delete, middle);
    assert_eq!((reply.status, reply.since), (200, middle));
    assert_eq!(reply.diff, Some(parse(r#"{"title": "t11"}"#)));
}

#[test]
fn a_value_is_made_for_the_first_write() {
    let mut host = Host::new();
    host.ask(Method::Post, &titled(100_000));
    host.ask(Method::PatchDiff, r#"{"lines": {"x": [1]}}"#);
    let whole = host.read();
    host.reload();
    assert_eq!(host.read(), whole);
    let held = |host: &Host| host.machine.as_ref().unwrap().memory_bytes();
    assert!(held(&host) < 50_000, "{}", held(&host));
    host.ask(Method::PatchDiff, r#"{"lines": {"y": [1]}}"#);
    assert!(held(&host) > 100_000, "{}", held(&host));
}

#[test]
fn the_log_is_bounded_in_number_and_bytes() {
    let change = |number: u64| LoggedChange {
        since: Stamp::from_micros(number),
        meta: temporal_entity_core::message::Meta {
            modified: Stamp::from_micros(number + 1).unwrap(),
            ..Default::default()
        },
        snapshot: 1,
        browser: "b".to_owned(),
        request: number,
        content: Content::Hash(u64::MAX),
        diff: Value::Map(Vec::new()),
        undo: Value::Map(Vec::new()),
    };
    let knows = |log: &Log, number| log.since(Stamp::from_micros(number).unwrap()).is_some();
    let mut log = Log::default();
    for number in 1..=1000 {
        log.push(change(number), 100);
    }
    // 256 changes, and the version before them.
    assert!(knows(&log, 1001) && knows(&log, 745) && !knows(&log, 744));
    let mut log = Log::default();
    for number in 1..=100 {
        log.push(change(number), 100_000);
    }
    assert!(knows(&log, 101) && knows(&log, 99) && !knows(&log, 98));
    // The latest stays, however large it is.
    log.push(change(101), 10 << 20);
    assert!(knows(&log, 101) && knows(&log, 102) && !knows(&log, 100));
}
