//! Every method where it succeeds, on entities and on Persons.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Reply};
use temporal_entity_core::patch::empty;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, Session};

use crate::common::{
    assert_refused, assert_same, card_value, cbor, field, meta, new_card, person, posted_card,
    server, titled, unique, version,
};

#[test]
fn post_creates_and_says_who_and_when() {
    let server = server();
    let session = Session::login(&server, &unique("Ada"));
    let mut ada = session.connect("laptop");
    let card = new_card();
    let posted = ada.post(&card, card_value("Paint the shed"));
    assert_eq!(posted.status, 201);
    let meta = meta(&posted);
    assert_eq!(meta.person, session.person);
    assert_eq!(meta.valid_from, meta.modified);
    assert_eq!((meta.schema_version, meta.chunks, meta.deleted), (1, 0, false));
}

#[test]
fn get_answers_with_the_value_nothing_or_the_diff() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let whole = ada.get(&card, None);
    assert_eq!((whole.status, field(&whole, "title")), (200, &Value::from("Paint the shed")));
    let held = ada.get(&card, Some(first));
    assert_eq!(held, Reply { id: held.id, ..Reply::ok(304) });

    let second = version(&ada.patch(&card, first, titled("Paint it red")));
    ada.patch(&card, second, cbor(json!({ "votes": 3 })));
    let diff = ada.get(&card, Some(first));
    assert_eq!((diff.status, diff.since, diff.value), (200, Some(first), None));
    // Votes are a counter: that they became three is told as what was added.
    let both = json!({ "title": "Paint it red", "votes": [4, 3] });
    assert_same(diff.diff.as_ref().unwrap(), &cbor(both));

    let unknown = ada.get(&card, Some(first.plus(1)));
    assert_eq!((unknown.status, field(&unknown, "votes")), (200, &Value::from(3)));
}

#[test]
fn patches_go_on_the_current_version_and_merge_on_an_older_one() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let second = ada.patch(&card, first, titled("Paint it red"));
    assert_eq!((second.status, second.since), (200, Some(first)));
    assert_eq!(second.diff, Some(titled("Paint it red")));
    assert!(version(&second) > first);

    // Ben has not seen the title change, and changes something else.
    let merged = ben.patch(&card, first, cbor(json!({ "labels": { "urgent": "red" } })));
    assert_eq!((merged.status, merged.since), (200, Some(first)));
    let both = json!({ "title": "Paint it red", "labels": { "urgent": "red" } });
    assert_same(merged.diff.as_ref().unwrap(), &cbor(both));
    assert!(version(&merged) > version(&second));
}

#[test]
fn a_patch_reaches_into_maps_and_replaces_lists() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let steps = json!([{ "id": "a", "text": "Buy paint", "done": false }]);
    let filled = json!({ "labels": { "x": "red", "y": "blue" }, "checklist": [0, steps] });
    let second = version(&ada.patch(&card, first, cbor(filled)));
    let removed = json!({ "labels": { "x": [1] }, "assignee": "ben" });
    assert_eq!(ada.patch(&card, second, cbor(removed)).status, 200);
    let read = ada.get(&card, None);
    assert_same(field(&read, "labels"), &cbor(json!({ "y": "blue" })));
    assert_same(field(&read, "checklist"), &cbor(steps));
    assert_eq!(field(&read, "assignee"), &Value::from("ben"));
}

#[test]
fn a_patch_that_changes_nothing_stores_nothing() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    for nothing in [empty(), titled("Paint the shed")] {
        let reply = ada.patch(&card, first, nothing);
        assert_eq!((reply.status, version(&reply)), (200, first));
        assert_eq!(reply.diff, Some(empty()));
    }
}

#[test]
fn deleting_and_undeleting_keep_the_value() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let deleted = ada.simply(Method::Delete, &card);
    assert_eq!((deleted.status, meta(&deleted).deleted), (200, true));
    assert!(version(&deleted) > first);
    let again = ada.simply(Method::Delete, &card);
    assert_eq!((again.status, version(&again)), (200, version(&deleted)));
    assert_refused(&ada.get(&card, None), 404, "deleted");

    let back = ada.simply(Method::PatchUndelete, &card);
    assert_eq!((back.status, meta(&back).deleted), (200, false));
    let read = ada.get(&card, None);
    assert_eq!(field(&read, "title"), &Value::from("Paint the shed"));
}

#[test]
fn subscribing_reads_as_get_does() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let whole = ada.subscribe(&card, None);
    assert_eq!((whole.status, version(&whole)), (200, first));
    assert!(whole.value.is_some());
    assert_eq!(ada.subscribe(&card, Some(first)).status, 304);
    ada.patch(&card, first, titled("Paint it red"));
    let behind = ada.subscribe(&card, Some(first));
    assert_eq!((behind.status, behind.diff), (200, Some(titled("Paint it red"))));
    for _ in 0..2 {
        assert_eq!(ada.simply(Method::Unsubscribe, &card).status, 200);
    }
}

#[test]
fn a_person_is_an_entity_like_any_other() {
    let server = server();
    let session = Session::login(&server, &unique("Cleo"));
    let own = EntityRef::new("Person", session.person.as_str()).unwrap();
    // The one's own object answers itself; everybody else's is asked as a card is.
    let (mut cleo, mut dan) = (session.connect("laptop"), person(&server, "dan"));
    let value = json!({ "name": "Cleo", "email": null, "color": "teal" });
    let posted = cleo.post(&own, cbor(value.clone()));
    assert_eq!((posted.status, meta(&posted).person.as_str()), (201, session.person.as_str()));
    assert_refused(&dan.post(&own, cbor(value)), 409, "exists");

    let mut held = version(&posted);
    assert_eq!(cleo.subscribe(&own, Some(held)).status, 304);
    assert_eq!(dan.subscribe(&own, Some(held)).status, 304);
    let write = |browser: &mut Browser, held: Stamp, color: &str| {
        let reply = browser.patch(&own, held, cbor(json!({ "color": color })));
        assert_eq!(reply.status, 200);
        version(&reply)
    };
    held = write(&mut cleo, held, "red");
    assert_eq!(dan.push().meta.modified, held);
    held = write(&mut dan, held, "green");
    // Her own change was in the reply: what comes first is his.
    assert_eq!(cleo.push().meta.modified, held);

    let gone = dan.simply(Method::Delete, &own);
    assert_eq!((gone.status, cleo.push().meta.deleted), (200, true));
    assert_refused(&cleo.get(&own, None), 404, "deleted");
    assert_eq!(cleo.simply(Method::PatchUndelete, &own).status, 200);
    assert_eq!(cleo.simply(Method::Unsubscribe, &own).status, 200);
    assert_eq!(field(&dan.get(&own, None), "color"), &Value::from("green"));
}
