//! Who hears of a change, and who does not.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Push};
use temporal_entity_core::patch::empty;
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::client::{Event, Session, request};
use tungstenite::Message;
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode::Normal;

use crate::common::{
    assert_refused, card_value, cbor, new_card, person, posted_card, server, titled, unique,
    version,
};

#[test]
fn a_change_reaches_other_persons_and_other_browsers_but_not_its_origin() {
    let server = server();
    let ada = Session::login(&server, &unique("ada"));
    let (mut laptop, mut phone) = (ada.connect("laptop"), ada.connect("phone"));
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut laptop);
    for browser in [&mut laptop, &mut phone, &mut ben] {
        assert_eq!(browser.subscribe(&card, Some(first)).status, 304);
    }
    let second = version(&laptop.patch(&card, first, titled("Paint it red")));
    for browser in [&mut phone, &mut ben] {
        let push = browser.push();
        let expected = Push { diff: titled("Paint it red"), ..push.clone() };
        assert_eq!((&push, push.since, push.meta.modified), (&expected, first, second));
        assert_eq!((&push.entity, &push.meta.person), (&card, &ada.person));
    }
    // Pushes keep their order, so the first that the laptop gets shows that its own was left out.
    let third = version(&ben.patch(&card, second, titled("Paint it blue")));
    for browser in [&mut laptop, &mut phone] {
        let push = browser.push();
        assert_eq!((push.since, push.meta.modified), (second, third));
    }
}

#[test]
fn deletions_and_their_undoing_are_pushed() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    ada.simply(Method::Delete, &card);
    // To a deleted entity one can subscribe: it may come back.
    assert_eq!(ben.subscribe(&card, Some(first)).status, 404);
    ada.simply(Method::PatchUndelete, &card);
    let back = ben.push();
    assert_eq!((back.meta.deleted, back.diff), (false, empty()));
    ada.simply(Method::Delete, &card);
    let gone = ben.push();
    assert_eq!((gone.meta.deleted, gone.since, gone.diff), (true, back.meta.modified, empty()));
}

#[test]
fn who_unsubscribed_hears_nothing_more() {
    let server = server();
    let ada = Session::login(&server, &unique("ada"));
    let (mut laptop, mut phone) = (ada.connect("laptop"), ada.connect("phone"));
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut ben);
    let (other, other_first) = posted_card(&mut ben);
    for entity in [&card, &other] {
        laptop.subscribe(entity, None);
        phone.subscribe(entity, None);
    }
    assert_eq!(laptop.simply(Method::Unsubscribe, &card).status, 200);
    let second = version(&ben.patch(&card, first, titled("x")));
    // The phone has it, so whatever the laptop was to get of that change was sent, too.
    assert_eq!(phone.push().meta.modified, second);
    ben.patch(&other, other_first, titled("y"));
    assert_eq!(laptop.push().entity, other);
}

#[test]
fn who_comes_back_soon_is_still_subscribed() {
    let server = server();
    let mut ada = person(&server, "ada");
    let ben = Session::login(&server, &unique("ben"));
    let (card, first) = posted_card(&mut ada);
    let mut phone = ben.connect("phone");
    phone.subscribe(&card, Some(first));
    phone.send_frame(Message::Close(Some(CloseFrame { code: Normal, reason: "".into() })));
    assert_eq!(phone.closed().0, 1000);
    let mut last = first;
    for title in ["Paint it red", "Paint it blue"] {
        last = version(&ada.patch(&card, last, titled(title)));
    }
    let mut again = ben.connect("phone");
    let next = version(&ada.patch(&card, last, titled("Paint it green")));
    let mut push = again.push();
    while push.meta.modified < next {
        push = again.push();
    }
}

#[test]
fn who_was_refused_is_not_subscribed() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let card = new_card();
    assert_eq!(ben.subscribe(&card, None).status, 404);
    let first = version(&ada.post(&card, card_value("Paint the shed")));
    ada.patch(&card, first, titled("x"));
    let (other, other_first) = posted_card(&mut ada);
    ben.subscribe(&other, None);
    ada.patch(&other, other_first, titled("y"));
    assert_eq!(ben.push().entity, other);
}

