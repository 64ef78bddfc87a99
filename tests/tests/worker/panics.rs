//! A panic in a user's function: what the build that unwinds promises, and what the default one leaves.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Reply};
use temporal_entity_core::patch::apply;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{Value, entries};
use temporal_entity_tests::client::{Browser, Session, patch};
use temporal_entity_tests::workerd::{TEST, UNWIND};

use crate::common::{
    assert_refused, cbor, field, own_server, person, posted_card, titled, unique, unwinding,
    version,
};

/// Functions of the entity that panic when its value names them.
const PLACES: [&str; 3] = ["normalize", "validate", "validate of the whole"];

/// Far more than an answer takes, and less than a Person's object waits for one that never comes.
const AT_ONCE: Duration = Duration::from_secs(8);

fn new_fragile() -> EntityRef {
    EntityRef::new("Fragile", unique("fragile")).unwrap()
}

fn fragile(breaks: &str) -> Value {
    cbor(json!({ "breaks": breaks, "note": "", "material": "glass" }))
}

fn breaking(place: &str) -> Value {
    cbor(json!({ "breaks": place }))
}

fn noted(note: &str) -> Value {
    cbor(json!({ "note": note }))
}

/// One that exists, and its first version.
fn posted_fragile(browser: &mut Browser, breaks: &str) -> (EntityRef, Stamp) {
    let entity = new_fragile();
    let posted = browser.post(&entity, fragile(breaks));
    assert_eq!(posted.status, 201, "{posted:?}");
    (entity, version(&posted))
}

/// Checks that the server says it failed, and that it did not take a timeout to say so.
fn assert_failed(ask: impl FnOnce() -> Reply) {
    let started = Instant::now();
    assert_refused(&ask(), 500, "internal");
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}

#[test]
fn a_panic_is_answered_at_once_and_changes_nothing() {
    let server = unwinding();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (entity, first) = posted_fragile(&mut ada, "");
    ben.subscribe(&entity, Some(first));
    for place in PLACES {
        let absent = new_fragile();
        for _ in 0..2 {
            assert_failed(|| ada.patch(&entity, first, breaking(place)));
            assert_failed(|| ada.post(&absent, fragile(place)));
        }
        assert_eq!(ada.get(&entity, Some(first)).status, 304, "{place}");
        assert_refused(&ada.get(&absent, None), 404, "absent");
    }
    let second = version(&ada.patch(&entity, first, noted("whole")));
    let push = ben.push();
    assert_eq!((push.since, push.meta.modified, push.diff), (first, second, noted("whole")));
}

/// The value's own way of reading itself is no callback: the panic passes through the transaction.
#[test]
fn so_is_a_panic_that_no_callback_is_to_blame_for() {
    let server = unwinding();
    let mut ada = person(&server, "ada");
    let (entity, first) = posted_fragile(&mut ada, "");
    for _ in 0..2 {
        assert_failed(|| ada.patch(&entity, first, cbor(json!({ "material": "nothing" }))));
    }
    assert_eq!(ada.get(&entity, Some(first)).status, 304);
    assert_eq!(ada.patch(&entity, first, noted("whole")).status, 200);
}

/// Requests of two persons at the same time, one of whom makes every request panic.
#[test]
fn nobody_else_notices_a_panic() {
    const EDITS: usize = 20;
    let server = unwinding();
    let [mut ada, mut ben, mut cleo] = ["ada", "ben", "cleo"].map(|name| person(&server, name));
    let (entity, held) = posted_fragile(&mut ada, "");
    let (card, first) = posted_card(&mut ben);
    let mut copy = cleo.subscribe(&card, None);
    let rows = server.rows_written(&card);
    for number in 0..EDITS {
        ada.send(&patch(&entity, held, breaking(PLACES[number % PLACES.len()])));
        let label = json!({ "labels": { format!("{number:02}"): "red" } });
        ben.send(&patch(&card, first, cbor(label)));
    }
    let mut last = first;
    for _ in 0..EDITS {
        assert_refused(&ada.reply(), 500, "internal");
        let reply = ben.reply();
        assert_eq!(reply.status, 200, "{reply:?}");
        last = version(&reply);
    }
    let value = copy.value.as_mut().unwrap();
    let mut held = first;
    while held != last {
        let push = cleo.push();
        assert_eq!(push.since, held);
        apply(value, &push.diff).unwrap();
        held = push.meta.modified;
    }
    assert_eq!(entries(field(&copy, "labels")).len(), EDITS);
    // An object that lost its memory counts anew.
    let since = server.rows_written(&card).checked_sub(rows);
    assert!(since.is_some_and(|rows| rows >= EDITS as u64), "{since:?} rows");
}

/// What the default build stored is read by a deployment with a later schema, whose step panics for one of the values.
#[test]
fn a_panic_in_a_step_leaves_the_value_as_it_was() {
    let mut server = own_server();
    let session = Session::login(&server, &unique("ada"));
    let mut ada = session.connect("laptop");
    let (broken, broken_first) = posted_fragile(&mut ada, "migrate");
    let (sound, sound_first) = posted_fragile(&mut ada, "");

    server.redeploy(UNWIND);
    let mut ada = session.connect("laptop");
    for _ in 0..2 {
        assert_refused(&ada.get(&broken, None), 500, "unreadable");
        assert_refused(&ada.patch(&broken, broken_first, noted("whole")), 500, "unreadable");
        assert_eq!(version(&ada.get(&sound, None)), sound_first);
    }
    assert_eq!(ada.patch(&sound, sound_first, noted("whole")).status, 200);

    server.redeploy(TEST);
    let mut ada = session.connect("laptop");
    assert_eq!(ada.patch(&broken, broken_first, noted("whole")).status, 200);
}

/// What using.md says of the default build: every memory in the isolate is lost, and all requests that come later are
/// answered. (That the one which panicked is not, would take half a minute to see.)
#[test]
fn the_default_build_forgets_everything_and_loses_nothing() {
    let server = own_server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (entity, first) = posted_fragile(&mut ada, "");
    let (card, held) = posted_card(&mut ben);
    ada.subscribe(&card, Some(held));
    let rows = server.rows_written(&card);
    ada.send(&patch(&entity, first, breaking("validate")));
    // Not to be under way when the panic comes. The memory goes with the next request after it.
    let forgotten = (0..10).any(|_| {
        sleep(Duration::from_secs(2));
        server.rows_written(&card) < rows
    });
    assert!(forgotten, "the isolate still has its memory");
    let second = version(&ben.patch(&card, held, titled("Paint it red")));
    assert_eq!(ada.push().meta.modified, second);
    assert_eq!(version(&ada.get(&entity, None)), first);
    assert_eq!(ada.patch(&entity, first, noted("whole")).status, 200);
}
