//! What an attacker of the fan-out would try: coming, leaving, editing and sleeping at once.

use std::ops::Range;

use serde_json::json;
use temporal_entity_core::message::{Downstream, Method, Reply, Request};
use temporal_entity_tests::client::{Browser, Session, patch, request};

use super::object_of;
use super::reader::Reader;
use super::thousand::{everyone_has, gather};
use crate::common::{assert_same, cbor, person, posted_card, server, titled, unique, version};

const PERSONS: usize = 16;

const ROUNDS: usize = 8;

/// Everybody leaves and comes back while somebody edits, all without waiting. Whoever came back last is subscribed.
#[test]
fn who_leaves_and_comes_back_in_a_burst_is_subscribed() {
    let server = server();
    let mut writer = person(&server, "ada");
    let (card, mut held) = posted_card(&mut writer);
    let mut crowd = gather(&server, &card, PERSONS);
    for round in 0..ROUNDS {
        let diff = |n: usize| cbor(json!({ "labels": { format!("l{round}-{n}"): "red" } }));
        let (card, known) = (&card, held);
        let edit = |writer: &mut Browser, numbers: Range<usize>| {
            numbers.for_each(|number| writer.send(&patch(card, known, diff(number))));
        };
        edit(&mut writer, 0..3);
        for (number, reader) in crowd.iter_mut().enumerate() {
            for _ in 0..=number % 3 {
                reader.browser.send(&request(Method::Unsubscribe, card));
                reader.browser.send(&request(Method::Subscribe, card));
            }
            reader.browser.send(&request(Method::Unsubscribe, card));
        }
        edit(&mut writer, 3..6);
        let subscribes: Vec<_> = crowd.iter_mut().map(send_subscribe).collect();
        for (reader, subscribe) in crowd.iter_mut().zip(&subscribes) {
            // Before this answer it is in and out, and misses what it misses.
            let reply = reply_among_others(reader, subscribe);
            reader.follow(&reply);
        }
        let replies = (0..6).map(|_| writer.reply());
        replies.for_each(|reply| assert_eq!(reply.status, 200, "{reply:?}"));
        // Nobody left again since, so from here on everybody hears of everything.
        edit(&mut writer, 6..9);
        held = version(&(0..3).map(|_| writer.reply()).last().expect("there are three"));
        crowd.iter_mut().for_each(|reader| reader.read_to(held));
    }
    everyone_has(&mut crowd, held, &writer.get(&card, None).value.expect("it exists"));
}

fn send_subscribe(reader: &mut Reader) -> Request {
    let mut subscribe = request(Method::Subscribe, &reader.entity);
    subscribe.if_modified_since = Some(reader.held).into();
    reader.browser.send(&subscribe);
    subscribe
}

/// The reply to a request. What comes before is left.
fn reply_among_others(reader: &mut Reader, asked: &Request) -> Reply {
    loop {
        match reader.message() {
            Some(Downstream::Reply(reply)) if reply.id == Some(asked.id) => return reply,
            Some(Downstream::Reply(reply)) => assert!(reply.is_success(), "{reply:?}"),
            Some(Downstream::Push(_)) => {}
            other => panic!("{} waits for a reply: {other:?}", reader.session.person),
        }
    }
}

/// After the answer to an `unsubscribe` nothing comes any more, whatever was on its way.
#[test]
fn who_left_in_a_burst_hears_nothing_after_the_answer() {
    let server = server();
    let mut writer = person(&server, "ada");
    let (card, held) = posted_card(&mut writer);
    let mut crowd = gather(&server, &card, PERSONS);
    for number in 0..40 {
        let diff = cbor(json!({ "labels": { format!("l{number}"): "red" } }));
        writer.send(&patch(&card, held, diff));
        if let Some(reader) = crowd.get_mut(number) {
            let unsubscribe = request(Method::Unsubscribe, &card);
            reader.browser.send(&unsubscribe);
            reader.reply_to(&unsubscribe);
        }
    }
    let last = (0..40).map(|_| writer.reply()).last().expect("there are forty");
    for reader in &mut crowd {
        let mut get = request(Method::Get, &card);
        get.if_modified_since = Some(version(&last)).into();
        reader.browser.send(&get);
        match reader.message() {
            Some(Downstream::Reply(reply)) => assert_eq!(reply.status, 304, "{reply:?}"),
            other => panic!("{other:?} after the answer"),
        }
    }
}

/// An object that loses its memory while it waits for an answer must not keep its browser waiting, and must know
/// afterwards what it answered.
#[test]
fn a_person_who_is_evicted_while_it_subscribes_is_subscribed_or_says_that_it_failed() {
    let server = server();
    let mut writer = person(&server, "ada");
    let (card, mut held) = posted_card(&mut writer);
    let session = Session::login(&server, &unique("ben"));
    let mut reader = Reader::of(&session, "laptop", &card);
    for round in 0..ROUNDS {
        let unsubscribe = request(Method::Unsubscribe, &card);
        reader.browser.send(&unsubscribe);
        reader.reply_to(&unsubscribe);
        let subscribe = send_subscribe(&mut reader);
        server.evict(&object_of(&session));
        if round % 2 == 0 {
            server.evict(&card);
        }
        let reply = reply_among_others(&mut reader, &subscribe);
        reader.follow(&reply);
        held = version(&writer.patch(&card, held, titled(&format!("round {round}"))));
        reader.read_to(held);
    }
    reader.hears_nothing_more();
}

/// The laptop makes the changes and the phone hears of them, while the laptop's socket is replaced again and again.
#[test]
fn a_browser_that_comes_again_while_it_edits_is_told_what_it_lacks_and_the_other_everything() {
    let server = server();
    let (card, _) = posted_card(&mut person(&server, "ada"));
    let session = Session::login(&server, &unique("ben"));
    let mut laptop = Reader::of(&session, "laptop", &card);
    let mut tablet = Reader::of(&session, "tablet", &card);
    for round in 0..ROUNDS {
        let edits: Vec<_> = (0..4)
            .map(|number| {
                let diff = cbor(json!({ "labels": { format!("l{round}-{number}"): "red" } }));
                patch(&card, laptop.held, diff)
            })
            .collect();
        edits.iter().for_each(|edit| laptop.browser.send(edit));
        // The older socket is closed while its edits are under way; they are repeated over the new one.
        laptop.come_back();
        let mut last = laptop.held;
        for edit in &edits {
            laptop.browser.send(edit);
            let reply = laptop.reply_to(edit);
            assert_eq!(reply.status, 200, "{reply:?}");
            last = last.max(version(&reply));
        }
        let newest = laptop.browser.get(&card, Some(laptop.held));
        laptop.follow(&newest);
        assert_eq!(laptop.held, last);
        tablet.read_to(last);
        assert_same(&laptop.value, &tablet.value);
    }
    assert_eq!((laptop.pushes, tablet.told_again), (0, 0));
    laptop.hears_nothing_more();
    tablet.hears_nothing_more();
}