#[test]
fn a_storm_of_edits_arrives_whole_and_in_order_whatever_was_composed() {
    const EDITS: usize = 60;
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    ben.subscribe(&card, Some(first));
    for number in 0..EDITS {
        let diff = cbor(json!({ "labels": { format!("l{number:02}"): "red" } }));
        ada.send(&temporal_entity_tests::client::patch(&card, first, diff));
    }
    let replies: Vec<_> = (0..EDITS).map(|_| ada.reply()).collect();
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    let last = version(replies.last().unwrap());

    let mut labels = Vec::new();
    let mut held: Stamp = first;
    while held != last {
        let push = ben.push();
        assert_eq!(push.since, held, "a push that does not follow on the one before");
        held = push.meta.modified;
        let changed = temporal_entity_core::value::get(&push.diff, "labels").unwrap();
        labels.extend(changed.as_map().unwrap().iter().map(|(key, _)| key.clone()));
    }
    let expected: Vec<_> = (0..EDITS).map(|number| format!("l{number:02}").into()).collect();
    assert_eq!(labels, expected);
}

#[test]
fn a_push_of_one_field_is_short_also_after_the_person_forgot_everything() {
    let server = server();
    let ada = Session::login(&server, &unique("ada"));
    let (mut laptop, mut phone) = (ada.connect("laptop"), ada.connect("phone"));
    let mut ben = person(&server, "ben");
    let (card, mut held) = posted_card(&mut ben);
    for browser in [&mut laptop, &mut phone] {
        assert_eq!(browser.subscribe(&card, Some(held)).status, 304);
    }
    for title in ["Paint it red", "Paint it blue"] {
        held = version(&ben.patch(&card, held, titled(title)));
        let sizes = [&mut laptop, &mut phone].map(|browser| match browser.event() {
            Event::Message(_, bytes) => bytes,
            other => panic!("not a push: {other:?}"),
        });
        let [short, long] = sizes;
        assert!(short <= 64, "{short} bytes");
        assert!(long > 2 * short, "{long} bytes without a handle, {short} with one");
        server.evict(&EntityRef::new("Person", ada.person.as_str()).unwrap());
    }
}

#[test]
fn a_handle_names_its_entity_in_requests_until_it_is_given_up() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ben);
    ada.subscribe(&card, Some(first));
    let by_handle = |id: u64, method: &str| {
        cbor(json!({ "id": id, "method": method, "handle": 0, "ifModifiedSince": first.micros() }))
    };
    assert_eq!(ada.ask_value(&by_handle(1_000_001, "get")).status, 304);
    assert_eq!(ada.ask_value(&by_handle(1_000_002, "unsubscribe")).status, 200);
    assert_refused(&ada.ask_value(&by_handle(1_000_003, "get")), 400, "malformed");
    assert_eq!(ada.get(&card, Some(first)).status, 304);
}

#[test]
fn nobody_writes_in_another_persons_name() {
    let server = server();
    let eve = Session::login(&server, &unique("eve"));
    let mut browser = eve.connect("laptop");
    let (card, first) = posted_card(&mut browser);
    let mut claim = request(Method::PatchDiff, &card).to_value();
    let sender = json!({ "person": "ada", "browser": "laptop", "impersonator": "ada" });
    for (key, value) in [
        ("sender", sender),
        ("person", json!("ada")),
        ("browser", json!("phone")),
        ("impersonator", json!("ada")),
        ("meta", json!({ "person": "ada" })),
        ("ifUnmodifiedSince", json!(first.micros())),
        ("diff", json!({ "title": "Mine" })),
    ] {
        claim.as_map_mut().unwrap().push((key.into(), cbor(value)));
    }
    let reply = browser.ask_value(&claim);
    assert_eq!(reply.status, 200, "{reply:?}");
    let meta = reply.meta.unwrap();
    assert_eq!((meta.person, meta.impersonator), (eve.person, None));
}
