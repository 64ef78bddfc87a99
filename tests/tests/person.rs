//! The person machine: what goes in, and the effects in words.

#[path = "person/ada.rs"]
mod ada;
#[path = "person/batches.rs"]
mod batches;
#[path = "person/handles.rs"]
mod handles;
#[path = "person/kept.rs"]
mod kept;
#[path = "person/limits.rs"]
mod limits;
#[path = "person/paces.rs"]
mod paces;

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Meta, Method, Reason, Reply};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::CallFailure;
use temporal_entity_tests::notation::parse;

use ada::{Ada, NOW, at, entity, meta, push, refusal, reply};

#[test]
fn one_call_to_an_entity_is_under_way_and_answers_go_to_who_asked() {
    let mut ada = Ada::connected();
    ada.send(1, 1, Method::Get, "a");
    ada.send(2, 1, Method::Delete, "a");
    ada.send(1, 2, Method::Get, "b");
    assert_eq!(
        ada.effects(),
        ["call 0 of a: 1 get by ada/laptop", "call 1 of b: 2 get by ada/laptop"]
    );
    ada.0.answered(0, reply(1, 200, Some(1)));
    assert_eq!(ada.effects(), ["1 < reply 1: 200", "call 2 of a: 1 delete by ada/phone"]);
    ada.send(1, 3, Method::Get, "a");
    ada.0.answered(2, reply(1, 200, Some(2)));
    assert_eq!(ada.effects(), ["2 < reply 1: 200", "call 3 of a: 3 get by ada/laptop"]);
    ada.0.answered(1, reply(2, 304, None));
    ada.0.answered(3, reply(3, 304, None));
    assert_eq!(ada.effects(), ["1 < reply 2: 304", "1 < reply 3: 304"]);
    // Nobody asked.
    ada.0.answered(3, reply(3, 304, None));
    ada.0.answered(77, reply(3, 304, None));
    assert!(ada.effects().is_empty());
}

#[test]
fn who_sends_is_who_is_logged_in() {
    let mut ada = Ada::connected();
    let forged = r#"{"id": 1, "method": "get", "type": "Note", "entity": "a", "person": "bob",
        "sender": {"person": "bob", "browser": "x"}}"#;
    ada.0.frame(NOW, 1, &encode(&parse(forged)).unwrap());
    assert_eq!(ada.effects(), ["call 0 of a: 1 get by ada/laptop"]);
}

#[test]
fn replies_and_pushes_reach_a_socket_in_the_order_of_versions() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    ada.send(1, 5, Method::PatchDiff, "a");
    ada.effects();
    // The answer, version 3, is on its way while these come.
    assert_eq!(ada.0.deliver(NOW, &push("a", 1, 2, None)), Delivered::Taken);
    assert_eq!(ada.0.deliver(NOW, &push("a", 2, 3, Some("laptop"))), Delivered::Taken);
    assert_eq!(ada.0.deliver(NOW, &push("a", 3, 4, None)), Delivered::Taken);
    // The other browser, which waits for no answer, has them at once.
    assert_eq!(ada.effects(), ["2 < push 1-2", "2 < push 2-3", "2 < push 3-4"]);
    ada.0.answered(2, reply(5, 200, Some(3)));
    assert_eq!(ada.effects(), ["1 < push 1-2", "1 < reply 5: 200", "1 < push 3-4"]);
    ada.0.deliver(NOW, &push("a", 4, 5, None));
    assert_eq!(ada.effects(), ["1 < push 4-5", "2 < push 4-5"]);
}

#[test]
fn a_push_that_a_reply_overtook_is_left() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    ada.send(1, 5, Method::PatchDiff, "a");
    ada.effects();
    ada.0.answered(2, reply(5, 200, Some(3)));
    assert_eq!(ada.effects(), ["1 < reply 5: 200"]);
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    ada.0.deliver(NOW, &push("a", 2, 3, Some("laptop")));
    assert_eq!(ada.effects(), ["2 < push 1-2", "2 < push 2-3"]);
    // And so is one that comes twice.
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    assert!(ada.effects().is_empty());
}

#[test]
fn who_was_told_that_it_is_deleted_hears_of_nothing_before() {
    let mut ada = Ada::connected();
    ada.send(1, 1, Method::Subscribe, "a");
    let deleted = Meta { deleted: true, ..meta(3) };
    let refusal = Reply::refusal(404, Reason::Deleted, "no");
    let reply = Reply { id: Some(1), meta: Some(deleted), ..refusal };
    ada.0.answered(0, Ok(encode(&reply.to_value()).unwrap()));
    assert_eq!(ada.effects()[1..], ["remember laptop: a", "1 < reply 1: 404 deleted"]);
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    assert!(ada.effects().is_empty());
    ada.0.deliver(NOW, &push("a", 3, 4, None));
    assert_eq!(ada.effects(), ["1 < push 3-4"]);
}

