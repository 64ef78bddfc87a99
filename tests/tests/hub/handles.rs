//! Pushes that name their entity by a handle: the hub machine, against a server that says what the test wants.

use temporal_entity_core::local::{State, Topic};
use temporal_entity_core::message::{Downstream, EntityRef, Meta, Method, Reply, Request};
use temporal_entity_tests::notation::parse;

use super::browser::{Browser, at, deleted, meta, note, with_diff};

/// Connected, and showing a note of version 1; with the handle.
fn live(schemas: &[Option<u64>]) -> (Browser, u32) {
    let mut browser = Browser::built(schemas);
    browser.welcome("ada");
    let mut handles = Vec::new();
    for request in std::mem::take(&mut browser.sent) {
        assert_eq!(request.method, Method::Subscribe);
        handles.push(request.handle.expect("a handle"));
        let value = Some(parse(r#"{"title": "a", "lines": {}}"#));
        let whole = Reply { id: Some(request.id), meta: Some(meta(1)), value, ..Reply::ok(200) };
        browser.frame(&Downstream::Reply(whole));
    }
    handles.dedup();
    assert_eq!(handles.len(), 1, "one entity, one handle");
    (browser, handles[0])
}

fn title(browser: &Browser, tab: usize) -> String {
    browser.shown(tab)[..13].to_owned()
}

#[test]
fn a_short_push_is_one_like_any_other() {
    let (mut browser, handle) = live(&[None, Some(7)]);
    browser.short_push(handle, 1, meta(2), r#"{"title": "b"}"#);
    assert_eq!(title(&browser, 0), r#"{"title": "b""#);
    assert_eq!(title(&browser, 1), r#"{"title": "b""#);
    browser.short_push(handle, 2, Meta { chunks: 3, ..deleted(3) }, "{}");
    assert_eq!(browser.state(), State::Deleted);
    assert_eq!(browser.tabs[0].meta(&note()), Some(&Meta { chunks: 3, ..deleted(3) }));
    // A gap.
    browser.short_push(handle, 8, meta(9), r#"{"title": "c"}"#);
    let asked: Vec<_> = browser.sent.iter().map(|request| request.method).collect();
    assert_eq!(asked, [Method::Subscribe; 2]);
}

#[test]
fn requests_but_subscribe_carry_none() {
    let (mut browser, _) = live(&[None]);
    browser.edit(0, r#"{"title": "b"}"#);
    assert_eq!(browser.sent[0].handle, None);
}

/// What an earlier hub of this browser had given the same handle, the server may still push under it.
#[test]
fn before_the_answer_a_handle_proves_nothing() {
    let (mut browser, handle) = live(&[None]);
    browser.lost();
    browser.wait();
    browser.welcome("ada");
    browser.short_push(handle, 1, meta(2), r#"{"title": "of another entity"}"#);
    // It was of the note after all, and led past the answer: ask.
    browser.reply(Method::Subscribe, Reply::ok(304));
    assert_eq!(title(&browser, 0), r#"{"title": "a""#);
    let request = browser.reply(Method::Subscribe, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!((request.handle, request.if_modified_since), (Some(handle), Some(at(1)).into()));
    assert_eq!(title(&browser, 0), r#"{"title": "b""#);
    assert!(browser.sent.is_empty());
    browser.short_push(handle, 2, meta(3), r#"{"title": "c"}"#);
    assert_eq!(title(&browser, 0), r#"{"title": "c""#);
}

#[test]
fn one_that_the_answer_covers_is_not_asked_for() {
    let (mut browser, handle) = live(&[None]);
    browser.lost();
    browser.wait();
    browser.welcome("ada");
    browser.short_push(handle, 1, meta(2), r#"{"title": "b"}"#);
    browser.reply(Method::Subscribe, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!(title(&browser, 0), r#"{"title": "b""#);
    assert!(browser.sent.is_empty());
}

#[test]
fn what_nobody_shows_is_unsubscribed_by_its_handle() {
    let (mut browser, handle) = live(&[None]);
    browser.short_push(handle + 1, 1, meta(2), "{}");
    assert_eq!(browser.unwanted, [handle + 1]);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_hub_that_is_new_gives_an_entity_the_same_handle_and_two_never_share_one() {
    let (mut browser, handle) = live(&[None]);
    browser.replace_hub();
    browser.welcome("ada");
    assert_eq!(browser.sent.pop().unwrap().handle, Some(handle));
    // With so many entities some are bound to be given one number: those who come later take the next.
    let mut handles = std::collections::BTreeSet::from([handle]);
    for number in 0..2_000 {
        let entity = EntityRef::new("Note", format!("n{number}")).unwrap();
        browser.tabs[0].open(Topic::from(entity));
        browser.settle();
        let Some(Request { handle: Some(handle), .. }) = browser.sent.pop() else { panic!() };
        assert!(handles.insert(handle), "{handle} twice");
    }
}
