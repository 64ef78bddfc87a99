//! Direct lines: a crowded entity's pushes come by a second socket, and nothing is lost on the way there and back.

use temporal_entity_core::message::{Downstream, Method, Push, Reason, Reply, Request};
use temporal_entity_tests::notation::parse;

use crate::browser::{Browser, SECOND, at, meta, note, with_diff};

/// A browser that shows version 1 and was told that the entity is crowded.
fn crowded() -> Browser {
    let mut browser = Browser::new(1);
    browser.welcome("ada");
    let value = Some(parse(r#"{"title": "a"}"#));
    let reply = Reply { meta: Some(meta(1)), value, line: true, ..Reply::ok(200) };
    browser.reply(Method::Subscribe, reply);
    browser
}

/// Gets its ticket, and the line opens. Returns the line's number.
fn open(browser: &mut Browser) -> u32 {
    let ticket = Some("signed".to_owned());
    browser.reply(Method::Line, Reply { ticket, ..Reply::ok(200) });
    let (line, ticket) = browser.opened.pop().expect("a line");
    assert_eq!((ticket.as_str(), browser.opened.len()), ("signed", 0));
    browser.hub.line_opened(browser.now, line);
    browser.settle();
    line
}

fn answer_line(browser: &mut Browser, reply: Reply) -> Request {
    let request = browser.on_line.pop().expect("a request on the line");
    assert_eq!((request.method, browser.on_line.len()), (Method::Subscribe, 0));
    browser.frame(&Downstream::Reply(Reply { id: Some(request.id), ..reply }));
    request
}

/// As [`open`]; nothing happened meanwhile, and the line takes the place of the subscription.
fn in_use(browser: &mut Browser) -> u32 {
    let line = open(browser);
    answer_line(browser, Reply::ok(304));
    assert_eq!(browser.sent.pop().map(|request| request.method), Some(Method::Unsubscribe));
    line
}

#[test]
fn a_reader_of_a_crowd_goes_over_to_a_line_with_the_version_that_it_holds() {
    let mut browser = crowded();
    open(&mut browser);
    // It is still told through the Person, and this change the line's answer has, too.
    browser.push(1, meta(2), r#"{"title": "b"}"#);
    assert!(browser.sent.is_empty());
    let request = answer_line(&mut browser, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(request.if_modified_since, Some(at(1)).into());
    assert_eq!(browser.shown(0), r#"{"title": "b"}"#);
    // Only now the subscription through the Person goes.
    let left = browser.sent.pop().unwrap();
    assert_eq!((left.method, left.entity), (Method::Unsubscribe, note()));
    browser.push(2, meta(3), r#"{"title": "c"}"#);
    assert_eq!(browser.shown(0), r#"{"title": "c"}"#);
    assert!(browser.sent.is_empty() && browser.on_line.is_empty());
}

#[test]
fn a_push_through_the_person_tells_of_the_crowd_too() {
    let mut browser = Browser::live(1);
    let (diff, meta) = (parse(r#"{"title": "b"}"#), meta(2));
    browser.frame(&Downstream::Push(Push { entity: note(), since: at(1), meta, diff, line: true }));
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {}}"#);
    open(&mut browser);
    assert_eq!(browser.on_line.len(), 1);
}

#[test]
fn edits_go_through_the_person_and_what_comes_by_the_line_meanwhile_waits_for_their_answer() {
    let mut browser = crowded();
    in_use(&mut browser);
    browser.edit(0, r#"{"title": "mine"}"#);
    // Somebody's change, which came in behind the edit, overtakes its answer.
    browser.push(2, meta(3), r#"{"other": 1}"#);
    assert_eq!(browser.shown(0), r#"{"title": "mine"}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "mine"}"#));
    assert_eq!(browser.shown(0), r#"{"other": 1, "title": "mine"}"#);
    assert_eq!(browser.pending(), 0);
}

#[test]
fn when_the_line_ends_the_reader_goes_back_and_later_tries_again() {
    let mut browser = crowded();
    let line = in_use(&mut browser);
    browser.hub.line_closed(browser.now, line);
    browser.settle();
    let crowd = Reply { line: true, ..with_diff(200, 1, 4, r#"{"title": "d"}"#) };
    let request = browser.reply(Method::Subscribe, crowd.clone());
    assert_eq!(request.if_modified_since, Some(at(1)).into());
    assert_eq!(browser.shown(0), r#"{"title": "d"}"#);
    assert!(browser.sent.is_empty(), "not at once: {:?}", browser.sent);
    browser.now = browser.now.plus(10 * SECOND);
    let (diff, meta) = (parse(r#"{"title": "e"}"#), meta(5));
    browser.frame(&Downstream::Push(Push { entity: note(), since: at(4), meta, diff, line: true }));
    open(&mut browser);
}

#[test]
fn an_answer_through_the_person_does_not_settle_the_line() {
    let mut browser = crowded();
    let ticket = Some("signed".to_owned());
    browser.reply(Method::Line, Reply { ticket, ..Reply::ok(200) });
    let (line, _) = browser.opened.pop().expect("a line");
    // Something was missed, and is asked for the old way when the line opens.
    browser.push(2, meta(3), r#"{"title": "c"}"#);
    assert_eq!(browser.sent.len(), 1);
    browser.hub.line_opened(browser.now, line);
    browser.settle();
    browser.reply(Method::Subscribe, with_diff(200, 1, 3, r#"{"title": "c"}"#));
    assert!(browser.sent.is_empty(), "the subscription stays: {:?}", browser.sent);
    answer_line(&mut browser, Reply::ok(304));
    assert_eq!(browser.sent.pop().map(|request| request.method), Some(Method::Unsubscribe));
}

#[test]
fn a_line_that_refuses_is_left() {
    for refusal in [404, 426] {
        let mut browser = crowded();
        let line = open(&mut browser);
        let reason = (refusal == 426).then_some(Reason::Schema);
        answer_line(&mut browser, Reply { reason, ..Reply::ok(refusal) });
        assert_eq!(browser.closed, [line]);
        assert!(browser.on_line.is_empty());
    }
}

#[test]
fn a_line_that_ends_before_its_answer_is_asked_no_more() {
    let mut browser = crowded();
    let line = open(&mut browser);
    assert_eq!(browser.on_line.len(), 1);
    browser.hub.line_closed(browser.now, line);
    browser.settle();
    browser.reply(Method::Subscribe, Reply::ok(304));
    browser.push(1, meta(2), r#"{"title": "b"}"#);
    assert_eq!(browser.shown(0), r#"{"title": "b"}"#);
}

#[test]
fn a_line_that_ends_while_its_request_waits_to_be_repeated_does_not_end_the_asking() {
    let mut browser = crowded();
    let line = open(&mut browser);
    answer_line(&mut browser, Reply::refusal(503, Reason::Unavailable, "try again"));
    browser.hub.line_closed(browser.now, line);
    browser.settle();
    browser.wait();
    browser.reply(Method::Subscribe, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(browser.shown(0), r#"{"title": "b"}"#);
}

#[test]
fn without_a_ticket_or_a_line_all_stays_as_it_is() {
    for refused_at_once in [true, false] {
        let mut browser = crowded();
        if refused_at_once {
            browser.reply(Method::Line, Reply::ok(429));
            assert!(browser.opened.is_empty());
        } else {
            let ticket = Some("signed".to_owned());
            browser.reply(Method::Line, Reply { ticket, ..Reply::ok(200) });
            let (line, _) = browser.opened.pop().expect("a line");
            browser.hub.line_closed(browser.now, line);
            browser.settle();
        }
        let (diff, meta) = (parse(r#"{"title": "b"}"#), meta(2));
        let push = Push { entity: note(), since: at(1), meta, diff, line: true };
        browser.frame(&Downstream::Push(push));
        assert_eq!(browser.shown(0), r#"{"title": "b"}"#);
        assert!(browser.sent.is_empty(), "{:?}", browser.sent);
    }
}

#[test]
fn lines_end_with_the_connection_and_are_opened_anew_after_it() {
    let mut browser = crowded();
    let line = in_use(&mut browser);
    browser.lost();
    assert_eq!(browser.closed, [line]);
    browser.wait();
    browser.welcome("ada");
    let crowd = Reply { line: true, ..Reply::ok(304) };
    browser.now = browser.now.plus(60 * SECOND);
    browser.reply(Method::Subscribe, crowd);
    open(&mut browser);
}

#[test]
fn what_no_tab_shows_any_more_leaves_its_line() {
    let mut browser = crowded();
    let line = in_use(&mut browser);
    browser.tabs[0].close(&note());
    browser.settle();
    browser.now = browser.now.plus(31 * SECOND);
    browser.hub.timer(browser.now);
    browser.settle();
    assert_eq!(browser.closed, [line]);
}
