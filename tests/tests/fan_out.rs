//! What one change costs an entity that many persons subscribed to.

use std::rc::Rc;

use temporal_entity::Stamp;
use temporal_entity_core::message::{Delivery, EntityRef, Envelope, Method, Request, Sender};
use temporal_entity_core::object::{EntityMachine, Limits};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notation::{BASE, parse};
use temporal_entity_tests::notes::Note;

struct Host {
    machine: EntityMachine<Note>,
    storage: MemoryStorage,
    version: Option<Stamp>,
    next: u64,
}

impl Host {
    fn new() -> Host {
        let storage = MemoryStorage::default();
        let machine = EntityMachine::load(&storage, "a", Limits::default()).unwrap();
        Host { machine, storage, version: None, next: 0 }
    }

    fn ask(&mut self, person: &str, method: Method, field: &str) {
        self.next += 1;
        let mut request = Request::new(self.next, method, EntityRef::new("Note", "a").unwrap());
        match method {
            Method::Post => request.value = Some(parse(field)),
            Method::PatchDiff => {
                request.if_unmodified_since = self.version.into();
                request.diff = Some(parse(field));
            }
            _ => {}
        }
        let now = Stamp::from_micros(BASE + self.next).unwrap();
        let sender = Sender::new(person.to_owned(), "laptop".to_owned());
        let envelope = Envelope { sender, request };
        let reply = self.machine.request(&mut self.storage, now, envelope).unwrap();
        assert!(reply.is_success(), "{reply:?}");
        self.version = reply.meta.map(|meta| meta.modified);
    }

    fn pushes(&mut self) -> Vec<(String, Rc<Delivery>)> {
        std::iter::from_fn(|| self.machine.poll_delivery()).collect()
    }

    fn taken(&mut self, pushes: &[(String, Rc<Delivery>)]) {
        for (person, delivery) in pushes {
            self.machine.taken(person, delivery.push.meta.modified);
        }
    }
}

/// By which persons each delivery is shared, in the order in which they were sent.
fn shared(pushes: &[(String, Rc<Delivery>)]) -> Vec<Vec<&str>> {
    let groups = pushes.chunk_by(|(_, one), (_, next)| Rc::ptr_eq(one, next));
    groups.map(|group| group.iter().map(|(person, _)| person.as_str()).collect()).collect()
}

#[test]
fn those_to_whom_the_same_is_sent_share_a_delivery() {
    let mut host = Host::new();
    host.ask("ada", Method::Post, r#"{"title": "a"}"#);
    for person in ["ada", "ben", "cem", "dan"] {
        host.ask(person, Method::Subscribe, "");
    }
    host.ask("ada", Method::PatchDiff, r#"{"title": "b"}"#);
    let first = host.pushes();
    assert_eq!(shared(&first), [vec!["ada"], vec!["ben", "cem", "dan"]]);
    assert_eq!(first[0].1.skip.as_deref(), Some("laptop"), "she had it in her reply");
    assert_eq!(first[1].1.skip, None);

    // Cem's Person is slow: he gets both changes in one, which is not what the others get.
    host.ask("ben", Method::PatchDiff, r#"{"title": "c"}"#);
    assert_eq!(host.pushes(), [], "one push is under way to each");
    let (slow, quick) = (&first[2..3], [&first[..2], &first[3..]].concat());
    assert_eq!(slow[0].0, "cem");
    host.taken(&quick);
    let second = host.pushes();
    assert_eq!(shared(&second), [vec!["ada"], vec!["ben"], vec!["dan"]]);
    assert_eq!(second[1].1.skip.as_deref(), Some("laptop"));
    assert!(Rc::ptr_eq(&second[0].1, &second[2].1));
    host.ask("eve", Method::PatchDiff, r#"{"weight": 2}"#);
    host.taken(slow);
    let third = host.pushes();
    assert_eq!(shared(&third), [["cem"]]);
    assert_eq!(third[0].1.push.since, first[2].1.push.meta.modified);
    assert_eq!(third[0].1.push.diff, parse(r#"{"title": "c", "weight": 2.0}"#));
}

#[test]
fn a_delivery_is_not_shared_with_who_holds_another_version() {
    let mut host = Host::new();
    host.ask("ada", Method::Post, r#"{"title": "a"}"#);
    host.ask("ben", Method::Subscribe, "");
    host.ask("dan", Method::Subscribe, "");
    host.ask("ada", Method::PatchDiff, r#"{"title": "b"}"#);
    host.ask("cem", Method::Subscribe, "");
    host.ask("ada", Method::PatchDiff, r#"{"title": "c"}"#);
    let pushes = host.pushes();
    assert_eq!(shared(&pushes), [["ben"], ["cem"], ["dan"]]);
    assert_eq!(pushes[0].1, pushes[2].1);
    assert!(pushes[1].1.push.since > pushes[0].1.push.since);
}
