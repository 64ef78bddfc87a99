//! A hub that ends loses the edits that it had taken and the server had not confirmed. The tab keeps those and sends
//! them to the next hub, under their numbers.

use temporal_entity_core::local::State;
use temporal_entity_core::message::{Method, Reply};
use temporal_entity_tests::notation::{parse, write};

use super::browser::{Browser, meta, with_diff};

/// The answer to the first `subscribe` of a new hub.
fn read(browser: &mut Browser, version: u64, value: &str) {
    browser.welcome("ada");
    let value = Some(parse(value));
    browser.reply(Method::Subscribe, Reply { meta: Some(meta(version)), value, ..Reply::ok(200) });
}

#[test]
fn an_edit_that_the_hub_had_taken_is_sent_by_the_next_hub() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"title": "b"}"#);
    let first = browser.sent[0].clone();
    browser.replace_hub();
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {}}"#);
    assert!(browser.pending() > 0);
    read(&mut browser, 1, r#"{"title": "a", "lines": {}}"#);
    assert_eq!(browser.shown(0), r#"{"title": "b", "lines": {}}"#);
    let again = browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    assert_eq!((again.id, again.edits), (first.id, first.edits));
    assert_eq!(browser.pending(), 0);
}

#[test]
fn the_edits_of_all_tabs_and_of_two_lost_hubs_arrive_once() {
    let mut browser = Browser::live(2);
    browser.lost();
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.edit(1, r#"{"lines": {"y": 1}}"#);
    browser.edit(0, r#"{"title": "b"}"#);
    browser.replace_hub();
    browser.edit(1, r#"{"lines": {"z": 1}}"#);
    browser.replace_hub();
    read(&mut browser, 1, r#"{"title": "a", "lines": {}}"#);
    let all = r#"{"title": "b", "lines": {"x": 1, "y": 1, "z": 1}}"#;
    assert_eq!((browser.shown(0), browser.shown(1)), (all.to_owned(), all.to_owned()));
    let mut version = 1;
    let mut sent = Vec::new();
    while let Some(request) = browser.sent.first().cloned() {
        let diff = write(request.diff.as_ref().unwrap());
        browser.reply(Method::PatchDiff, with_diff(200, version, version + 1, &diff));
        version += 1;
        sent.push(diff);
    }
    let each = [r#"{"lines": {"x": 1}}"#, r#"{"title": "b"}"#, r#"{"lines": {"y": 1, "z": 1}}"#];
    assert_eq!(sent, each);
    assert_eq!((browser.pending(), browser.state()), (0, State::Live));
    assert_eq!(browser.shown(1), all);
}

#[test]
fn a_confirmed_edit_is_not_sent_again() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.edit(0, r#"{"lines": {"y": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#));
    browser.replace_hub();
    read(&mut browser, 2, r#"{"title": "a", "lines": {"x": 1}}"#);
    let again = browser.reply(Method::PatchDiff, with_diff(200, 2, 3, r#"{"lines": {"y": 1}}"#));
    assert_eq!(
        (again.edits, write(&again.diff.unwrap())),
        (1, r#"{"lines": {"y": 1}}"#.to_owned())
    );
    assert_eq!(browser.pending(), 0);
}

#[test]
fn an_edit_is_made_again_where_its_place_is_after_what_others_changed() {
    let mut browser = Browser::live(2);
    browser.lost();
    // Each splice counts places in the text that its tab shows.
    browser.edit(1, r#"{"title": [2, 0, 0, "one "]}"#);
    browser.edit(0, r#"{"title": [2, 5, 0, " two"]}"#);
    browser.edit(1, r#"{"title": [2, 0, 0, "zero "]}"#);
    browser.edit(0, r#"{"title": [2, 14, 0, " three"]}"#);
    let before = browser.shown(0);
    assert_eq!(before, r#"{"title": "zero one a two three", "lines": {}}"#);
    browser.replace_hub();
    read(&mut browser, 5, r#"{"title": "(a)", "lines": {"n": 7}}"#);
    assert_eq!(browser.shown(0), r#"{"title": "(zero one a) two three", "lines": {"n": 7}}"#);
    assert_eq!(browser.shown(1), browser.shown(0));
}

#[test]
fn a_tab_whose_hub_is_lost_is_not_connected() {
    let mut browser = Browser::live(1);
    assert!(browser.connected(0));
    browser.tabs[0].hub_lost();
    assert!(!browser.connected(0));
    browser.replace_hub();
    assert!(!browser.connected(0));
    read(&mut browser, 1, r#"{"title": "a", "lines": {}}"#);
    assert!(browser.connected(0));
}