#[test]
fn a_browser_whose_answer_was_lost_hears_of_its_change() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.send(1, 5, Method::PatchDiff, "a");
    ada.effects();
    ada.0.deliver(NOW, &push("a", 1, 2, Some("laptop")));
    ada.0.answered(1, Err(CallFailure::Unavailable("no answer".to_owned())));
    assert_eq!(ada.effects(), ["1 < reply 5: 503 unavailable", "1 < push 1-2"]);
}

#[test]
fn pushes_that_are_held_are_bounded() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.send(1, 5, Method::Get, "a");
    ada.effects();
    for version in 1..=70 {
        ada.0.deliver(NOW, &push("a", version, version + 1, None));
    }
    assert_eq!(ada.effects().len(), 70 - 64);
    // What was overtaken is not sent any more: the browser has seen a gap, and asks.
    ada.0.answered(1, reply(5, 304, None));
    assert_eq!(ada.effects(), ["1 < reply 5: 304"]);
}

#[test]
fn only_who_wants_an_entity_hears_of_it() {
    let mut ada = Ada::connected();
    // A push can come before the answer to the subscription.
    ada.send(1, 1, Method::Subscribe, "a");
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    ada.0.answered(0, reply(1, 200, Some(1)));
    assert_eq!(ada.effects()[1..], ["remember laptop: a", "1 < reply 1: 200", "1 < push 1-2"]);
    // Once is remembered once.
    ada.send(1, 2, Method::Subscribe, "a");
    ada.0.answered(1, reply(2, 304, None));
    assert_eq!(ada.effects()[1..], ["1 < reply 2: 304"]);
    ada.0.deliver(NOW, &push("a", 2, 3, None));
    assert_eq!(ada.effects(), ["1 < push 2-3"]);
    assert_eq!(ada.0.deliver(NOW, &push("b", 2, 3, None)), Delivered::Unwanted);
    assert_eq!(ada.0.deliver(NOW, b"no push"), Delivered::Failed);
    assert!(ada.effects().is_empty());
}

#[test]
fn a_subscription_that_is_refused_is_none_unless_the_entity_is_deleted() {
    let mut ada = Ada::connected();
    ada.send(1, 1, Method::Subscribe, "absent");
    ada.0.answered(0, refusal(1, 404, Reason::Absent));
    assert_eq!(ada.effects()[1..], ["1 < reply 1: 404 absent"]);
    assert_eq!(ada.0.deliver(NOW, &push("absent", 1, 2, None)), Delivered::Unwanted);
    ada.send(1, 2, Method::Subscribe, "deleted");
    ada.0.answered(1, refusal(2, 404, Reason::Deleted));
    assert_eq!(ada.effects()[1..], ["remember laptop: deleted", "1 < reply 2: 404 deleted"]);
    assert_eq!(ada.0.deliver(NOW, &push("deleted", 1, 2, None)), Delivered::Taken);
}

#[test]
fn the_entity_hears_only_of_the_last_browser_that_leaves() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    ada.send(1, 5, Method::Unsubscribe, "a");
    assert_eq!(ada.effects(), ["forget laptop: a", "1 < reply 5: 200"]);
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    assert_eq!(ada.effects(), ["2 < push 1-2"]);
    ada.send(2, 6, Method::Unsubscribe, "a");
    assert_eq!(ada.effects(), ["forget phone: a", "call 2 of a: 6 unsubscribe by ada/phone"]);
    ada.0.answered(2, reply(6, 200, None));
    assert_eq!(ada.effects(), ["2 < reply 6: 200"]);
}

#[test]
fn what_the_entity_will_not_tell_of_is_wanted_by_nobody() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    ada.0.closed(at(0), 1);
    ada.send(2, 6, Method::Unsubscribe, "a");
    let forgotten = ["forget phone: a", "forget laptop: a"];
    assert_eq!(ada.effects()[..2], forgotten);
    ada.0.answered(2, reply(6, 200, None));
    assert_eq!(ada.0.deliver(at(1), &push("a", 1, 2, None)), Delivered::Unwanted);
}

#[test]
fn who_unsubscribes_before_the_answer_is_not_remembered() {
    let mut ada = Ada::connected();
    ada.send(1, 1, Method::Subscribe, "a");
    ada.send(1, 2, Method::Unsubscribe, "a");
    ada.effects();
    ada.0.answered(0, reply(1, 200, Some(1)));
    assert_eq!(ada.effects(), ["1 < reply 1: 200", "call 1 of a: 2 unsubscribe by ada/laptop"]);
}

#[test]
fn a_subscription_that_fails_leaves_the_next_one_its_interest() {
    let mut ada = Ada::connected();
    ada.send(1, 1, Method::Subscribe, "a");
    ada.0.opened(NOW, 3, "laptop", None);
    ada.send(3, 2, Method::Subscribe, "a");
    ada.effects();
    ada.0.answered(0, Err(CallFailure::Unavailable("gone".to_owned())));
    assert_eq!(ada.effects(), ["call 1 of a: 2 subscribe by ada/laptop"]);
    assert_eq!(ada.0.deliver(NOW, &push("a", 1, 2, None)), Delivered::Taken);
    ada.0.answered(1, reply(2, 200, Some(1)));
    assert_eq!(ada.effects(), ["remember laptop: a", "3 < reply 2: 200", "3 < push 1-2"]);
}

