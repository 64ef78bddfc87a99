//! The server that most tests share, and the entities that they make on it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Meta, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{Value, get, same};
use temporal_entity_tests::client::{Browser, Session};
use temporal_entity_tests::workerd::{Config, TEST, UNWIND, Workerd};

/// The server of all tests that run at the same time.
pub fn server() -> Arc<Workerd> {
    static SHARED: Shared = Shared::new(Weak::new());
    shared(&SHARED, TEST)
}

/// As [`server`], with the build that unwinds.
pub fn unwinding() -> Arc<Workerd> {
    static SHARED: Shared = Shared::new(Weak::new());
    shared(&SHARED, UNWIND)
}

type Shared = Mutex<Weak<Workerd>>;

/// The last test to let go of it ends it: statics are never dropped, and would leave it behind.
fn shared(shared: &Shared, config: Config) -> Arc<Workerd> {
    // A test that failed while it started the server leaves nothing half-made behind.
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Workerd::start(config, TESTED));
        *shared = Arc::downgrade(&server);
        server
    })
}

/// A server for a test that kills it.
pub fn own_server() -> Workerd {
    Workerd::start(TEST, TESTED)
}

const TESTED: &[(&str, &str)] = &[("ENVIRONMENT", "test")];

/// A name that no other test uses.
pub fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{what}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A new person with one browser.
pub fn person(server: &Workerd, name: &str) -> Browser {
    Session::login(server, &unique(name)).connect("laptop")
}

/// A card that does not exist yet.
pub fn new_card() -> EntityRef {
    EntityRef::new("Card", unique("card")).unwrap()
}

/// A card that exists, and its first version.
pub fn posted_card(browser: &mut Browser) -> (EntityRef, Stamp) {
    let card = new_card();
    let posted = browser.post(&card, card_value("Paint the shed"));
    assert_eq!(posted.status, 201, "{posted:?}");
    (card, version(&posted))
}

/// The value of a card.
pub fn card_value(title: &str) -> Value {
    cbor(json!({
        "title": title, "body": "", "status": "todo", "votes": 0,
        "assignee": null, "checklist": [], "labels": {},
    }))
}

/// The tree of what is written as JSON.
pub fn cbor(json: serde_json::Value) -> Value {
    Value::serialized(&json).unwrap()
}

/// A diff that changes the title.
pub fn titled(title: &str) -> Value {
    cbor(json!({ "title": title }))
}

/// A field of the value that a reply carries.
pub fn field<'a>(reply: &'a Reply, name: &str) -> &'a Value {
    let value = reply.value.as_ref().unwrap_or_else(|| panic!("no value in {reply:?}"));
    get(value, name).unwrap_or_else(|| panic!("no {name} in {reply:?}"))
}

/// The meta that a reply carries.
pub fn meta(reply: &Reply) -> &Meta {
    reply.meta.as_ref().unwrap_or_else(|| panic!("no meta in {reply:?}"))
}

/// The version that a reply tells.
pub fn version(reply: &Reply) -> Stamp {
    meta(reply).modified
}

/// Checks status and reason of a refusal, and that it says something.
pub fn assert_refused(reply: &Reply, status: u16, reason: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.reason.map(|reason| reason.name()), Some(reason), "{reply:?}");
    assert!(reply.message.as_ref().is_some_and(|message| !message.is_empty()), "{reply:?}");
}

/// Checks that two trees are the same, in whatever order their entries are.
pub fn assert_same(left: &Value, right: &Value) {
    assert!(same(left, right), "{left:?}\nis not\n{right:?}");
}
