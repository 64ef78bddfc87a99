//! Every refusal of a message that could be read.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Request, Token};
use temporal_entity_core::schema::fingerprint;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{patch, request};

use crate::common::{
    assert_refused, card_value, cbor, field, meta, new_card, person, posted_card, server, titled,
    unique, version,
};

#[test]
fn what_was_never_created_is_absent() {
    let server = server();
    let (mut ada, card) = (person(&server, "ada"), new_card());
    assert_refused(&ada.get(&card, None), 404, "absent");
    assert_refused(&ada.subscribe(&card, None), 404, "absent");
    let version = temporal_entity_core::time::Stamp::from_micros(1).unwrap();
    assert_refused(&ada.patch(&card, version, titled("x")), 404, "absent");
    assert_refused(&ada.simply(Method::Delete, &card), 404, "absent");
    assert_refused(&ada.simply(Method::PatchUndelete, &card), 404, "absent");
    assert_eq!(ada.simply(Method::Unsubscribe, &card).status, 200);
}

#[test]
fn what_exists_is_not_created_again() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let exists = ben.post(&card, card_value("Mine"));
    assert_refused(&exists, 409, "exists");
    assert_eq!(version(&exists), first);
    ada.simply(Method::Delete, &card);
    assert_refused(&ben.post(&card, card_value("Mine")), 409, "deleted");
}

#[test]
fn what_is_deleted_is_not_changed() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    assert_refused(&ada.simply(Method::PatchUndelete, &card), 400, "notDeleted");
    let deleted = version(&ada.simply(Method::Delete, &card));
    let refused = ada.patch(&card, first, titled("x"));
    assert_refused(&refused, 404, "deleted");
    assert_eq!((version(&refused), meta(&refused).deleted), (deleted, true));
    assert_eq!(version(&ada.subscribe(&card, None)), deleted);
}

#[test]
fn what_was_built_for_another_schema_is_told_which_one_there_is() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let own = fingerprint::<board::Card>();
    let built_for = |schema, request| Request { schema: Some(schema), ..request };
    for asked in [request(Method::Subscribe, &card), patch(&card, first, titled("x"))] {
        let refused = ada.ask(&built_for(own ^ 1, asked));
        assert_refused(&refused, 426, "schema");
        assert_eq!((refused.schema_version, refused.schema), (Some(1), Some(own)));
    }
    assert_eq!(ada.ask(&built_for(own, patch(&card, first, titled("y")))).status, 200);
    let malformed = with(&request(Method::Get, &card), "schema", &json!("old"));
    assert_refused(&ada.ask_value(&malformed), 400, "malformed");
}

#[test]
fn a_patch_names_a_version_that_is_known() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    let diff = Some(titled("x"));
    let missing = ada.ask(&Request { diff: diff.clone(), ..request(Method::PatchDiff, &card) });
    assert_refused(&missing, 428, "missingVersion");
    assert_eq!(field(&missing, "title"), &Value::from("Paint the shed"));
    for unknown in [first.plus(1), first.plus(3_600_000_000)] {
        let refused = ada.patch(&card, unknown, titled("x"));
        assert_refused(&refused, 412, "unknownVersion");
        assert_eq!((version(&refused), refused.value.is_some()), (first, true));
    }
    for malformed in [json!("yesterday"), json!(-1), json!(0.5)] {
        let refused = ada.ask_value(&with(
            &patch(&card, first, titled("x")),
            "ifUnmodifiedSince",
            &malformed,
        ));
        assert_refused(&refused, 400, "malformed");
        let refused =
            ada.ask_value(&with(&request(Method::Get, &card), "ifModifiedSince", &malformed));
        assert_refused(&refused, 400, "malformed");
    }
}

#[test]
fn two_who_change_the_same_differently_conflict() {
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let second = version(&ada.patch(&card, first, titled("Paint it red")));
    let refused = ben.patch(&card, first, titled("Paint it blue"));
    assert_refused(&refused, 409, "conflict");
    assert_eq!((refused.since, version(&refused)), (Some(first), second));
    assert_eq!(refused.diff, Some(titled("Paint it red")));
    // The same change is no conflict, and nothing new.
    assert_eq!(version(&ben.patch(&card, first, titled("Paint it red"))), second);

    let stale = Request { if_unmodified_since: Token::At(first), ..request(Method::Delete, &card) };
    assert_refused(&ben.ask(&stale), 409, "conflict");
}

#[test]
fn values_and_diffs_have_the_shape_of_their_type() {
    let server = server();
    let mut ada = person(&server, "ada");
    let card = new_card();
    assert_refused(&ada.simply(Method::Post, &card), 400, "malformed");
    for value in [json!({ "title": "x" }), json!("x"), json!([])] {
        assert_refused(&ada.post(&card, cbor(value)), 400, "shape");
    }
    let (card, first) = posted_card(&mut ada);
    let held = Token::At(first);
    let none = Request { if_unmodified_since: held, ..request(Method::PatchDiff, &card) };
    assert_refused(&ada.ask(&none), 400, "malformed");
    for diff in [
        json!({ "titel": "x" }),
        json!({ "title": 7 }),
        json!({ "title": null }),
        json!({ "status": "later" }),
        json!({ "votes": 0.5 }),
        json!({ "title": [1] }),
        json!("x"),
    ] {
        assert_refused(&ada.patch(&card, first, cbor(diff)), 400, "shape");
    }
    assert_eq!(ada.get(&card, Some(first)).status, 304);
}

#[test]
fn missing_bindings_and_unknown_methods_are_named() {
    let server = server();
    let mut ada = person(&server, "ada");
    let sheet = EntityRef::new("Sheet", unique("sheet")).unwrap();
    let unbound = ada.get(&sheet, None);
    assert_refused(&unbound, 500, "unbound");
    assert!(unbound.message.is_some_and(|message| message.contains("\"SheetObject\"")));
    let (card, _) = posted_card(&mut ada);
    let unknown = with(&request(Method::Get, &card), "method", &json!("patch"));
    assert_refused(&ada.ask_value(&unknown), 405, "method");
    // Names of other bindings are no types.
    for name in ["ASSETS", "SESSION_KEY", "toString", "__proto__", "Card Object", ""] {
        let reply = ada.ask_value(&with(&request(Method::Get, &card), "type", &json!(name)));
        assert!(matches!(reply.status, 400 | 404 | 500), "{name}: {reply:?}");
    }
}

/// A request with another value under one of its keys.
fn with(request: &Request, key: &str, value: &serde_json::Value) -> Value {
    let mut message = request.to_value();
    let entries = message.as_map_mut().unwrap();
    entries.retain(|(name, _)| name.as_text() != Some(key));
    entries.push((Value::from(key), cbor(value.clone())));
    message
}
