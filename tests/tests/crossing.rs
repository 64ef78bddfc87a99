//! Edits that cross others on their way within the browser, and back from the server: texts, counters and keyed lists
//! come together at every step.

#[path = "hub/browser.rs"]
#[allow(dead_code)]
mod browser;

use temporal_entity_core::message::{Method, Reason, Reply};
use temporal_entity_tests::notation::{parse, write};

use browser::{Browser, at, meta, with_diff};

fn live(tabs: usize, value: &str) -> Browser {
    let mut browser = Browser::new(tabs);
    browser.welcome("ada");
    browser.read(value);
    browser
}

#[test]
fn two_tabs_write_in_one_text_at_once() {
    let mut browser = live(2, r#"{"story": "the cat sat"}"#);
    browser.edit_first(0, r#"{"story": [2, 4, 3, "big dog"]}"#);
    browser.edit_first(1, r#"{"story": [2, 8, 3, "slept"]}"#);
    browser.settle();
    assert_eq!(browser.shown(0), r#"{"story": "the big dog slept"}"#);
    assert_eq!(browser.shown(1), browser.shown(0));
    browser.reply(Method::PatchDiff, with_diff(200, 1, 2, r#"{"story": [2, 4, 3, "big dog"]}"#));
    let request = browser.sent.last().unwrap();
    assert_eq!(write(request.diff.as_ref().unwrap()), r#"{"story": [2, 12, 3, "slept"]}"#);
    assert_eq!(request.if_unmodified_since, Some(at(2)).into());
}

#[test]
fn a_tab_writes_on_before_it_hears_of_the_other() {
    let mut browser = live(2, r#"{"story": "ab"}"#);
    browser.edit_first(0, r#"{"story": [2, 0, 0, "1"]}"#);
    browser.edit_first(1, r#"{"story": [2, 2, 0, "2"]}"#);
    browser.edit_first(1, r#"{"story": [2, 3, 0, "3"]}"#);
    browser.settle();
    assert_eq!(browser.shown(0), r#"{"story": "1ab23"}"#);
    assert_eq!(browser.shown(1), r#"{"story": "1ab23"}"#);
}

#[test]
fn what_others_write_pushes_on_what_is_not_confirmed() {
    let mut browser = live(1, r#"{"story": "ab", "votes": 1}"#);
    browser.edit(0, r#"{"story": [2, 2, 0, "c"], "votes": [4, 1]}"#);
    browser.edit(0, r#"{"story": [2, 3, 0, "d"], "votes": [4, 1]}"#);
    assert_eq!(browser.shown(0), r#"{"story": "abcd", "votes": 3}"#);
    // The server put somebody else's words and votes first.
    let merged = with_diff(200, 1, 3, r#"{"story": [2, 0, 0, "x", 2, 0, "yc"], "votes": [4, 11]}"#);
    browser.reply(Method::PatchDiff, merged);
    assert_eq!(browser.shown(0), r#"{"story": "xabycd", "votes": 13}"#);
    let request = browser.sent.last().unwrap();
    assert_eq!(
        write(request.diff.as_ref().unwrap()),
        r#"{"story": [2, 5, 0, "d"], "votes": [4, 1]}"#
    );
}

#[test]
fn a_keyed_list_is_arranged_by_two() {
    let mut browser = live(2, r#"{"steps": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}"#);
    browser
        .edit_first(0, r#"{"steps": [5, "id", {"b": [1], "d": [0, {"id": "d"}]}, [["b", "d"]]]}"#);
    browser.edit_first(
        1,
        r#"{"steps": [5, "id", {"e": [0, {"id": "e"}]}, [["b", "e"], [null, "c"]]]}"#,
    );
    browser.settle();
    let ids = |shown: &str| shown.matches(|c: char| "abcde".contains(c)).collect::<String>();
    assert_eq!(ids(&browser.shown(0).replace("id", "").replace("steps", "")), "cade");
    assert_eq!(browser.shown(1), browser.shown(0));
}

#[test]
fn an_edit_that_can_not_be_made_any_more_is_dropped_and_told() {
    let mut browser = live(2, r#"{"list": ["a", "b"]}"#);
    browser.edit_first(0, r#"{"list": [2, 0, 1, []]}"#);
    browser.edit_first(1, r#"{"list": [2, 1, 1, []]}"#);
    browser.settle();
    assert_eq!(browser.shown(0), r#"{"list": ["b"]}"#);
    assert_eq!(browser.shown(1), r#"{"list": ["b"]}"#);
    let [lost] = &browser.problems(1)[..] else { panic!("{:?}", browser.problems(1)) };
    assert_eq!(lost, r#"409 conflict ["list"] {"list": ["a"]} {"list": ["b"]}"#);
    assert_eq!(browser.problems(0), browser.problems(1), "every tab shows it");
}

#[test]
fn edits_keep_their_places_when_all_of_the_entity_comes() {
    let mut browser = live(1, r#"{"story": "the cat sat", "votes": 5}"#);
    browser.edit(0, r#"{"story": [2, 8, 3, "slept"], "votes": [4, 1]}"#);
    browser.sent.clear();
    browser.lost();
    browser.wait();
    browser.welcome("ada");
    let value = Some(parse(r#"{"story": "now the cat sat", "votes": 7}"#));
    let refusal = Reply::refusal(412, Reason::UnknownVersion, "too old");
    let whole = Reply { meta: Some(meta(9)), value, ..refusal };
    browser.reply(Method::PatchDiff, whole);
    assert_eq!(browser.shown(0), r#"{"story": "now the cat slept", "votes": 8}"#);
    browser.reply(Method::Subscribe, Reply::ok(304));
    let request = browser.sent.last().unwrap();
    assert_eq!(
        write(request.diff.as_ref().unwrap()),
        r#"{"story": [2, 12, 3, "slept"], "votes": [4, 1]}"#
    );
}
