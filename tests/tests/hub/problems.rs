//! Refused edits stay until somebody dismisses them, with their places, what was shown here and what is shown now.

use temporal_entity_core::local::{MAX_PROBLEMS, State};
use temporal_entity_core::message::{Method, Reason, Reply};
use temporal_entity_tests::notation::parse;

use super::browser::{Browser, at, deleted, meta, note, with_diff};

/// A browser with two tabs, in which an edit of the first was refused.
fn refused() -> Browser {
    let mut browser = Browser::live(2);
    browser.edit(0, r#"{"title": "too long"}"#);
    browser.reply(Method::PatchDiff, Reply::refusal(400, Reason::Invalid, "title: too long"));
    browser
}

const REFUSED: &str = r#"400 invalid ["title"] {"title": "too long"} {"title": "a"}"#;

#[test]
fn a_refusal_is_shown_in_every_tab_and_outlives_what_succeeds() {
    let mut browser = refused();
    for tab in 0..2 {
        assert_eq!(browser.problems(tab), [REFUSED]);
        let refusal = browser.tabs[tab].status(&note()).problems.remove(0);
        assert_eq!(refusal.problem().unwrap().message, "title: too long");
    }
    browser.edit(1, r#"{"lines": {"x": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#));
    browser.push(2, meta(3), r#"{"title": "b"}"#);
    assert_eq!(browser.problems(0), [REFUSED]);
    // A tab that opens later shows it, too.
    browser.tabs[1].close(&note());
    browser.settle();
    browser.tabs[1].open(note().into());
    browser.settle();
    assert_eq!(browser.problems(1), [REFUSED]);
}

#[test]
fn it_says_when() {
    let browser = refused();
    let refusal = browser.tabs[0].status(&note()).problems.remove(0);
    let when = temporal_entity_core::value::get(refusal.as_value(), "when").cloned();
    assert_eq!(when, Some(at(0).to_value()));
}

#[test]
fn it_is_dismissed_in_every_tab_alone_or_with_all_others() {
    let mut browser = refused();
    browser.edit(0, r#"{"title": "much too long"}"#);
    browser.reply(Method::PatchDiff, Reply::refusal(400, Reason::Invalid, "title: too long"));
    let ids: Vec<_> =
        browser.tabs[1].status(&note()).problems.iter().map(|refusal| refusal.id()).collect();
    assert_eq!(ids.len(), 2);
    browser.tabs[1].dismiss(&note(), Some(ids[1]));
    assert_eq!(browser.problems(1), [REFUSED], "at once where it was dismissed");
    browser.settle();
    assert_eq!(browser.problems(0), [REFUSED]);
    browser.tabs[0].dismiss(&note(), None);
    browser.settle();
    assert!(browser.problems(0).is_empty() && browser.problems(1).is_empty());
}

#[test]
fn refusals_are_bounded_and_the_oldest_leaves() {
    let mut browser = Browser::live(1);
    for number in 0..MAX_PROBLEMS + 3 {
        browser.edit(0, &format!(r#"{{"title": "{number}"}}"#));
        browser.reply(Method::PatchDiff, Reply::refusal(413, Reason::TooLarge, "too large"));
    }
    let problems = browser.problems(0);
    assert_eq!(problems.len(), MAX_PROBLEMS);
    assert!(problems[0].contains(r#"{"title": "3"}"#), "{}", problems[0]);
}

#[test]
fn they_are_kept_until_no_tab_shows_the_entity_any_more() {
    let mut browser = refused();
    browser.tabs[1].close(&note());
    browser.settle();
    while browser.timer.is_some() {
        browser.wait();
    }
    assert_eq!(browser.problems(0), [REFUSED], "a tab shows it");
    browser.tabs[0].close(&note());
    browser.settle();
    while browser.sent.is_empty() {
        browser.wait();
    }
    assert_eq!(browser.sent[0].method, Method::Unsubscribe);
    browser.tabs[0].open(note().into());
    browser.settle();
    assert!(browser.problems(0).is_empty());
}

#[test]
fn a_new_hub_hears_of_it_from_the_tabs() {
    let mut browser = refused();
    browser.replace_hub();
    assert_eq!(browser.problems(0), [REFUSED]);
    browser.welcome("ada");
    let value = Some(parse(r#"{"title": "a", "lines": {}}"#));
    browser.reply(Method::Subscribe, Reply { meta: Some(meta(1)), value, ..Reply::ok(200) });
    assert_eq!(browser.problems(0), [REFUSED]);
    assert_eq!(browser.problems(1), [REFUSED]);
    browser.tabs[0].dismiss(&note(), None);
    browser.settle();
    assert!(browser.problems(1).is_empty());
}

#[test]
fn what_is_lost_with_a_deletion_is_kept() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "mine"}"#);
    browser.push(1, deleted(2), "{}");
    let gone = Reply::refusal(404, Reason::Deleted, "the entity is deleted");
    browser.reply(Method::PatchDiff, Reply { meta: Some(deleted(2)), ..gone });
    assert_eq!(browser.state(), State::Deleted);
    assert_eq!(browser.problems(0), [r#"404 deleted ["title"] {"title": "mine"} -"#]);
}

#[test]
fn an_edit_that_a_new_hub_finds_no_place_for_is_kept() {
    let mut browser = Browser::live(1);
    browser.replace_hub();
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    assert_eq!(browser.state(), State::Absent);
    assert_eq!(browser.problems(0), [r#"404 absent ["lines.x"] {"lines": {"x": 1}} -"#]);
}

#[test]
fn another_person_sees_none_of_them() {
    let mut browser = refused();
    browser.lost();
    browser.wait();
    browser.welcome("bob");
    assert!(browser.problems(0).is_empty() && browser.problems(1).is_empty());
}

#[test]
fn what_is_absent_is_created_once_and_a_refusal_is_told() {
    let mut browser = Browser::new(2);
    let first = parse(r#"{"title": "", "lines": {}}"#);
    browser.tabs[0].create_if_absent(&note(), first.clone());
    browser.settle();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    let invalid = Reply::refusal(400, Reason::Invalid, "a title is needed");
    let post = browser.reply(Method::Post, invalid);
    assert_eq!(post.value, Some(first));
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    for _ in 0..3 {
        browser.lost();
        browser.wait();
        browser.welcome("ada");
        browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
        assert!(browser.sent.is_empty(), "it is not tried again");
    }
    assert_eq!(browser.state(), State::Absent);
    assert_eq!(browser.problems(1), [r#"400 invalid [] {"title": "", "lines": {}} -"#]);
    // Who asks again is heard again.
    browser.tabs[1].create_if_absent(&note(), parse(r#"{"title": "b"}"#));
    browser.settle();
    browser.reply(Method::Post, Reply { meta: Some(meta(1)), ..Reply::ok(201) });
    browser.read(r#"{"title": "b"}"#);
    assert_eq!(browser.state(), State::Live);
}

#[test]
fn what_exists_is_not_created() {
    let mut browser = Browser::new(1);
    browser.tabs[0].create_if_absent(&note(), parse(r#"{"title": "mine"}"#));
    browser.settle();
    browser.welcome("ada");
    browser.read(r#"{"title": "a", "lines": {}}"#);
    assert!(browser.sent.is_empty());
    browser.tabs[0].create_if_absent(&note(), parse(r#"{"title": "mine"}"#));
    browser.settle();
    assert!(browser.sent.is_empty());
    // Somebody else may be faster: that is no refusal.
    let mut browser = Browser::new(1);
    browser.tabs[0].create_if_absent(&note(), parse(r#"{"title": "mine"}"#));
    browser.settle();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    browser.reply(Method::Post, Reply::refusal(409, Reason::Exists, "it exists"));
    browser.read(r#"{"title": "theirs"}"#);
    assert_eq!((browser.state(), browser.problems(0)), (State::Live, Vec::new()));
}

#[test]
fn a_new_hub_creates_what_the_one_before_did_not() {
    let mut browser = Browser::new(1);
    browser.tabs[0].create_if_absent(&note(), parse(r#"{"title": "mine"}"#));
    browser.settle();
    browser.replace_hub();
    browser.welcome("ada");
    browser.reply(Method::Subscribe, Reply::refusal(404, Reason::Absent, "none"));
    let post = browser.reply(Method::Post, Reply { meta: Some(meta(1)), ..Reply::ok(201) });
    assert_eq!(post.value, Some(parse(r#"{"title": "mine"}"#)));
}
