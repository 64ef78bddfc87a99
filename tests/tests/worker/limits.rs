//! Bounds on what one browser may ask for, and on what waits for it to be read.

use std::thread::sleep;
use std::time::Duration;

use temporal_entity_core::message::{Method, Request};
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Event, Session, request};
use temporal_entity_tests::workerd::{TEST, Workerd};

use crate::common::{
    assert_refused, card_value, new_card, person, posted_card, server, titled, unique, version,
};

#[test]
fn a_flood_of_requests_is_answered_to_the_last() {
    const FLOOD: usize = 2_000;
    let server = server();
    let mut eve = person(&server, "eve");
    let (card, first) = posted_card(&mut eve);
    let get = || Request { if_modified_since: Some(first).into(), ..request(Method::Get, &card) };
    let requests: Vec<_> = (0..FLOOD).map(|_| get()).collect();
    requests.iter().for_each(|request| eve.send(request));
    let mut answered: Vec<_> = (0..FLOOD)
        .map(|_| {
            let reply = eve.reply();
            assert!(matches!(reply.status, 304 | 429), "{reply:?}");
            reply.id.unwrap()
        })
        .collect();
    answered.sort_unstable();
    let mut asked: Vec<_> = requests.iter().map(|request| request.id).collect();
    asked.sort_unstable();
    assert_eq!(answered, asked);
    assert_eq!(version(&eve.get(&card, None)), first);
}

#[test]
fn who_asks_too_fast_is_told_when_to_ask_again() {
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("REQUESTS_PER_SECOND", "10")]);
    let (mut eve, mut ben) = (person(&server, "eve"), person(&server, "ben"));
    let (card, first) = posted_card(&mut eve);
    // A few more than can be saved up, and those that were asked for in the meantime.
    let refused = (0..10_000).map(|_| eve.get(&card, Some(first))).find(|r| r.status != 304);
    let refused = refused.unwrap();
    assert_refused(&refused, 429, "tooMany");
    let wait = Duration::from_micros(refused.retry_after.unwrap());
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
    assert_eq!(ben.get(&card, Some(first)).status, 304);
    sleep(wait);
    assert_eq!(eve.get(&card, Some(first)).status, 304);
}

/// A card with a large title, and edits of it, each of which replaces all of it.
fn large(number: usize) -> Value {
    titled(&format!("{number}{}", "x".repeat(200_000)))
}

#[test]
fn a_socket_that_is_not_read_is_let_go_and_harms_no_other() {
    const EDITS: usize = 100;
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("UNREAD_BYTES", "1000000")]);
    let mut ada = person(&server, "ada");
    let ben = Session::login(&server, &unique("ben"));
    let (mut deaf, mut phone) = (ben.connect("laptop"), ben.connect("phone"));
    let (card, first) = posted_card(&mut ada);
    deaf.subscribe(&card, Some(first));
    phone.subscribe(&card, Some(first));
    let mut last = first;
    for number in 0..EDITS {
        last = version(&ada.patch(&card, last, large(number)));
        let push = phone.push();
        assert_eq!(push.meta.modified, last);
    }
    // What was under way to it is much less than what it missed.
    let mut missed = EDITS;
    let code = loop {
        match deaf.event() {
            Event::Message(..) => missed -= 1,
            Event::Closed(code, _) => break code,
            Event::Lost => panic!("the connection broke without a close frame"),
        }
    };
    assert_eq!(code, 4408);
    assert!(missed > 0);
    // It comes again, and has it.
    let mut again = ben.connect("laptop");
    assert_eq!(version(&again.subscribe(&card, None)), last);
}

#[test]
fn who_reads_slower_than_it_asks_is_told_to_ask_again() {
    const READS: usize = 100;
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("UNREAD_BYTES", "16000000")]);
    let session = Session::login(&server, &unique("eve"));
    let (mut eve, mut phone) = (session.connect("laptop"), session.connect("phone"));
    let card = new_card();
    assert_eq!(eve.post(&card, card_value(&"x".repeat(600_000))).status, 201);
    let reads: Vec<_> = (0..READS).map(|_| request(Method::Get, &card)).collect();
    reads.iter().for_each(|request| eve.send(request));
    let (mut answered, mut put_off) = (0, 0);
    // What the phone asks comes behind what the laptop asked, so these are answered after all of it.
    for _ in 0..10 {
        assert_eq!(phone.get(&card, None).status, 200);
    }
    for request in &reads {
        let reply = eve.reply();
        assert_eq!(reply.id, Some(request.id));
        match reply.status {
            200 => answered += 1,
            _ => {
                assert_refused(&reply, 429, "tooMany");
                assert!(reply.retry_after.is_some());
                put_off += 1;
            }
        }
    }
    assert!(answered > 0 && put_off > 0, "{answered} answered, {put_off} put off");
    assert_eq!(eve.get(&card, None).status, 200);
}
