//! Handles: the numbers by which browsers want to be told of entities.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Method, Reason};
use temporal_entity_core::object::Delivered;
use temporal_entity_tests::notation::parse;

use super::ada::{Ada, NOW, entity, push, refusal, reply};

impl Ada {
    /// Subscribes with a handle and is answered; the effects but for the call and the reply.
    fn named(&mut self, socket: u32, entity_id: &str, handle: Option<u32>) -> Vec<String> {
        self.name(socket, 900, entity_id, handle);
        let mut effects = self.effects();
        let call = effects.pop().unwrap();
        let call = call.strip_prefix("call ").unwrap().split(' ').next().unwrap().to_owned();
        self.0.answered(call.parse().unwrap(), reply(900, 200, Some(1)));
        effects.extend(self.effects());
        assert_eq!(effects.pop().unwrap(), format!("{socket} < reply 900: 200"));
        effects
    }

    /// What a push does that leads on from the version `since`.
    fn pushed(&mut self, entity_id: &str, since: u64) -> Vec<String> {
        assert_eq!(self.0.deliver(NOW, &push(entity_id, since, since + 1, None)), Delivered::Taken);
        self.effects()
    }

    fn by_handle(&mut self, socket: u32, id: u64, method: &str, handle: u32) -> Vec<String> {
        let text = format!(r#"{{"id": {id}, "method": "{method}", "handle": {handle}}}"#);
        self.0.frame(NOW, socket, &encode(&parse(&text)).unwrap());
        self.effects()
    }
}

#[test]
fn each_browser_hears_under_its_own_handle_or_under_none() {
    let mut ada = Ada::connected();
    assert_eq!(ada.named(1, "a", Some(70_000)), ["remember laptop: a as 70000"]);
    assert_eq!(ada.named(2, "a", None), ["remember phone: a"]);
    assert_eq!(ada.pushed("a", 1), ["1 < 70000: 1-2", "2 < push 1-2"]);
    // It outlives the socket and the machine's memory.
    ada.0.opened(NOW, 3, "laptop", None);
    ada.effects();
    assert_eq!(ada.pushed("a", 2), ["2 < push 2-3", "3 < 70000: 2-3"]);
    let mut ada = Ada::with(vec![("laptop".to_owned(), entity("a"), Some(7))]);
    ada.0.woke(1, "laptop", None);
    assert_eq!(ada.pushed("a", 1), ["1 < 7: 1-2"]);
}

#[test]
fn the_same_handle_again_writes_nothing_and_another_one_once() {
    let mut ada = Ada::connected();
    ada.named(1, "a", Some(1));
    assert!(ada.named(1, "a", Some(1)).is_empty());
    assert_eq!(ada.named(1, "a", Some(2)), ["remember laptop: a as 2"]);
    assert_eq!(ada.pushed("a", 1), ["1 < 2: 1-2"]);
    assert_eq!(ada.named(1, "a", None), ["remember laptop: a"]);
    assert_eq!(ada.pushed("a", 2), ["1 < push 2-3"]);
}

#[test]
fn a_handle_means_one_entity() {
    let mut ada = Ada::connected();
    ada.named(1, "a", Some(1));
    ada.named(2, "a", Some(1));
    let effects = ada.named(1, "b", Some(1));
    assert_eq!(effects, ["remember laptop: a", "remember laptop: b as 1"]);
    assert_eq!(ada.pushed("a", 1), ["1 < push 1-2", "2 < 1: 1-2"]);
    assert_eq!(ada.pushed("b", 1), ["1 < 1: 1-2"]);
    // And back.
    let effects = ada.named(1, "a", Some(1));
    assert_eq!(effects, ["remember laptop: b", "remember laptop: a as 1"]);
    assert_eq!(ada.pushed("b", 2), ["1 < push 2-3"]);
    // What is unsubscribed leaves its handle.
    ada.send(1, 5, Method::Unsubscribe, "a");
    ada.effects();
    assert_eq!(ada.named(1, "b", Some(1)), ["remember laptop: b as 1"]);
}

#[test]
fn it_holds_from_the_request_on_and_is_kept_with_the_answer() {
    let mut ada = Ada::connected();
    ada.name(1, 1, "a", Some(1));
    ada.name(1, 2, "a", Some(2));
    ada.effects();
    assert_eq!(ada.pushed("a", 1), [""; 0]);
    ada.0.answered(0, reply(1, 200, Some(1)));
    let answered = ["remember laptop: a as 2", "1 < reply 1: 200", "1 < 2: 1-2"];
    assert_eq!(ada.effects()[..3], answered);
    ada.0.answered(1, reply(2, 304, None));
    ada.effects();
    // Refused, it is nobody's, and nothing was kept.
    ada.name(1, 3, "absent", Some(3));
    ada.name(1, 4, "absent", Some(4));
    ada.effects();
    ada.0.answered(2, refusal(3, 404, Reason::Absent));
    ada.0.answered(3, refusal(4, 404, Reason::Absent));
    assert!(!ada.effects().iter().any(|effect| effect.starts_with("remember")));
    assert_eq!(ada.by_handle(1, 5, "get", 4), ["1 < reply 5: 400 malformed"]);
}

#[test]
fn requests_name_an_entity_by_it() {
    let mut ada = Ada::connected();
    ada.named(1, "a", Some(0));
    assert_eq!(ada.by_handle(1, 5, "get", 0), ["call 1 of a: 5 get by ada/laptop"]);
    ada.0.answered(1, reply(5, 304, None));
    ada.effects();
    let gone = ["forget laptop: a", "call 2 of a: 6 unsubscribe by ada/laptop"];
    assert_eq!(ada.by_handle(1, 6, "unsubscribe", 0), gone);
    // Not another browser's, and not one that is none any more, as often as it comes.
    for id in 7..12 {
        let refused = format!("1 < reply {id}: 400 malformed");
        assert_eq!(ada.by_handle(1, id, "unsubscribe", 0), [refused]);
    }
    assert_eq!(ada.by_handle(2, 1, "get", 0), ["2 < reply 1: 400 malformed"]);
}
