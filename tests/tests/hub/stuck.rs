//! What the server cannot read, and types that it does not know: the page says so, and nothing is waited for in vain.

use temporal_entity_core::local::State;
use temporal_entity_core::message::{Method, Reason, Reply};
use temporal_entity_core::store::TabEffect;
use temporal_entity_tests::notation::parse;

use super::browser::{Browser, note};

const REASONS: [(u16, Reason); 4] = [
    (500, Reason::Unreadable),
    (500, Reason::Unbound),
    (404, Reason::UnknownType),
    (409, Reason::Type),
];

fn refusal((status, reason): (u16, Reason)) -> Reply {
    Reply::refusal(status, reason, "the step failed")
}

/// A browser whose entity the server cannot read.
fn failed(why: (u16, Reason)) -> Browser {
    let mut browser = Browser::new(1);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, refusal(why));
    browser
}

fn assert_quiet(browser: &mut Browser) {
    while browser.timer.is_some() {
        browser.wait();
    }
    assert!(browser.sent.is_empty(), "{:?}", browser.sent);
}

#[test]
fn the_state_is_failed_with_the_reason_and_nothing_is_repeated() {
    for why in REASONS {
        let mut browser = failed(why);
        assert_quiet(&mut browser);
        let status = browser.tabs[0].status(&note());
        let problem = status.problem.expect("a reason");
        assert_eq!((status.state, problem.status), (State::Failed, why.0));
        assert_eq!(
            (problem.reason.as_str(), problem.message.as_str()),
            (why.1.name(), "the step failed")
        );
        let refused = browser.tabs[0].edit(&note(), parse(r#"{"title": "x"}"#)).unwrap_err();
        assert_eq!(refused, problem);
    }
}

#[test]
fn calls_are_answered_with_it() {
    for why in REASONS {
        let mut browser = Browser::new(1);
        let call =
            browser.tabs[0].call(note().into(), Method::Post, Some(parse(r#"{"title": "a"}"#)));
        browser.settle();
        browser.welcome("ada");
        browser.reply(Method::Subscribe, refusal(why));
        let request = browser.sent.pop().expect("the post");
        let reply = Reply { id: Some(request.id), ..refusal(why) };
        let reply = temporal_entity_core::message::Downstream::Reply(reply);
        browser.hub.socket_frame(browser.now, &reply.encode().unwrap());
        let answers = browser.answers(0);
        assert!(
            matches!(&answers[..], [TabEffect::Answered { call: of, result: Err(problem) }]
                if *of == call && problem.reason == why.1.name()),
            "{answers:?}"
        );
        assert_quiet(&mut browser);
        assert_eq!(browser.state(), State::Failed);
    }
}

#[test]
fn edits_that_wait_are_refused_with_it_and_the_last_value_stays() {
    for why in REASONS {
        let mut browser = Browser::live(1);
        browser.edit(0, r#"{"title": "mine"}"#);
        browser.reply(Method::PatchDiff, refusal(why));
        assert_quiet(&mut browser);
        assert_eq!((browser.state(), browser.pending()), (State::Failed, 0));
        assert_eq!(browser.shown(0), r#"{"title": "a", "lines": {}}"#);
        let (status, reason) = (why.0, why.1.name());
        assert_eq!(
            browser.problems(0),
            [format!(r#"{status} {reason} ["title"] {{"title": "mine"}} -"#)]
        );
    }
}

#[test]
fn it_is_asked_for_again_on_the_next_connection() {
    for why in REASONS {
        let mut browser = failed(why);
        browser.lost();
        browser.wait();
        browser.welcome("ada");
        browser.reply(Method::Subscribe, refusal(why));
        assert_quiet(&mut browser);
        browser.lost();
        browser.wait();
        browser.welcome("ada");
        browser.read(r#"{"title": "a"}"#);
        assert_eq!((browser.state(), browser.problem()), (State::Live, None));
        assert_eq!(browser.shown(0), r#"{"title": "a"}"#);
    }
}

#[test]
fn and_when_a_page_opens_it_again() {
    let mut browser = failed(REASONS[0]);
    browser.tabs[0].close(&note());
    browser.settle();
    browser.tabs[0].open(note().into());
    browser.settle();
    browser.read(r#"{"title": "a"}"#);
    assert_eq!(browser.state(), State::Live);
}

#[test]
fn a_direct_line_does_not_ask_in_a_loop() {
    let mut browser = Browser::new(1);
    browser.welcome("ada");
    let value = Some(parse(r#"{"title": "a"}"#));
    let meta = Some(super::browser::meta(1));
    browser.reply(Method::Subscribe, Reply { meta, value, line: true, ..Reply::ok(200) });
    let ticket = Some("ticket".to_owned());
    browser.reply(Method::Line, Reply { ticket, ..Reply::ok(200) });
    let (line, _) = browser.opened[0];
    browser.hub.line_opened(browser.now, line);
    browser.settle();
    let request = browser.on_line.pop().expect("a subscription");
    let reply = Reply { id: Some(request.id), ..refusal(REASONS[0]) };
    browser.frame(&temporal_entity_core::message::Downstream::Reply(reply));
    assert_quiet(&mut browser);
    assert!(browser.on_line.is_empty());
    assert_eq!((browser.state(), &browser.closed[..]), (State::Failed, &[line][..]));
}
