//! Requests that wait while a call is under way go to the entity together.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Reply, Request};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, patch, request};

use crate::common::{
    assert_refused, card_value, cbor, field, new_card, person, posted_card, server, titled, unique,
    unwinding, version,
};

/// Many more than one call carries.
const EDITS: usize = 200;

/// The replies, which have to come in the order of the requests.
fn replies(browser: &mut Browser, requests: &[Request]) -> Vec<Reply> {
    requests.iter().for_each(|request| browser.send(request));
    let replies: Vec<_> = requests.iter().map(|_| browser.reply()).collect();
    let ids = |reply: &Reply| reply.id;
    assert!(replies.iter().map(ids).eq(requests.iter().map(|request| Some(request.id))));
    replies
}

fn label(number: usize) -> Value {
    cbor(json!({ "labels": { format!("{number:03}"): "red" } }))
}

#[test]
fn each_of_many_edits_is_its_own_and_what_is_refused_stops_no_other() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let second = version(&ada.patch(&card, first, titled("Paint it red")));
    ben.subscribe(&card, Some(second));
    let conflicts = |number: usize| number % 10 == 3;
    let edit = |number| {
        let diff = if conflicts(number) { titled("Paint it blue") } else { label(number) };
        patch(&card, first, diff)
    };
    let requests: Vec<_> = (0..EDITS).map(edit).collect();
    let replies = replies(&mut ada, &requests);
    let mut last = second;
    for (number, reply) in replies.iter().enumerate() {
        if conflicts(number) {
            assert_refused(reply, 409, "conflict");
            continue;
        }
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(version(reply) > last);
        last = version(reply);
    }
    // The other person is told in pushes that join.
    let mut held = second;
    while held < last {
        let push = ben.push();
        assert_eq!(push.since, held);
        held = push.meta.modified;
    }
    let read = ada.get(&card, None);
    let labels = field(&read, "labels").as_map().unwrap();
    assert_eq!(labels.len(), EDITS - EDITS / 10);
}

#[test]
fn a_request_that_panics_fails_alone() {
    let server = unwinding();
    let mut ada = person(&server, "ada");
    let entity = EntityRef::new("Fragile", unique("fragile")).unwrap();
    let whole = json!({ "breaks": "", "note": "", "material": "glass" });
    let first = version(&ada.post(&entity, cbor(whole)));
    let panics = |number: usize| number % 5 == 2;
    // The last panics where nothing catches it but the transaction.
    let edit = |number: usize| {
        let diff = match number {
            _ if !panics(number) => json!({ "note": format!("{number}") }),
            _ if number.is_multiple_of(2) => json!({ "breaks": "validate" }),
            _ => json!({ "material": "nothing" }),
        };
        (number, cbor(diff))
    };
    let mut held = first;
    for round in 0..4 {
        let edits: Vec<_> = (round * 20..round * 20 + 20).map(edit).collect();
        // The edits of the note behind the first good one are stale, and so in conflict with it.
        let made = |(_, diff): &(usize, Value)| patch(&entity, held, diff.clone());
        let requests: Vec<_> = edits.iter().map(made).collect();
        let mut stored = None::<Stamp>;
        for ((number, _), reply) in edits.iter().zip(replies(&mut ada, &requests)) {
            match stored {
                _ if panics(*number) => assert_refused(&reply, 500, "internal"),
                None => {
                    assert_eq!(reply.status, 200, "{reply:?}");
                    stored = Some(version(&reply));
                }
                Some(_) => assert_refused(&reply, 409, "conflict"),
            }
        }
        held = stored.unwrap();
    }
    assert_eq!(ada.get(&entity, Some(held)).status, 304);
}

#[test]
fn many_who_ask_for_all_of_a_large_entity_have_it_each() {
    const READS: usize = 40;
    let server = server();
    let mut ada = person(&server, "ada");
    let card = new_card();
    assert_eq!(ada.post(&card, card_value(&"x".repeat(100_000))).status, 201);
    let requests: Vec<_> = (0..READS).map(|_| request(Method::Get, &card)).collect();
    let replies = replies(&mut ada, &requests);
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert!(replies.windows(2).all(|pair| pair[0].value == pair[1].value));
}
