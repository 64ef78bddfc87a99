//! Pings, which come by the platform's alarm.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::patch::empty;
use temporal_entity_tests::client::{Browser, Session};
use temporal_entity_tests::workerd::{TEST, Workerd};
use tungstenite::Message;

use crate::common::{cbor, unique, version};

/// A thing of the type that has a ping, to which nobody subscribed.
fn thing(browser: &mut Browser) -> EntityRef {
    let thing = EntityRef::new("Fragile", unique("thing")).unwrap();
    let value = json!({ "breaks": "", "note": "", "material": "glass" });
    let posted = browser.post(&thing, cbor(value));
    assert_eq!(posted.status, 201, "{posted:?}");
    thing
}

#[test]
fn whoever_is_gone_is_removed_without_a_change_and_who_is_there_stays() {
    let variables = [("ENVIRONMENT", "test"), ("TEST_PING_SECONDS", "1")];
    let server = Workerd::start(TEST, &variables);
    let (ada, ben) = (unique("ada"), unique("ben"));
    let (ada, ben) = (Session::login(&server, &ada), Session::login(&server, &ben));
    let persons = [&ada, &ben].map(|s| EntityRef::new("Person", s.person.as_str()).unwrap());
    let (mut laptop, mut phone) = (ada.connect("laptop"), ben.connect("phone"));
    let (hers, his) = (thing(&mut laptop), thing(&mut laptop));
    for unread in [&hers, &his] {
        assert!(!server.has_alarm(unread), "without a subscriber");
    }
    let held = version(&laptop.subscribe(&hers, None));
    assert_eq!(phone.subscribe(&his, None).status, 200);

    // A Person that lost its memory does not know what it told, and says it once more.
    persons.iter().chain([&hers, &his]).for_each(|object| server.evict(object));
    for (browser, thing) in [(&mut laptop, &hers), (&mut phone, &his)] {
        let push = browser.push();
        assert_eq!((&push.entity, push.since, push.diff), (thing, push.meta.modified, empty()));
    }
    phone.send_frame(Message::Close(None));
    phone.closed();
    // Without its memory it does not wait for the browser to come back.
    server.evict(&persons[1]);
    while server.has_alarm(&his) {
        sleep(Duration::from_millis(100));
    }
    assert!(server.has_alarm(&hers));
    let note = json!({ "note": "handle with care" });
    let edited = ada.connect("tablet").patch(&hers, held, cbor(note.clone()));
    assert_eq!(edited.status, 200, "{edited:?}");
    let push = laptop.push();
    assert_eq!((push.since, push.diff), (held, cbor(note)));
}
