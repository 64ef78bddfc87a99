//! What a Person keeps for browsers that are gone, and of the entities that it created: bounded, and not for ever.

use temporal_entity::Stamp;
use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{EntityRef, Method, Reason, Request};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::{
    CallFailure, CreatedInHour, INTEREST_DAYS, MAX_BROWSERS, PersonEffect, PersonMachine,
    SocketLimits, Unread,
};
use temporal_entity_tests::notation::parse;

use super::ada::{Ada, NOW, at, entity, push, refusal, reply};

const DAY: u64 = 24 * 3_600;

fn today() -> u32 {
    (NOW.micros() / 1_000_000 / DAY) as u32
}

/// Connects a browser, subscribes to so many entities, and leaves; `id` tells the entities from others.
fn visit(ada: &mut Ada, now: Stamp, browser: &str, subscriptions: usize) {
    ada.0.opened(now, 9, browser, None);
    for number in 0..subscriptions {
        ada.send_at(now, 9, number as u64, Method::Subscribe, &format!("{browser}-{number}"));
        while let Some(effect) = ada.0.poll_effect() {
            if let PersonEffect::Call { call, .. } = effect {
                ada.0.answered(call, reply(number as u64, 200, Some(1)));
            }
        }
    }
    ada.0.closed(now, 9);
}

#[test]
fn interests_are_bounded_over_all_browser_ids_and_the_oldest_end_first() {
    let mut ada = Ada::new();
    for number in 0..40_u64 {
        visit(&mut ada, at(number * 60), &format!("browser{number:02}"), 1_000);
        assert!(ada.0.interests_len() <= 5_000);
    }
    assert!(ada.0.interests_len() > 4_000);
    let last = at(40 * 60);
    ada.0.opened(last, 1, "browser39", None);
    ada.effects();
    assert_eq!(ada.0.deliver(last, &push("browser39-7", 1, 2, None)), Delivered::Taken);
    assert_eq!(ada.effects(), ["1 < push 1-2"]);
    assert_eq!(ada.0.deliver(last, &push("browser00-7", 1, 2, None)), Delivered::Unwanted);
}

#[test]
fn interests_end_a_week_after_the_last_connection() {
    let kept = |browser: &str, id: &str| (browser.to_owned(), entity(id), None);
    let mut ada = Ada::with(vec![kept("old", "a"), kept("new", "b"), kept("here", "c")]);
    ada.0.woke(1, "here", None);
    let days = |name: &str, ago: u32| (name.to_owned(), today() - ago);
    let (old, new) = (days("old", INTEREST_DAYS + 1), days("new", INTEREST_DAYS));
    ada.0.seen(NOW, vec![old, new, days("here", 30)]);
    assert_eq!(ada.effects(), ["forget old"]);
    assert_eq!(ada.0.interests_len(), 2);
    // Two days later somebody connects.
    ada.0.opened(at(2 * DAY), 2, "phone", None);
    assert_eq!(ada.effects(), ["forget new", "2 < welcome ada"]);
}

#[test]
fn a_browser_is_written_down_once_a_day() {
    let mut ada = Ada::with(vec![("laptop".to_owned(), entity("a"), None)]);
    // The database of an earlier release has no days: they begin now.
    ada.0.seen(NOW, Vec::new());
    assert_eq!(ada.kept(), [format!("seen laptop on {}", today())]);
    for (hours, expected) in [(0, vec![]), (1, vec![]), (25, vec![today() + 1]), (26, vec![])] {
        ada.0.opened(at(hours * 3_600), 1, "laptop", None);
        ada.0.deliver(at(hours * 3_600), &push("a", 1, 2, None));
        let expected: Vec<_> =
            expected.into_iter().map(|day| format!("seen laptop on {day}")).collect();
        assert_eq!(ada.kept(), expected, "after {hours} hours");
    }
    // One without interests is not written down at all.
    ada.0.opened(NOW, 2, "phone", None);
    assert!(ada.kept().is_empty());
}

#[test]
fn browser_ids_that_come_once_are_bounded() {
    let mut ada = Ada::new();
    for number in 0..2 * MAX_BROWSERS as u64 {
        visit(&mut ada, at(number), &format!("browser{number}"), 1);
    }
    assert!(ada.0.interests_len() <= MAX_BROWSERS);
}

