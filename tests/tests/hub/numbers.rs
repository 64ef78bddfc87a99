//! The numbers of edits: by them an entity knows an edit again that another hub sends.

use temporal_entity_core::hub::HubEffect;
use temporal_entity_core::message::{Method, Reply, Request};
use temporal_entity_core::store::TabEffect;
use temporal_entity_tests::notation::parse;

use super::browser::{Browser, meta, note, with_diff};

#[test]
fn an_edit_that_another_hub_sends_again_keeps_its_number() {
    let mut browser = Browser::live(1);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"lines": {"x": 1}}"#));
    browser.sent.clear();
    // The hub sends it, and is ended before the tab hears of that.
    browser.tabs[0].edit(&note(), parse(r#"{"title": "b"}"#)).unwrap();
    let edit =
        std::iter::from_fn(|| browser.tabs[0].poll_effect()).find_map(|effect| match effect {
            TabEffect::Send(bytes) => Some(bytes),
            _ => None,
        });
    browser.hub.tab_message(browser.now, 0, &edit.expect("an edit"));
    let sent = std::iter::from_fn(|| browser.hub.poll_effect()).find_map(|effect| match effect {
        HubEffect::Send(bytes) => Request::decode(&bytes, 1 << 20).ok(),
        _ => None,
    });
    let sent = sent.expect("a write");
    browser.replace_hub();
    browser.welcome("ada");
    let value = Some(parse(r#"{"title": "b", "lines": {"x": 1}}"#));
    browser.reply(Method::Subscribe, Reply { meta: Some(meta(3)), value, ..Reply::ok(200) });
    let again = browser.reply(Method::PatchDiff, Reply { meta: Some(meta(3)), ..Reply::ok(200) });
    assert_eq!((again.id, again.edits), (sent.id, 1));
    browser.reply(Method::Subscribe, Reply::ok(304));
    assert_eq!((browser.pending(), browser.problem()), (0, None));
    assert!(browser.sent.is_empty());
}

#[test]
fn edits_of_two_stores_do_not_go_together() {
    let mut browser = Browser::live(2);
    browser.edit(0, r#"{"title": "b"}"#);
    browser.edit(0, r#"{"lines": {"x": 1}}"#);
    browser.edit(0, r#"{"lines": {"y": 1}}"#);
    browser.edit(1, r#"{"lines": {"z": 1}}"#);
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"title": "b"}"#));
    let diff = r#"{"lines": {"x": 1, "y": 1}}"#;
    let two = browser.reply(Method::PatchDiff, with_diff(200, 2, 3, diff));
    assert_eq!((two.edits, two.diff), (2, Some(parse(diff))));
    let diff = r#"{"lines": {"z": 1}}"#;
    let one = browser.reply(Method::PatchDiff, with_diff(200, 3, 4, diff));
    assert_eq!((one.edits, one.diff), (1, Some(parse(diff))));
    assert_eq!(browser.pending(), 0);
}
