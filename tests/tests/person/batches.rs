//! What waits while a call is under way goes in one next call.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::batch::{MAX_BATCH, MAX_BATCH_BYTES};
use temporal_entity_core::message::{Method, Reason, Request};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::CallFailure;
use temporal_entity_core::value::Value;

use super::ada::{Ada, NOW, entity, push, refusal, replies, reply};

impl Ada {
    /// A `get` is under way, call 0, and `count` more of the laptop wait.
    fn with_waiting(count: u64) -> Ada {
        let mut ada = Ada::connected();
        (0..=count).for_each(|id| ada.send(1, id, Method::Get, "a"));
        assert_eq!(ada.effects(), ["call 0 of a: 0 get by ada/laptop"]);
        ada
    }
}

#[test]
fn what_waits_goes_together_and_each_gets_its_own_answer_in_order() {
    let mut ada = Ada::with_waiting(0);
    ada.send(1, 1, Method::PatchDiff, "a");
    ada.send(2, 1, Method::Delete, "a");
    ada.send(1, 2, Method::Get, "b");
    ada.send(1, 3, Method::Get, "a");
    ada.0.answered(0, reply(0, 304, None));
    let together =
        "call 2 of a: 1 patchDiff by ada/laptop, 1 delete by ada/phone, 3 get by ada/laptop";
    assert_eq!(ada.effects(), ["call 1 of b: 2 get by ada/laptop", "1 < reply 0: 304", together]);
    let conflict = refusal(1, 409, Reason::Conflict);
    ada.0.answered(2, replies([conflict, reply(1, 200, Some(2)), reply(3, 200, Some(2))]));
    assert_eq!(
        ada.effects(),
        ["1 < reply 1: 409 conflict", "2 < reply 1: 200", "1 < reply 3: 200"]
    );
}

#[test]
fn pushes_reach_a_socket_between_the_replies_of_their_versions() {
    let mut ada = Ada::connected();
    ada.subscribed(1, "a", 1);
    ada.subscribed(2, "a", 1);
    (0..3).for_each(|id| ada.send(1, id, Method::PatchDiff, "a"));
    ada.0.answered(2, reply(0, 200, Some(2)));
    ada.effects();
    // The call made the versions 4 and 6; somebody else 3, 5 and 7.
    for (since, skip) in [(2, None), (3, Some("laptop")), (4, None), (5, Some("laptop")), (6, None)]
    {
        assert_eq!(ada.0.deliver(NOW, &push("a", since, since + 1, skip)), Delivered::Taken);
    }
    assert!(ada.effects().iter().all(|effect| effect.starts_with("2 <")));
    ada.0.answered(3, replies([reply(1, 200, Some(4)), reply(2, 200, Some(6))]));
    let of_laptop: Vec<_> = ada.effects().into_iter().filter(|e| e.starts_with("1 <")).collect();
    assert_eq!(
        of_laptop,
        ["1 < push 2-3", "1 < reply 1: 200", "1 < push 4-5", "1 < reply 2: 200", "1 < push 6-7"]
    );
}

fn gone() -> Result<Vec<u8>, CallFailure> {
    Err(CallFailure::Unavailable("gone".to_owned()))
}

#[test]
fn of_a_call_that_fails_each_request_goes_alone_and_only_the_guilty_one_fails() {
    let mut ada = Ada::with_waiting(4);
    ada.0.answered(0, reply(0, 304, None));
    ada.effects();
    ada.0.answered(1, gone());
    ada.send(1, 5, Method::Get, "a");
    assert_eq!(ada.effects(), ["call 2 of a: 1 get by ada/laptop"]);
    ada.0.answered(2, reply(1, 304, None));
    assert_eq!(ada.effects(), ["1 < reply 1: 304", "call 3 of a: 2 get by ada/laptop"]);
    ada.0.answered(3, gone());
    let rest = "call 4 of a: 3 get by ada/laptop, 4 get by ada/laptop, 5 get by ada/laptop";
    assert_eq!(ada.effects(), ["1 < reply 2: 503 unavailable", rest]);
    ada.0.answered(4, replies((3..6).map(|id| reply(id, 304, None))));
    assert_eq!(ada.effects(), ["1 < reply 3: 304", "1 < reply 4: 304", "1 < reply 5: 304"]);
}

