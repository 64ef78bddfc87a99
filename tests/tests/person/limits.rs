//! Bounds on what a browser can ask for, and on what waits for it to be read.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, Method, Request};
use temporal_entity_core::person::{
    MAX_WAITING_BYTES, PersonEffect, PersonMachine, SocketLimits, Unread,
};
use temporal_entity_core::value::Value;

use super::ada::{Ada, NOW, at, entity, push, reply};

#[test]
fn a_frame_that_is_too_large_is_refused_and_the_next_one_works() {
    let limits = SocketLimits { message_bytes: 100, ..SocketLimits::default() };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    ada.0.frame(NOW, 1, &[0; 101]);
    ada.send(1, 1, Method::Get, "a");
    assert_eq!(
        ada.effects()[1..],
        ["1 < reply without id: 413 tooLarge", "call 0 of a: 1 get by ada/laptop"]
    );
}

#[test]
fn a_browser_has_so_many_requests_waiting_and_no_more() {
    let mut ada = Ada::connected();
    for id in 0..1000 {
        ada.send(1, id, Method::Get, "a");
    }
    // Also by another socket.
    ada.0.opened(NOW, 3, "laptop", None);
    for id in 1000..1028 {
        ada.send(3, id, Method::Get, "a");
    }
    let refused: Vec<_> =
        ada.effects().into_iter().filter(|e| e.ends_with("429 tooMany")).collect();
    assert_eq!(refused.len(), 4);
    assert_eq!(refused[0], "3 < reply 1024: 429 tooMany");
    // The phone has its own.
    ada.send(2, 1, Method::Get, "b");
    assert_eq!(ada.effects(), ["call 1 of b: 1 get by ada/phone"]);
    ada.0.answered(0, reply(0, 304, None));
    ada.send(3, 3000, Method::Get, "c");
    assert_eq!(ada.effects().last().unwrap(), "call 3 of c: 3000 get by ada/laptop");
}

#[test]
fn a_browser_has_so_many_subscriptions_and_keeps_them() {
    let mut ada = Ada::connected();
    for number in 0..1000 {
        ada.subscribed(1, &format!("n{number}"), 1);
    }
    ada.send(1, 1, Method::Subscribe, "one more");
    assert_eq!(ada.effects(), ["1 < reply 1: 429 tooMany"]);
    ada.send(1, 2, Method::Subscribe, "n7");
    ada.send(2, 3, Method::Subscribe, "n8");
    assert_eq!(ada.calls().len(), 2);
    ada.send(1, 4, Method::Unsubscribe, "n9");
    ada.send(1, 5, Method::Subscribe, "one more");
    assert_eq!(ada.calls().len(), 2);
}

#[test]
fn what_waits_for_an_answer_is_bounded_in_bytes_too() {
    let limits = SocketLimits { bytes_per_second: 1 << 30, ..SocketLimits::default() };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    // Also what another browser sends.
    ada.0.opened(NOW, 2, "phone", None);
    ada.effects();
    let large = |id| {
        let value = Value::Bytes(vec![0; MAX_WAITING_BYTES / 5 - 1_000]);
        let request = Request { value: Some(value), ..Request::new(id, Method::Post, entity("a")) };
        encode(&request.to_value()).unwrap()
    };
    (0..5).for_each(|id| ada.0.frame(NOW, 1, &large(id)));
    assert_eq!(ada.calls(), [0]);
    ada.0.frame(NOW, 2, &large(5));
    assert_eq!(ada.effects(), ["2 < reply 5: 429 tooMany"]);
    ada.0.answered(0, reply(0, 201, Some(1)));
    ada.0.frame(NOW, 1, &large(6));
    assert_eq!(ada.effects(), ["1 < reply 0: 201", "call 1 of a: 1 post by ada/laptop"]);
}

#[test]
fn who_asks_too_fast_is_told_when_to_ask_again() {
    let limits = SocketLimits { requests_per_second: 10, ..SocketLimits::default() };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    ada.0.opened(NOW, 2, "phone", None);
    ada.effects();
    let refused = |ada: &mut Ada, id| {
        let effect = ada.0.poll_effect().unwrap();
        let PersonEffect::Send { bytes, .. } = effect else { panic!("{effect:?}") };
        let Downstream::Reply(reply) = Downstream::decode(&bytes).unwrap() else { panic!() };
        assert_eq!((reply.id, reply.status), (Some(id), 429));
        reply.retry_after.unwrap()
    };
    for id in 0..1_200 {
        ada.send(1, id, Method::Get, "a");
        let call = ada.calls().pop().unwrap();
        ada.0.answered(call, reply(id, 304, None));
        ada.effects();
    }
    for (id, wait) in [(2_000, 200_000), (2_001, 300_000)] {
        ada.send(1, id, Method::Get, "a");
        assert_eq!(refused(&mut ada, id), wait);
        assert!(ada.effects().is_empty());
    }
    ada.send(2, 1, Method::Get, "a");
    assert_eq!(ada.calls().len(), 1, "another browser has its own pace");
    let request = Request::new(2_002, Method::Get, entity("b"));
    ada.0.frame(at(1), 1, &encode(&request.to_value()).unwrap());
    assert_eq!(ada.calls().len(), 1);
}

/// How much a socket has room for.
const ROOM: usize = 8 << 20;

/// So much waits for one socket, and nothing for the others.
fn alone(here: usize) -> Unread {
    Unread { here, of_all: here }
}

#[test]
fn who_reads_slower_than_it_asks_is_told_to_ask_again() {
    let mut ada = Ada::connected();
    let large = vec![0; 10_000];
    assert_eq!(ada.0.unread(1, alone(ROOM), large.clone(), Some(7)), Some(large.clone()));
    let small = vec![0; 100];
    assert_eq!(ada.0.unread(1, alone(ROOM + 1), small.clone(), Some(7)), Some(small.clone()));
    let instead = ada.0.unread(1, alone(ROOM + 1), large.clone(), Some(7)).unwrap();
    let Downstream::Reply(refusal) = Downstream::decode(&instead).unwrap() else { panic!() };
    assert_eq!((refusal.id, refusal.status, refusal.retry_after), (Some(7), 429, Some(1_000_000)));
    assert!(ada.effects().is_empty());
    assert_eq!(ada.0.unread(1, alone(2 * ROOM + 1), small, Some(8)), None);
    assert_eq!(ada.effects(), ["close 1: 4408"]);
}

#[test]
fn who_does_not_read_pushes_is_let_go_and_the_others_hear_on() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    assert_eq!(ada.0.unread(1, alone(ROOM + 1), vec![0; 100], None), None);
    assert_eq!(ada.0.unread(1, alone(ROOM + 1), vec![0; 100], None), None);
    assert_eq!(ada.effects(), ["close 1: 4408"]);
    // The laptop asks for what it wants when it connects again.
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    assert_eq!(ada.effects(), ["forget laptop: a", "2 < push 1-2"]);
}

#[test]
fn all_sockets_of_a_person_share_the_room_of_four() {
    let mut ada = Ada::connected();
    (3..=16).for_each(|socket| ada.0.opened(NOW, socket, &format!("browser{socket}"), None));
    ada.effects();
    assert!(ada.0.unread(3, alone(ROOM / 4), vec![0], None).is_some());
    assert!(ada.0.unread(3, alone(ROOM / 4 + 1), vec![0], None).is_none());
}
