//! Pages that were built for another schema than the server has: the hub machine with its tabs, against a server that
//! says what the test wants.

use temporal_entity_core::local::{State, Topic};
use temporal_entity_core::message::{Downstream, Meta, Method, Reason, Reply, Request};
use temporal_entity_tests::notation::parse;

use super::browser::{Browser, at, meta, note, with_diff};

const OLD: Option<u64> = Some(1);
const NEW: Option<u64> = Some(2);

/// What a server with the new schema says to an old page.
fn refusal() -> Reply {
    let refusal = Reply::refusal(426, Reason::Schema, "reload");
    Reply { schema_version: Some(2), schema: NEW, ..refusal }
}

fn second(seconds: u64) -> Meta {
    Meta { schema_version: 2, ..meta(seconds) }
}

/// A page that shows a note, of a server that has another schema from now on.
fn outdated() -> Browser {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.read(r#"{"title": "a", "lines": {}}"#);
    browser.edit(0, r#"{"title": "mine"}"#);
    browser.reply(Method::PatchDiff, refusal());
    browser
}

fn state(browser: &Browser, tab: usize) -> State {
    browser.tabs[tab].status(&note()).state
}

fn answer(browser: &mut Browser, request: &Request, reply: Reply) {
    browser.frame(&Downstream::Reply(Reply { id: Some(request.id), ..reply }));
}

#[test]
fn every_request_says_what_the_page_was_built_for() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    let value = Some(parse(r#"{"title": "a", "lines": {}}"#));
    let read = Reply { meta: Some(meta(1)), value, ..Reply::ok(200) };
    assert_eq!(browser.reply(Method::Subscribe, read).schema, OLD);
    browser.edit(0, r#"{"title": "b"}"#);
    let request = browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(request.schema, OLD);
    browser.tabs[0].call(Topic::new(note(), OLD), Method::Delete, None);
    browser.settle();
    assert_eq!(browser.sent[0].schema, OLD);
}

#[test]
fn an_outdated_page_is_told_and_keeps_what_it_shows() {
    let mut browser = outdated();
    assert_eq!((browser.state(), browser.problem()), (State::Outdated, Some(426)));
    assert_eq!(browser.shown(0), r#"{"title": "mine", "lines": {}}"#);
    assert_eq!(browser.pending(), 1);
    // Nothing is tried again, neither at once nor later.
    assert!(browser.sent.is_empty());
    while browser.timer.is_some() {
        browser.wait();
    }
    assert!(browser.sent.is_empty());
    let refused = browser.tabs[0].edit(&note(), parse(r#"{"title": "more"}"#)).unwrap_err();
    assert_eq!((refused.status, refused.reason.as_str()), (426, "schema"));
    assert_eq!(browser.pending(), 1);
}

#[test]
fn an_edit_that_was_on_its_way_stays_to_be_seen() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.read(r#"{"title": "a", "lines": {}}"#);
    browser.edit(0, r#"{"title": "mine"}"#);
    browser.edit_first(0, r#"{"lines": {"x": 1}}"#);
    browser.reply(Method::PatchDiff, refusal());
    assert_eq!(browser.shown(0), r#"{"title": "mine", "lines": {"x": 1}}"#);
    assert_eq!((browser.pending(), browser.problem()), (2, Some(426)));
    assert!(browser.sent.is_empty());
}

#[test]
fn one_that_is_outdated_from_the_start_shows_nothing() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, refusal());
    assert_eq!((browser.state(), browser.problem()), (State::Outdated, Some(426)));
    assert_eq!(browser.shown(0), "nothing");
    assert!(browser.sent.is_empty());
}

#[test]
fn what_it_calls_for_is_refused() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, ""));
    browser.tabs[0].call(Topic::new(note(), OLD), Method::Post, Some(parse(r#"{"title": "a"}"#)));
    browser.settle();
    let request = browser.reply(Method::Post, refusal());
    assert_eq!(request.schema, OLD);
    assert_eq!(browser.state(), State::Outdated);
    assert!(browser.sent.is_empty());
}

#[test]
fn each_connection_asks_once_and_a_deploy_that_is_taken_back_loses_nothing() {
    let mut browser = outdated();
    browser.lost();
    browser.wait();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, refusal());
    assert!(browser.sent.is_empty());
    assert_eq!((browser.state(), browser.pending()), (State::Outdated, 1));
    for answer in [
        Reply::ok(304),
        with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#),
        Reply {
            meta: Some(meta(2)),
            value: Some(parse(r#"{"title": "a", "lines": {"x": 1}}"#)),
            ..Reply::ok(200)
        },
    ] {
        let mut browser = outdated();
        browser.lost();
        browser.wait();
        browser.welcome("ada");
        browser.reply(Method::Subscribe, answer);
        assert_eq!((browser.state(), browser.problem()), (State::Live, None));
        assert!(browser.shown(0).contains(r#""title": "mine""#));
        let request = browser.sent.pop().unwrap();
        assert_eq!((request.method, request.schema), (Method::PatchDiff, OLD));
    }
}

#[test]
fn pushes_do_not_reach_an_outdated_page() {
    let mut browser = outdated();
    browser.push(1, second(2), r#"{"name": "b"}"#);
    browser.push(8, second(9), r#"{"name": "c"}"#);
    assert_eq!(browser.shown(0), r#"{"title": "mine", "lines": {}}"#);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_push_of_another_schema_version_is_not_applied_but_asked_about() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.read(r#"{"title": "a", "lines": {}}"#);
    browser.push(1, second(2), r#"{"name": "b"}"#);
    assert_eq!(browser.shown(0), r#"{"title": "a", "lines": {}}"#);
    let request = browser.reply(Method::Subscribe, refusal());
    assert_eq!((request.schema, request.if_modified_since), (OLD, Some(at(1)).into()));
    assert_eq!(browser.state(), State::Outdated);
}

#[test]
fn pages_of_two_builds_are_answered_each_by_its_own() {
    let mut browser = Browser::built(&[OLD, NEW, OLD]);
    browser.welcome("ada");
    let requests = std::mem::take(&mut browser.sent);
    assert_eq!(requests.iter().map(|request| request.schema).collect::<Vec<_>>(), [OLD, NEW]);
    answer(&mut browser, &requests[0], refusal());
    let value = Some(parse(r#"{"name": "a"}"#));
    let read = Reply { meta: Some(second(1)), value, ..Reply::ok(200) };
    answer(&mut browser, &requests[1], read);
    let states: Vec<_> = (0..3).map(|tab| state(&browser, tab)).collect();
    assert_eq!(states, [State::Outdated, State::Live, State::Outdated]);
    assert_eq!((browser.shown(0), browser.shown(1)), ("nothing".into(), r#"{"name": "a"}"#.into()));

    // The new page edits and follows, and none of it reaches the old ones.
    browser.edit(1, r#"{"name": "b"}"#);
    let request = browser.sent.pop().unwrap();
    assert_eq!(request.schema, NEW);
    let done = with_diff(200, 1, 2, r#"{"name": "b"}"#);
    answer(&mut browser, &request, Reply { meta: Some(second(2)), ..done });
    browser.push(2, second(3), r#"{"name": "c"}"#);
    assert_eq!(browser.shown(1), r#"{"name": "c"}"#);
    assert_eq!((browser.shown(0), browser.problem_of(1)), ("nothing".into(), None));
    assert!(browser.sent.is_empty());
}

#[test]
fn the_old_page_closes_and_the_new_one_still_hears() {
    let mut browser = Browser::built(&[OLD, NEW]);
    browser.welcome("ada");
    let requests = std::mem::take(&mut browser.sent);
    answer(&mut browser, &requests[0], refusal());
    let value = Some(parse(r#"{"name": "a"}"#));
    answer(&mut browser, &requests[1], Reply { meta: Some(second(1)), value, ..Reply::ok(200) });
    browser.tabs[0].close(&note());
    browser.settle();
    while browser.timer.is_some() {
        browser.wait();
    }
    // With the last one it is unsubscribed, by nobody's schema.
    assert!(browser.sent.is_empty());
    browser.tabs[1].close(&note());
    browser.settle();
    while browser.timer.is_some() {
        browser.wait();
    }
    let last = browser.sent.pop().unwrap();
    assert_eq!((last.method, last.schema), (Method::Unsubscribe, None));
}

#[test]
fn a_hub_that_is_new_does_not_blank_an_outdated_page() {
    let mut browser = Browser::built(&[OLD]);
    browser.welcome("ada");
    browser.read(r#"{"title": "a", "lines": {}}"#);
    browser.edit(0, r#"{"title": "b"}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    browser.replace_hub();
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, refusal());
    assert_eq!(browser.state(), State::Outdated);
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {"x": 1}}"#);
    assert_eq!((browser.pending(), browser.problem()), (1, Some(426)));
    assert!(browser.sent.is_empty());
}
