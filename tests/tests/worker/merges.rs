//! Stale writes that come together, and the past that they leave, on the real object with its real tables.

use serde_json::json;
use temporal_entity_core::message::{Method, Reply, Token};
use temporal_entity_core::patch::apply;
use temporal_entity_core::value::{Value, get, same};
use temporal_entity_tests::client::{Browser, request};
use temporal_entity_tests::notation::{parse, write};

use crate::common::{cbor, meta, person, posted_card, server, version};

fn value(browser: &mut Browser, card: &temporal_entity_core::message::EntityRef) -> Value {
    browser.get(card, None).value.expect("a value")
}

#[test]
fn counters_texts_and_keyed_lists_merge() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let begun = parse(
        r#"{"body": "the cat sat", "checklist": [0, [
            {"id": "a", "text": "one", "done": false}, {"id": "b", "text": "two", "done": false}]]}"#,
    );
    let base = version(&ada.patch(&card, first, begun));

    let adas = parse(
        r#"{"votes": [4, 2], "body": [2, 4, 3, "big dog"],
            "checklist": [5, "id", {"b": [1], "c": [0, {"id": "c", "text": "", "done": false}]}, [["b", "c"]]]}"#,
    );
    assert_eq!(ada.patch(&card, base, adas).status, 200);
    let bens = parse(
        r#"{"votes": [4, 3], "body": [2, 8, 3, "slept"],
            "checklist": [5, "id", {"a": {"done": true}, "d": [0, {"id": "d", "text": "", "done": true}]}, [["b", "d"]]]}"#,
    );
    let merged = ben.patch(&card, base, bens);
    assert_eq!(merged.status, 200, "{merged:?}");

    let now = value(&mut ada, &card);
    assert_eq!(get(&now, "votes"), Some(&Value::from(5)));
    assert_eq!(get(&now, "body"), Some(&Value::from("the big dog slept")));
    let steps = get(&now, "checklist").and_then(Value::as_array).expect("a list");
    let ids: Vec<_> = steps.iter().map(|step| get(step, "id").and_then(Value::as_text)).collect();
    assert_eq!(ids, [Some("a"), Some("c"), Some("d")]);
    assert_eq!(get(&steps[0], "done"), Some(&Value::from(true)));

    // Both changed the same words: the place is named.
    let stale = ben.patch(&card, base, parse(r#"{"body": [2, 5, 0, "!"]}"#));
    assert_eq!(stale.status, 409);
    assert!(stale.message.is_some_and(|message| message.ends_with("body")), "{:?}", stale.reason);
}

fn history(browser: &mut Browser, card: &temporal_entity_core::message::EntityRef) -> Reply {
    browser.ask(&request(Method::History, card))
}

#[test]
fn the_past_is_read_as_it_was() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let created = value(&mut ada, &card);
    let second = version(&ben.patch(&card, first, cbor(json!({ "title": "Second" }))));
    let then = value(&mut ada, &card);
    let third = version(&ada.patch(&card, second, cbor(json!({ "title": "Third" }))));
    assert_eq!(ada.simply(Method::Delete, &card).status, 200);

    let pages = history(&mut ben, &card);
    let metas = pages.history.expect("a history");
    let versions: Vec<_> = metas.iter().map(|meta| meta.modified).collect();
    assert_eq!(versions[1..], [third, second, first]);
    assert!(
        metas[0].deleted && metas[0].modified == meta(&ada.simply(Method::Delete, &card)).modified
    );
    let previous = metas[1].previous_values.as_ref().expect("what was before");
    assert_eq!(write(previous), r#"{"title": "Second"}"#);

    let as_of = |browser: &mut Browser, instant| {
        let mut asked = request(Method::Get, &card);
        asked.past.as_of = Token::At(instant);
        browser.ask(&asked)
    };
    assert!(same(&as_of(&mut ben, first).value.expect("a value"), &created));
    assert!(same(&as_of(&mut ben, second).value.expect("a value"), &then));
    assert_eq!(as_of(&mut ben, versions[0]).status, 404);

    let mut asked = request(Method::Changes, &card);
    (asked.past.from, asked.past.to) = (Token::At(third), Token::At(first));
    let changes = ben.ask(&asked);
    let mut back = created.clone();
    assert_eq!(changes.since, Some(third));
    apply(&mut back, &changes.diff.expect("a diff")).expect("it fits");
    assert!(same(&back, &created));
}
