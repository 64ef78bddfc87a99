//! An entity whose storage is full: writes are refused, everything else goes on, and what makes room is let in.

use temporal_entity::Stamp;
use temporal_entity_core::message::{
    EntityRef, Envelope, Method, Reason, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::{EntityMachine, Limits, failed};
use temporal_entity_core::storage::{MemoryStorage, Storage, StorageError};
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notation::{BASE, parse};
use temporal_entity_tests::notes::Note;

const DAY: u64 = 86_400_000_000;

/// An object as its host runs it: if a step fails, the disk is as before and the machine is read again.
struct Host {
    storage: Faulty<MemoryStorage>,
    machine: Option<EntityMachine<Note>>,
    limits: Limits,
    now: Stamp,
    next: u64,
}

impl Host {
    fn new(limits: Limits) -> Host {
        let now = Stamp::from_micros(BASE).unwrap();
        let mut host = Host { storage: Faulty::default(), machine: None, limits, now, next: 0 };
        assert_eq!(host.ask("ada", Method::Post, r#"{"title": "a"}"#).status, 201);
        host
    }

    fn with_quota(bytes: u64) -> Host {
        Host::new(Limits { quota_bytes: Some(bytes), ..Limits::default() })
    }

    fn with_daily(bytes: u64) -> Host {
        Host::new(Limits { daily_bytes: bytes, ..Limits::default() })
    }

    /// What the sender of a request is answered, whatever became of it.
    fn ask(&mut self, person: &str, method: Method, field: &str) -> Reply {
        self.next += 1;
        self.now = self.now.plus(1000);
        let mut request = Request::new(self.next, method, EntityRef::new("Note", "a").unwrap());
        match method {
            Method::Post => request.value = Some(parse(field)),
            Method::PatchDiff => {
                request.diff = Some(parse(field));
                request.if_unmodified_since = self.version().into();
            }
            Method::Restore => {
                request.past.as_of = Token::At(Stamp::from_micros(BASE + 1000).unwrap())
            }
            Method::Compact => request.past.before = Token::At(self.now),
            _ => {}
        }
        let before = self.storage.fails_with.is_some().then(|| self.storage.inner.clone());
        let alarm = self.now;
        let mut machine = self.take();
        let sender = Sender::new(person.to_owned(), "b".to_owned());
        let done = machine
            .request(&mut self.storage, alarm, Envelope { sender, request })
            .and_then(|reply| match machine.poll_alarm(alarm) {
                // The alarm is a row, too.
                Some(_) => self.storage.write().map(|_| reply),
                None => Ok(reply),
            });
        match done {
            Ok(reply) => {
                self.machine = Some(machine);
                reply
            }
            Err(error) => {
                self.storage.inner = before.expect("faults are announced");
                failed(self.next, method, &error)
            }
        }
    }

    fn take(&mut self) -> EntityMachine<Note> {
        self.machine.take().unwrap_or_else(|| {
            EntityMachine::load(&self.storage, "a", self.limits).expect("it can be read")
        })
    }

    fn edit(&mut self, person: &str, length: usize) -> Reply {
        let title = format!("{}{}", self.next, "x".repeat(length));
        self.ask(person, Method::PatchDiff, &format!(r#"{{"title": "{title}"}}"#))
    }

    /// Edits until one is refused, which it returns.
    fn edit_until_full(&mut self, person: &str, length: usize) -> Reply {
        let edits = (0..10_000).map(|_| self.edit(person, length));
        edits.into_iter().find(|reply| reply.status != 200).expect("a quota is reached")
    }

    fn version(&mut self) -> Option<Stamp> {
        let request = Request::new(0, Method::Get, EntityRef::new("Note", "a").unwrap());
        let envelope = Envelope { sender: Sender::new("eve", "b"), request };
        let mut machine = self.take();
        let reply = machine.request(&mut self.storage, self.now, envelope);
        self.machine = Some(machine);
        reply.expect("reading does not fail").meta.map(|meta| meta.modified)
    }
}

fn assert_full(reply: &Reply, says: &[&str]) {
    assert_eq!((reply.status, reply.reason), (413, Some(Reason::Full)), "{reply:?}");
    let message = reply.message.as_deref().unwrap_or_default();
    for word in says {
        assert!(message.contains(word), "{message:?} does not say {word:?}");
    }
}

#[test]
fn an_entity_beyond_its_quota_refuses_writes_and_goes_on_otherwise() {
    const QUOTA: u64 = 200_000;
    let mut host = Host::with_quota(QUOTA);
    assert_eq!(host.ask("ben", Method::Subscribe, "").status, 200);
    let refused = host.edit_until_full("ada", 5_000);
    assert_full(&refused, &["200000", "quota", "`compact`", "operator"]);
    let stored = host.storage.stored_bytes().unwrap();
    assert!((QUOTA..QUOTA + 50_000).contains(&stored), "{stored}");
    for wakes in [false, true] {
        if wakes {
            host.machine = None;
        }
        let before = host.storage.writes;
        for method in [Method::PatchDiff, Method::Restore] {
            assert_full(&host.ask("ben", method, r#"{"title": "b"}"#), &["quota"]);
        }
        for method in [Method::Get, Method::Subscribe, Method::History] {
            assert_eq!(host.ask("ben", method, "").status, 200, "{method:?}");
        }
        assert_eq!(host.storage.writes, before, "a refusal writes nothing");
    }
    assert_eq!(host.ask("cid", Method::Subscribe, "").status, 200);
    assert_eq!(host.ask("cid", Method::Unsubscribe, "").status, 200);
    assert_eq!(host.ask("ada", Method::Delete, "").status, 200);
    assert_full(&host.ask("ada", Method::PatchUndelete, ""), &["quota"]);
}

#[test]
fn an_entity_whose_past_was_let_go_takes_writes_again() {
    let mut host = Host::with_quota(200_000);
    // Two persons in turn, so that there are many snapshots.
    let refused = (0..1_000).find_map(|number| {
        let reply = host.edit(if number % 2 == 0 { "ada" } else { "ben" }, 5_000);
        (reply.status != 200).then_some(reply)
    });
    assert_full(&refused.expect("the quota is reached"), &["`compact`"]);
    host.now = host.now.plus(2 * DAY);
    assert_full(&host.edit("ada", 10), &["quota"]);
    assert_eq!(host.ask("ada", Method::Compact, "").status, 200);
    assert_eq!(host.edit("ada", 5_000).status, 200);
}

#[test]
fn one_person_who_wrote_too_much_today_stops_no_other() {
    const DAILY: u64 = 300_000;
    let mut host = Host::with_daily(DAILY);
    let refused = host.edit_until_full("ada", 5_000);
    assert_full(&refused, &["ada", "300000", "today", "operator"]);
    // Losing the memory gives nothing back, and neither does what others write.
    for round in 0..100 {
        if round % 10 == 0 {
            host.machine = None;
        }
        assert_eq!(host.edit("ben", 100).status, 200);
        assert_full(&host.edit("ada", 5_000), &["today"]);
    }
    assert_eq!(host.ask("ada", Method::Get, "").status, 200);
    assert_eq!(host.ask("ada", Method::Delete, "").status, 200);
    assert_eq!(host.ask("ben", Method::PatchUndelete, "").status, 200);
    host.now = host.now.plus(DAY);
    assert_eq!(host.edit("ada", 5_000).status, 200);
}

#[test]
fn a_crowd_of_persons_makes_nobodys_bytes_forgotten() {
    let mut host = Host::with_daily(100_000);
    assert_full(&host.edit_until_full("eve", 5_000), &["today"]);
    for person in 0..500 {
        assert_eq!(host.edit(&format!("p{person}"), 500).status, 200);
        if person % 100 == 0 {
            host.machine = None;
        }
    }
    assert_full(&host.edit("eve", 10), &["eve"]);
}

#[test]
fn what_an_attacker_with_one_account_can_store_is_bounded_by_default() {
    let mut host = Host::new(Limits::default());
    let large = 7_900_000;
    let edits = (0..49).take_while(|_| host.edit("eve", large).status == 200).count();
    let stored = host.storage.stored_bytes().unwrap();
    assert!(edits == 14 && stored < 400_000_000, "{edits} edits, {stored} bytes");
}

#[test]
fn a_disk_that_is_full_refuses_a_write_at_whatever_point() {
    let long = format!(r#"{{"title": "{}"}}"#, "x".repeat(70_000));
    let script = [
        (Method::PatchDiff, r#"{"title": "b"}"#),
        (Method::PatchDiff, &long),
        (Method::Delete, ""),
        (Method::PatchUndelete, ""),
    ];
    let mut host = Host::new(Limits::default());
    assert_eq!(host.ask("ben", Method::Subscribe, "").status, 200);
    for (method, field) in script {
        let mut refusals = 0;
        loop {
            let before = host.ask("eve", Method::Get, "");
            host.storage.fails_with = Some(StorageError::Full);
            host.storage.fails_at = Some(host.storage.writes + refusals);
            let reply = host.ask("ada", method, field);
            host.storage.fails_at = None;
            if reply.status == 200 {
                break;
            }
            assert_full(&reply, &["disk", "operator"]);
            let after = host.ask("eve", Method::Get, "");
            assert_eq!((before.value, before.meta), (after.value, after.meta));
            refusals += 1;
        }
        assert!(refusals > 0, "{method:?} writes something");
    }
}

#[test]
fn a_subscription_that_a_full_disk_cannot_store_is_asked_for_again() {
    let mut host = Host::new(Limits::default());
    let stored = host.storage.stored_bytes().unwrap();
    host.storage.inner.set_capacity(Some(stored));
    host.storage.fails_with = Some(StorageError::Full);
    let refused = host.ask("ben", Method::Subscribe, "");
    assert_eq!((refused.status, refused.reason), (503, Some(Reason::Unavailable)));
    assert_full(&host.edit("ada", 10), &["disk"]);
    assert_eq!(host.ask("ben", Method::Get, "").status, 200);
    host.storage.inner.set_capacity(None);
    assert_eq!(host.ask("ben", Method::Subscribe, "").status, 200);
    assert_eq!(host.edit("ada", 10).status, 200);
}
