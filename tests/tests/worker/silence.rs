//! Persons that cannot be reached, on the disk.

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Envelope, Method, Request, Sender};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::workerd::{TEST, UNREACHABLE, Workerd};

use crate::common::{cbor, unique};

const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;

/// Far longer than the first alarm takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A note in an object of which the test says what time it is.
struct Clocked {
    server: Workerd,
    note: EntityRef,
    version: Option<Stamp>,
    requests: u64,
}

impl Clocked {
    fn new() -> Clocked {
        let server = Workerd::start(UNREACHABLE, &[("ENVIRONMENT", "test")]);
        let note = EntityRef::new("Note", unique("note")).unwrap();
        Clocked { server, note, version: None, requests: 0 }
    }

    fn ask(&mut self, now: u64, person: &str, method: Method, content: serde_json::Value) {
        self.requests += 1;
        let mut request = Request::new(self.requests, method, self.note.clone());
        match method {
            Method::Post => request.value = Some(cbor(content)),
            Method::PatchDiff => {
                request.if_unmodified_since = self.version.into();
                request.diff = Some(cbor(content));
            }
            _ => request.if_modified_since = self.version.into(),
        }
        let sender = Sender::new(person, "laptop");
        let now = Stamp::from_micros(now).unwrap();
        let reply = self.server.message(&self.note, now, &Envelope { sender, request });
        assert!(reply.is_success() || reply.status == 304, "{reply:?}");
        self.version = reply.meta.map(|meta| meta.modified).or(self.version);
    }

    fn edit(&mut self, now: u64, title: &str) {
        self.ask(now, "eve", Method::PatchDiff, json!({ "title": title }));
    }

    /// Waits until it has made so many calls since it woke, and sees that it makes no more.
    fn makes_calls(&self, calls: u64) {
        let waits = Instant::now();
        while self.server.calls_made(&self.note) < calls {
            assert!(waits.elapsed() < PATIENCE, "{calls} calls are not made");
            sleep(Duration::from_millis(20));
        }
        sleep(Duration::from_millis(300));
        assert_eq!(self.server.calls_made(&self.note), calls);
    }
}

fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros() as u64
}

#[test]
fn who_cannot_be_reached_for_two_days_is_told_nothing_more() {
    let (mut object, start) = (Clocked::new(), now());
    object.ask(start, "eve", Method::Post, json!({ "title": "0" }));
    object.ask(start, "ada", Method::Subscribe, json!(null));
    object.ask(start, "ben", Method::Subscribe, json!(null));

    // Each is tried four times.
    object.edit(start + SECOND, "1");
    object.makes_calls(8);
    object.server.evict(&object.note);
    object.ask(start + DAY, "ben", Method::Subscribe, json!(null));
    object.edit(start + DAY, "2");
    object.makes_calls(8);
    object.server.evict(&object.note);
    object.edit(start + 2 * DAY, "3");
    object.makes_calls(8);
    // Who did not answer a moment ago is tried once.
    object.edit(start + 2 * DAY + SECOND, "4");
    object.makes_calls(10);
    object.server.evict(&object.note);

    // Ada is gone, and what was noted of her; Ben asked after the first time.
    object.edit(start + 2 * DAY + 2 * SECOND, "5");
    object.makes_calls(4);
    object.ask(start + 2 * DAY + 3 * SECOND, "ada", Method::Subscribe, json!(null));
    object.server.evict(&object.note);
    object.edit(start + 4 * DAY, "6");
    object.makes_calls(8);
    object.server.redeploy(TEST);
    object.edit(start + 4 * DAY + SECOND, "7");
    // Her Person, which can be reached, knows of no browser.
    object.makes_calls(1);
}

#[test]
fn a_push_that_is_never_answered_is_given_up_by_the_alarm_and_told_again() {
    let (mut object, start) = (Clocked::new(), now());
    object.ask(start, "eve", Method::Post, json!({ "title": "0" }));
    object.ask(start, "mute", Method::Subscribe, json!(null));
    object.edit(start, "1");
    object.makes_calls(1);
    // What comes meanwhile waits for the one under way.
    object.edit(start + SECOND, "2");
    object.makes_calls(1);
    object.makes_calls(2);
}
