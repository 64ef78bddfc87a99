//! The hub machine with its tabs, against a server that says what the test wants. What happens between several
//! machines is for the world (`world.rs`); this is what only the right moment shows.

#[path = "hub/browser.rs"]
mod browser;
#[path = "hub/handles.rs"]
mod handles;
#[path = "hub/lines.rs"]
mod lines;
#[path = "hub/numbers.rs"]
mod numbers;
#[path = "hub/outdated.rs"]
mod outdated;
#[path = "hub/problems.rs"]
mod problems;
#[path = "hub/resend.rs"]
mod resend;
#[path = "hub/resume.rs"]
mod resume;
#[path = "hub/session.rs"]
mod session;
#[path = "hub/stuck.rs"]
mod stuck;

use temporal_entity_core::local::State;
use temporal_entity_core::message::{Downstream, Method, Reason, Reply};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::{parse, write};

use browser::{Browser, SECOND, at, deleted, meta, note, with_diff};

#[test]
fn an_edit_shows_in_every_tab_before_the_server_has_answered() {
    let mut browser = Browser::live(2);
    browser.edit(0, r#"{"title": "b"}"#);
    assert_eq!(browser.shown(1), r#"{"title": "b", "lines": {}}"#);
    assert_eq!(browser.pending(), 1);
    let request = browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(request.if_unmodified_since, Some(at(1)).into());
    assert_eq!((browser.pending(), browser.problem()), (0, None));
}

#[test]
fn what_is_edited_meanwhile_goes_together() {
    let mut browser = Browser::live(1);
    for number in 1..=3 {
        browser.edit(0, &format!(r#"{{"lines": {{"n{number}": 1}}}}"#));
    }
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"n1": 1}}"#));
    let both = r#"{"lines": {"n2": 1, "n3": 1}}"#;
    let request = browser.reply(Method::PatchDiff, with_diff(200, 2, 3, both));
    assert_eq!(write(&request.diff.unwrap()), both);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_conflict_rolls_back_and_the_rest_stays() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.edit(0, r#"{"title": "mine"}"#);
    browser.edit(0, r#"{"lines": {"y": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#));
    // Two went together, and others changed the title.
    let conflict =
        Reply { reason: Some(Reason::Conflict), ..with_diff(409, 2, 3, r#"{"title": "theirs"}"#) };
    browser.reply(Method::PatchDiff, conflict);
    let lost = r#"409 conflict ["title"] {"title": "mine"} {"title": "theirs"}"#;
    assert_eq!(browser.problems(0), [lost]);
    assert_eq!(browser.shown(0), r#"{"title": "theirs", "lines": {"x": 1, "y": 1}}"#);
    let request = browser.reply(Method::PatchDiff, with_diff(200, 3, 4, r#"{"lines": {"y": 1}}"#));
    assert_eq!(write(&request.diff.unwrap()), r#"{"lines": {"y": 1}}"#);
    assert_eq!((browser.pending(), browser.problem()), (0, None));
    assert_eq!(browser.problems(0), [lost], "a refusal stays until it is dismissed");
}

#[test]
fn an_edit_made_offline_does_not_overwrite_what_others_changed_meanwhile() {
    let mut browser = Browser::live(1);
    browser.lost();
    browser.edit(0, r#"{"title": "mine"}"#);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.wait();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, with_diff(200, 1, 2, r#"{"title": "theirs"}"#));
    let lost = r#"409 conflict ["title"] {"title": "mine"} {"title": "theirs"}"#;
    assert_eq!(browser.problems(0), [lost]);
    assert_eq!(browser.shown(0), r#"{"title": "theirs", "lines": {"x": 1}}"#);
    let request = browser.sent.pop().unwrap();
    assert_eq!(write(&request.diff.unwrap()), r#"{"lines": {"x": 1}}"#);
    assert_eq!(request.if_unmodified_since, Some(at(2)).into());
}

#[test]
fn nor_one_on_a_version_that_the_server_has_forgotten() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "mine", "lines": {"x": 1}}"#);
    browser.edit(0, r#"{"lines": {"y": 1}}"#);
    let value = Some(parse(r#"{"title": "theirs", "lines": {"z": 1}}"#));
    let refusal = Reply::refusal(412, Reason::UnknownVersion, "too old");
    browser.reply(Method::PatchDiff, Reply { meta: Some(meta(9)), value, ..refusal });
    let mine = r#"{"title": "mine", "lines": {"x": 1, "y": 1}}"#;
    let theirs = r#"{"title": "theirs", "lines": {"y": 1, "z": 1}}"#;
    let lost = format!(r#"409 conflict ["title", "lines.x"] {mine} {theirs}"#);
    assert_eq!(browser.problems(0), [lost]);
    assert_eq!(browser.shown(0), theirs);
    assert_eq!(browser.sent.pop().unwrap().if_unmodified_since, Some(at(9)).into());
}

#[test]
fn typing_on_in_one_field_is_no_conflict_with_oneself() {
    let mut browser = Browser::live(1);
    for text in ["n", "ne", "new"] {
        browser.edit(0, &format!(r#"{{"title": "{text}"}}"#));
    }
    let merged = with_diff(200, 1, 3, r#"{"title": "n", "lines": {"theirs": 1}}"#);
    browser.reply(Method::PatchDiff, merged);
    assert_eq!(browser.shown(0), r#"{"title": "new", "lines": {"theirs": 1}}"#);
    assert_eq!(browser.problem(), None);
    browser.reply(Method::PatchDiff, with_diff(200, 3, 4, r#"{"title": "new"}"#));
    assert_eq!(browser.pending(), 0);
}

#[test]
fn pushes_wait_for_the_answer_under_way() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    browser.push(1, meta(2), r#"{"lines": {"z": 1}}"#);
    browser.push(3, meta(4), r#"{"lines": {"z": 2}}"#);
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 3, r#"{"title": "b", "lines": {"z": 1}}"#));
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {"z": 2}}"#);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_gap_is_asked_for_and_an_old_push_is_left() {
    let mut browser = Browser::live(1);
    browser.push(0, meta(1), r#"{"title": "old"}"#);
    assert!(browser.sent.is_empty());
    browser.push(2, meta(3), r#"{"title": "c"}"#);
    assert_eq!(browser.shown(0), r#"{"title": "a", "lines": {}}"#);
    let diff = with_diff(200, 1, 3, r#"{"title": "c", "lines": {"z": 1}}"#);
    let request = browser.reply(Method::Subscribe, diff);
    assert_eq!(request.if_modified_since, Some(at(1)).into());
    assert_eq!(browser.shown(0), r#"{"title": "c", "lines": {"z": 1}}"#);
}

#[test]
fn more_pushes_than_are_held_are_asked_for() {
    let mut browser = Browser::live(1);
    browser.push(5, meta(6), "{}");
    for version in 1..=300 {
        browser.push(version, meta(version + 1), r#"{"lines": {"z": 1}}"#);
    }
    // The answer is older than what was dropped.
    browser.reply(Method::Subscribe, Reply::ok(304));
    assert_eq!(browser.sent.last().map(|request| request.method), Some(Method::Subscribe));
}

#[test]
fn deletions_and_their_undoing_are_followed() {
    let mut browser = Browser::live(1);
    browser.push(1, deleted(2), "{}");
    assert_eq!(browser.state(), State::Deleted);
    assert!(browser.tabs[0].edit(&note(), parse(r#"{"title": "x"}"#)).is_err());
    browser.push(2, meta(3), "{}");
    assert_eq!(
        (browser.state(), browser.shown(0)),
        (State::Live, r#"{"title": "a", "lines": {}}"#.to_owned())
    );
    // Undeleted while nobody was connected.
    browser.push(3, deleted(4), "{}");
    browser.lost();
    browser.wait();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, with_diff(200, 4, 6, r#"{"title": "b"}"#));
    assert_eq!(
        (browser.state(), browser.shown(0)),
        (State::Live, r#"{"title": "b", "lines": {}}"#.to_owned())
    );
}

#[test]
fn a_deletion_does_not_hide_that_something_was_missed() {
    let mut browser = Browser::live(1);
    browser.tabs[0].call(note().into(), Method::PatchUndelete, None);
    browser.settle();
    browser.push(1, deleted(2), "{}");
    browser.reply(Method::PatchUndelete, with_diff(200, 2, 3, "{}"));
    assert_eq!(browser.sent.last().map(|request| request.method), Some(Method::Subscribe));
}

#[test]
fn unanswered_edits_are_repeated_with_their_ids_and_read_behind() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    let first = browser.sent.pop().unwrap();
    browser.lost();
    assert!(!browser.tabs[0].status(&note()).connected);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.wait();
    browser.welcome("ada");
    let again = browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(again, first);
    browser.reply(Method::Subscribe, Reply::ok(304));
    let request = browser.reply(Method::PatchDiff, with_diff(200, 2, 3, r#"{"lines": {"x": 1}}"#));
    assert_eq!(request.id, first.id + 1);
    assert_eq!(browser.pending(), 0);
}

#[test]
fn edits_that_were_repeated_too_late_for_a_diff_are_in_all_the_same() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.edit(0, r#"{"title": "b"}"#);
    browser.edit(0, r#"{"lines": {"y": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#));
    browser.reply(Method::PatchDiff, Reply { meta: Some(meta(3)), ..Reply::ok(200) });
    let value = Some(parse(r#"{"title": "z", "lines": {"x": 1, "y": 1}}"#));
    browser.reply(Method::Subscribe, Reply { meta: Some(meta(99)), value, ..Reply::ok(200) });
    assert_eq!(browser.shown(0), r#"{"title": "z", "lines": {"x": 1, "y": 1}}"#);
    assert!(browser.sent.is_empty());
    assert_eq!((browser.pending(), browser.problem()), (0, None));
}

#[test]
fn passing_failures_are_tried_again_later_and_later() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    let first = browser.sent.last().unwrap().clone();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let failure = Reply::refusal(503, Reason::Unavailable, "gone");
        assert_eq!(browser.reply(Method::PatchDiff, failure), first);
        let before = browser.now;
        // A timer that was set for something earlier finds nothing to do.
        while browser.sent.is_empty() {
            browser.wait();
        }
        waits.push(browser.now.since(before) / 1000);
    }
    assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 16000, 16000]);
    assert_eq!(browser.problem(), Some(503));
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(browser.problem(), None);
}

#[test]
fn a_refusal_says_when_to_ask_again() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    let refusal = Reply::refusal(429, Reason::TooMany, "slowly");
    let refusal = Reply { retry_after: Some(70_000), ..refusal };
    let first = browser.reply(Method::PatchDiff, refusal);
    let before = browser.now;
    while browser.sent.is_empty() {
        browser.wait();
    }
    assert_eq!(browser.now.since(before), 70_000);
    assert_eq!(browser.sent, [first]);
}

#[test]
fn an_answer_that_does_not_come_is_asked_for_again() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    let first = browser.sent.pop().unwrap();
    while browser.sent.is_empty() {
        browser.wait();
    }
    assert_eq!(browser.now.since(at(0)), 30 * SECOND);
    assert_eq!(browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#)), first);
    // Pushes may be gone as well.
    browser.reply(Method::Subscribe, Reply::ok(304));
    assert!(browser.sent.is_empty());
}

#[test]
fn a_socket_that_says_nothing_is_given_up() {
    let mut browser = Browser::new(1);
    assert_eq!(browser.sockets, 1);
    while browser.sockets == 1 {
        browser.wait();
    }
    assert_eq!(browser.now.since(at(0)), 20 * SECOND);
}

#[test]
fn a_session_that_is_over_waits_for_a_page_and_a_second_hub_does_not_push_in() {
    let mut browser = Browser::live(1);
    browser.hub.socket_closed(browser.now, 4401);
    browser.settle();
    assert_eq!(browser.sockets, 1);
    browser.tabs[0].attached();
    browser.settle();
    assert_eq!(browser.sockets, 2);
    browser.welcome("ada");
    let before = browser.now;
    browser.hub.socket_closed(before, 4409);
    browser.settle();
    while browser.sockets == 2 {
        browser.wait();
    }
    assert!(browser.now.since(before) > 7 * SECOND);
}

#[test]
fn another_person_sees_nothing_of_the_one_before() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "secret"}"#);
    browser.lost();
    browser.sent.clear();
    browser.wait();
    browser.welcome("bob");
    assert_eq!(browser.shown(0), "nothing");
    let request = browser.sent.pop().unwrap();
    assert_eq!((request.method, request.if_modified_since), (Method::Subscribe, None.into()));
    assert_eq!(browser.problems(0), ["401 person [] - -"]);
}

#[test]
fn a_store_that_nobody_shows_is_let_go_after_a_while() {
    let mut browser = Browser::live(1);
    browser.tabs[0].close(&note());
    browser.settle();
    // A page that is loaded again finds it ready.
    browser.tabs[0].open(note().into());
    browser.settle();
    assert_eq!(browser.state(), State::Live);
    browser.tabs[0].close(&note());
    browser.settle();
    while browser.sent.is_empty() {
        browser.wait();
    }
    assert_eq!(browser.sent.pop().unwrap().method, Method::Unsubscribe);
    // A push that was under way is not wanted.
    browser.push(1, meta(2), "{}");
    assert_eq!(browser.sent.pop().unwrap().method, Method::Unsubscribe);
    browser.tabs[0].open(note().into());
    browser.settle();
    assert_eq!(browser.state(), State::Loading);
    assert_eq!(browser.sent.pop().unwrap().if_modified_since, None.into());
}

#[test]
fn calls_go_one_after_the_other_and_are_answered() {
    let mut browser = Browser::new(1);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    assert_eq!(browser.state(), State::Absent);
    let value = parse(r#"{"title": "a"}"#);
    browser.tabs[0].call(note().into(), Method::Post, Some(value.clone()));
    browser.tabs[0].call(note().into(), Method::Delete, None);
    browser.settle();
    // The server stored something else than was sent, and says so.
    let stored = Some(parse(r#"{"title": "A", "lines": {}}"#));
    let created = Reply { meta: Some(meta(1)), value: stored.clone(), ..Reply::ok(201) };
    let post = browser.reply(Method::Post, created.clone());
    assert_eq!(post.value, Some(value));
    browser.reply(Method::Subscribe, Reply { status: 200, ..created });
    assert_eq!(browser.state(), State::Live);
    assert_eq!(Some(parse(&browser.shown(0))), stored);
    let gone = Reply { meta: Some(deleted(2)), ..with_diff(200, 1, 2, "{}") };
    browser.reply(Method::Delete, gone);
    assert_eq!(browser.state(), State::Deleted);
}

#[test]
fn bytes_that_are_no_messages_are_left() {
    let mut browser = Browser::live(1);
    browser.hub.socket_frame(browser.now, &[0xff, 0x00]);
    browser.hub.tab_message(browser.now, 0, b"nonsense");
    browser.tabs[0].receive(b"nonsense");
    browser.settle();
    let unknown = Reply { id: Some(12345), ..Reply::ok(200) };
    browser.frame(&Downstream::Reply(unknown));
    assert_eq!(browser.shown(0), write(&parse(r#"{"title": "a", "lines": {}}"#)));
    assert!(browser.tabs[0].edit(&note(), Value::Map(Vec::new())).is_ok());
}