#[test]
fn an_object_that_cannot_be_reached_is_tried_three_times() {
    let mut ada = Ada::with_waiting(3);
    ada.0.answered(0, reply(0, 304, None));
    ada.effects();
    ada.0.answered(1, gone());
    assert_eq!(ada.effects(), ["call 2 of a: 1 get by ada/laptop"]);
    ada.0.answered(2, gone());
    let rest = "call 3 of a: 2 get by ada/laptop, 3 get by ada/laptop";
    assert_eq!(ada.effects(), ["1 < reply 1: 503 unavailable", rest]);
    ada.0.answered(3, gone());
    assert_eq!(ada.effects(), ["1 < reply 2: 503 unavailable", "1 < reply 3: 503 unavailable"]);
    // What comes later is a new matter.
    (4..7).for_each(|id| ada.send(1, id, Method::Get, "a"));
    assert_eq!(ada.effects(), ["call 4 of a: 4 get by ada/laptop"]);
    ada.0.answered(4, reply(4, 304, None));
    ada.effects();
    ada.0.answered(5, gone());
    assert_eq!(ada.effects(), ["call 6 of a: 5 get by ada/laptop"]);
}

#[test]
fn a_call_whose_answer_cannot_be_read_is_answered_for_to_each() {
    for nothing in [Vec::new(), vec![0x80], vec![0xff]] {
        let mut ada = Ada::connected();
        (0..3).for_each(|id| ada.send(1, id, Method::Get, "b"));
        let first = ada.calls().pop().unwrap();
        ada.0.answered(first, reply(0, 304, None));
        let second = ada.calls().pop().unwrap();
        ada.0.answered(second, Ok(nothing));
        assert_eq!(ada.effects(), ["1 < reply 1: 500 internal", "1 < reply 2: 500 internal"]);
    }
}

#[test]
fn what_a_call_left_without_an_answer_is_asked_again_before_the_others() {
    let mut ada = Ada::with_waiting(3);
    ada.0.answered(0, reply(0, 304, None));
    ada.effects();
    ada.send(1, 4, Method::Get, "a");
    ada.0.answered(1, replies([reply(1, 200, Some(1))]));
    let again = "call 2 of a: 2 get by ada/laptop, 3 get by ada/laptop, 4 get by ada/laptop";
    assert_eq!(ada.effects(), ["1 < reply 1: 200", again]);
    // Answers that nobody asked for are left.
    ada.0.answered(2, replies((2..9).map(|id| reply(id, 304, None))));
    assert_eq!(ada.effects(), ["1 < reply 2: 304", "1 < reply 3: 304", "1 < reply 4: 304"]);
    ada.send(1, 5, Method::Get, "a");
    assert_eq!(ada.effects(), ["call 3 of a: 5 get by ada/laptop"]);
}

#[test]
fn a_call_takes_so_many_requests_and_so_many_bytes() {
    let count = |effects: &[String]| effects.last().unwrap().matches(" by ").count();
    let mut ada = Ada::with_waiting(100);
    ada.0.answered(0, reply(0, 304, None));
    assert_eq!(count(&ada.effects()), MAX_BATCH);
    ada.0.answered(1, replies((1..65).map(|id| reply(id, 304, None))));
    assert_eq!(count(&ada.effects()), 100 - MAX_BATCH);

    let mut ada = Ada::with_waiting(0);
    for (id, bytes) in [(1, 10), (2, MAX_BATCH_BYTES * 2), (3, MAX_BATCH_BYTES / 2), (4, 10)] {
        let mut request = Request::new(id, Method::Post, entity("a"));
        request.value = Some(Value::Bytes(vec![0; bytes]));
        ada.0.frame(NOW, 1, &encode(&request.to_value()).unwrap());
    }
    for (call, id, next) in [(0, 0, "1 post"), (1, 1, "2 post"), (2, 2, "3 post")] {
        ada.0.answered(call, reply(id, 304, None));
        let effects = ada.effects();
        assert!(effects.last().unwrap().contains(next), "{effects:?}");
        assert_eq!(count(&effects), if id == 2 { 2 } else { 1 });
    }
}

#[test]
fn a_subscription_that_fails_leaves_the_next_one_of_the_same_call_its_interest() {
    let mut ada = Ada::with_waiting(0);
    ada.send(1, 1, Method::Subscribe, "a");
    ada.0.opened(NOW, 3, "laptop", None);
    ada.send(3, 2, Method::Subscribe, "a");
    ada.0.answered(0, reply(0, 304, None));
    ada.effects();
    ada.0.answered(1, replies([refusal(1, 500, Reason::Internal), reply(2, 200, Some(1))]));
    assert_eq!(ada.effects(), ["remember laptop: a", "3 < reply 2: 200"]);
    assert_eq!(ada.0.deliver(NOW, &push("a", 1, 2, None)), Delivered::Taken);
}