#[test]
fn a_push_that_finds_nobody_after_a_while_is_unwanted_and_all_is_forgotten() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    ada.0.closed(at(0), 1);
    assert_eq!(ada.0.deliver(at(29), &push("a", 1, 2, None)), Delivered::Taken);
    assert_eq!(ada.effects(), ["2 < push 1-2"]);
    // The laptop is waited for no more.
    assert_eq!(ada.0.deliver(at(60), &push("a", 2, 3, None)), Delivered::Taken);
    assert_eq!(ada.effects(), ["forget laptop: a", "2 < push 2-3"]);
    ada.0.closed(at(60), 2);
    // The phone is expected back. It asks for what it missed.
    assert_eq!(ada.0.deliver(at(89), &push("a", 2, 3, None)), Delivered::Taken);
    assert_eq!(ada.0.deliver(at(89), &push("b", 2, 3, None)), Delivered::Unwanted);
    assert!(ada.effects().is_empty());
    ada.0.opened(NOW, 3, "phone", None);
    ada.0.closed(at(90), 3);
    assert_eq!(ada.0.deliver(at(119), &push("a", 2, 3, None)), Delivered::Taken);
    ada.effects();
    assert_eq!(ada.0.deliver(at(120), &push("a", 2, 3, None)), Delivered::Unwanted);
    assert_eq!(ada.effects(), ["forget phone: a"]);
    assert_eq!(ada.0.deliver(at(120), &push("a", 2, 3, None)), Delivered::Unwanted);
    assert!(ada.effects().is_empty());
}

#[test]
fn a_browser_that_comes_again_takes_the_place_of_its_older_socket() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.send(1, 1, Method::Get, "a");
    ada.0.opened(NOW, 3, "laptop", None);
    assert_eq!(ada.effects()[1..], ["close 1: 4409", "3 < welcome ada"]);
    // It repeats what was not answered; the answer to the first goes nowhere.
    ada.send(3, 1, Method::Get, "a");
    ada.0.answered(1, reply(1, 304, None));
    assert_eq!(ada.effects(), ["call 2 of a: 1 get by ada/laptop"]);
    ada.0.deliver(NOW, &push("a", 1, 2, None));
    ada.0.answered(2, reply(1, 304, None));
    assert_eq!(ada.effects(), ["3 < reply 1: 304", "3 < push 1-2"]);
    // What still comes by the old one is nobody's.
    ada.send(1, 2, Method::Get, "a");
    ada.0.text_frame(NOW, 1);
    assert!(ada.effects().is_empty());
}

#[test]
fn sockets_and_interests_outlive_the_machine() {
    let mut ada = Ada::with(vec![("laptop".to_owned(), entity("a"), None)]);
    ada.0.woke(7, "laptop", None);
    assert!(ada.effects().is_empty());
    assert_eq!(ada.0.deliver(NOW, &push("a", 1, 2, None)), Delivered::Taken);
    assert_eq!(ada.effects(), ["7 < push 1-2"]);
}

#[test]
fn frames_that_are_no_messages_are_refused_and_the_third_closes() {
    let mut ada = Ada::connected();
    ada.0.frame(NOW, 1, &[0xff]);
    ada.0.text_frame(NOW, 1);
    assert_eq!(ada.effects(), ["1 < reply without id: 400 malformed"; 2]);
    // A message in between is a new beginning, also one that is wrong in what it asks.
    ada.0.frame(NOW, 1, &encode(&parse(r#"{"id": 8, "method": "put"}"#)).unwrap());
    ada.0.frame(NOW, 1, &encode(&parse(r#"{"id": 9, "method": "get", "type": "a b"}"#)).unwrap());
    assert_eq!(ada.effects(), ["1 < reply 8: 405 method", "1 < reply 9: 400 malformed"]);
    for text in ["[]", r#"{"id": -1, "method": "get"}"#, r#"{"method": "get"}"#] {
        ada.0.frame(NOW, 1, &encode(&parse(text)).unwrap());
    }
    let refused = "1 < reply without id: 400 malformed";
    assert_eq!(ada.effects(), [refused, refused, refused, "close 1: 1008"]);
    ada.send(1, 1, Method::Get, "a");
    assert!(ada.effects().is_empty());
}

#[test]
fn calls_that_fail_are_answered_for() {
    let mut ada = Ada::connected();
    let failures = [
        (Err(CallFailure::UnknownType), "404 unknownType"),
        (Err(CallFailure::Unbound("CardObject".to_owned())), "500 unbound"),
        (Err(CallFailure::Unavailable("gone".to_owned())), "503 unavailable"),
        (Ok(Vec::new()), "500 internal"),
        (Ok(vec![0xa0]), "500 internal"),
        (Ok(vec![0xff]), "500 internal"),
    ];
    for (number, (answer, expected)) in (0..).zip(failures) {
        ada.send(1, number, Method::Get, "a");
        ada.effects();
        ada.0.answered(number, answer);
        assert_eq!(ada.effects(), [format!("1 < reply {number}: {expected}")]);
    }
}