#[test]
fn a_database_with_more_is_brought_under_the_bounds() {
    let kept = |number: usize| {
        let browser = format!("browser{}", number / 1_000);
        (browser, EntityRef::new("Note", format!("n{number}")).unwrap(), None)
    };
    let mut ada = Ada::with((0..40_000).map(kept).collect());
    ada.0.seen(NOW, Vec::new());
    assert_eq!(ada.0.interests_len(), 5_000);
    let forgotten = ada.effects();
    assert_eq!(forgotten.len(), 35, "{forgotten:?}");
}

fn post(ada: &mut Ada, now: Stamp, id: u64) {
    let request = Request {
        value: Some(parse(r#"{"title": "a"}"#)),
        ..Request::new(id, Method::Post, entity(&format!("n{id}")))
    };
    ada.0.frame(now, 1, &encode(&request.to_value()).unwrap());
}

#[test]
fn a_person_creates_so_many_entities_in_an_hour() {
    let limits = SocketLimits { new_entities_per_hour: 10, ..SocketLimits::default() };
    let mut stored = CreatedInHour::default();
    let mut admitted = 0;
    // The object loses its memory after each two.
    for id in 0..20 {
        let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
        ada.0.has_created(stored);
        ada.0.opened(NOW, 1, "laptop", None);
        ada.effects();
        for id in [2 * id, 2 * id + 1] {
            post(&mut ada, NOW, id);
            let mut forwarded = false;
            while let Some(effect) = ada.0.poll_effect() {
                match effect {
                    PersonEffect::Created(count) => {
                        assert!(!forwarded, "the count is kept before the entity is created");
                        stored = count;
                    }
                    PersonEffect::Call { call, .. } => {
                        forwarded = true;
                        ada.0.answered(call, reply(id, 201, Some(1)));
                    }
                    _ => {}
                }
            }
            admitted += usize::from(forwarded);
        }
    }
    assert_eq!(admitted, 10);
}

#[test]
fn a_post_beyond_the_quota_is_refused_and_nothing_else_is() {
    let limits = SocketLimits { new_entities_per_hour: 2, ..SocketLimits::default() };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    ada.effects();
    // One that is refused by its entity takes no place; of one that had no answer nobody knows.
    post(&mut ada, NOW, 1);
    ada.0.answered(0, refusal(1, 409, Reason::Exists));
    post(&mut ada, NOW, 2);
    ada.0.answered(1, reply(2, 201, Some(1)));
    post(&mut ada, NOW, 3);
    ada.0.answered(2, Err(CallFailure::Unavailable("gone".to_owned())));
    ada.effects();
    post(&mut ada, NOW, 4);
    assert_eq!(ada.effects(), ["1 < reply 4: 413 full"]);
    ada.send(1, 5, Method::Delete, "n2");
    assert_eq!(ada.effects(), ["call 3 of n2: 5 delete by ada/laptop"]);
    post(&mut ada, at(3_600), 6);
    assert_eq!(ada.effects(), ["call 4 of n6: 6 post by ada/laptop"]);
}

#[test]
fn large_frames_do_not_exceed_what_all_sockets_share() {
    const ROOM: usize = 32 << 20;
    let mut ada = Ada::new();
    (0..256).for_each(|socket| ada.0.opened(NOW, socket, &format!("browser{socket}"), None));
    ada.effects();
    // Each has asked for a value of 7 MB, and reads nothing.
    let (mut waits, mut of_all) = (vec![0; 256], 0);
    for (socket, here) in (0..).zip(&mut waits) {
        let frame = vec![0; 7 << 20];
        let sent = ada.0.unread(socket, Unread { here: *here, of_all }, frame, Some(1));
        *here += sent.as_ref().map_or(0, Vec::len);
        of_all += sent.map_or(0, |sent| sent.len());
    }
    assert!(of_all <= ROOM + (8 << 20), "{of_all} bytes wait");
    // A push that is large takes no more; who is not sent it is let go, and asks when it comes back.
    assert!(ada.0.unread(200, Unread { here: 0, of_all }, vec![0; 1 << 20], None).is_none());
    assert_eq!(ada.effects(), ["close 200: 4408"]);
    assert!(ada.0.unread(201, Unread { here: 0, of_all }, vec![0; 10_000], None).is_some());
}
