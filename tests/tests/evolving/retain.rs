//! What is let go of the past, and what stays.

use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, temporal_entity};
use temporal_entity_core::message::{Method, Reason, Token};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::parse;

use super::desk::{Desk, at};

const DAY: u64 = 86_400;

/// Keeps ten days.
#[temporal_entity(version = 1, granularity = 0, access = "signed-in", retain = "10d")]
#[derive(Serialize, Deserialize)]
struct Days {
    number: i64,
    #[serde(default)]
    other: i64,
    #[serde(default)]
    note: i64,
}

/// Keeps ten snapshots.
#[temporal_entity(version = 1, granularity = 0, access = "signed-in", retain = 10)]
#[derive(Serialize, Deserialize)]
struct Count {
    number: i64,
}

fn days(number: i64) -> Value {
    parse(&format!(r#"{{"number": {number}, "other": 0, "note": 0}}"#))
}

/// One edit a day, `days` of them.
fn daily<T: Entity>(days: u64) -> Desk {
    let mut desk = Desk::default();
    desk.post::<T>(r#"{"number": 0}"#);
    for number in 1..=days {
        desk.now = number * DAY;
        let reply = desk.edit::<T>("ada", &format!(r#"{{"number": {number}}}"#));
        assert_eq!(reply.status, 200);
    }
    desk
}

#[test]
fn days_are_kept_and_what_is_older_goes() {
    let mut desk = daily::<Days>(40);
    let (meta, _) = desk.current::<Days>();
    assert_eq!(meta.compacted, Some(at(30 * DAY)), "what was valid ten days ago is kept");
    let history = desk.history::<Days>();
    assert_eq!(history.len(), 11);
    assert_eq!(history.last().expect("one").valid_from, at(30 * DAY));
    assert_eq!(desk.disk.changes().len(), 11, "the rest is gone from the disk, too");
    assert_eq!(desk.as_of::<Days>(at(30 * DAY)).value, Some(days(30)));
    let gone = desk.as_of::<Days>(at(29 * DAY));
    assert_eq!((gone.status, gone.reason), (404, Some(Reason::Compacted)));
    desk.check_history::<Days>();
}

#[test]
fn so_many_snapshots_are_kept_and_no_more() {
    let mut desk = daily::<Count>(40);
    let (meta, _) = desk.current::<Count>();
    assert_eq!(meta.compacted, Some(at(31 * DAY)));
    assert_eq!(desk.history::<Count>().len(), 10);
    desk.check_history::<Count>();
    assert_eq!(desk.disk.checkpoints().len(), 1);
}

#[test]
fn a_day_stays_in_any_case() {
    let mut desk = Desk::default();
    desk.post::<Count>(r#"{"number": 0}"#);
    for number in 1..=300 {
        desk.now += 60;
        desk.edit::<Count>("ada", &format!(r#"{{"number": {number}}}"#));
    }
    assert_eq!(desk.current::<Count>().0.compacted, None);
    // A write of the day before yesterday is forgotten, one of today is not.
    desk.now += 2 * DAY;
    desk.edit::<Count>("ada", r#"{"number": -1}"#);
    assert_eq!(desk.history::<Count>().len(), 10);
}

#[test]
fn who_holds_what_is_gone_is_brought_up_to_date() {
    let mut desk = daily::<Days>(40);
    let old = at(5 * DAY);
    let reply = desk.once::<Days>("bob", Method::Subscribe, |request| {
        request.if_modified_since = Token::At(old);
    });
    assert_eq!((reply.status, reply.value), (200, Some(days(40))));
    let reply = desk.once::<Days>("bob", Method::PatchDiff, |request| {
        request.if_unmodified_since = Token::At(old);
        request.diff = Some(parse(r#"{"number": 1}"#));
    });
    assert_eq!((reply.status, reply.reason), (412, Some(Reason::UnknownVersion)));
}

#[test]
fn a_write_on_a_version_that_goes_with_it_is_answered_from_that_version() {
    let mut desk = Desk::default();
    let held = desk.post::<Days>(r#"{"number": 0, "other": 1}"#).meta.expect("a meta").modified;
    desk.now = 1;
    desk.edit::<Days>("bob", r#"{"other": 2}"#);
    for number in 1..=300 {
        desk.now += 1;
        desk.edit::<Days>("bob", &format!(r#"{{"number": {number}}}"#));
    }
    desk.now += 20 * DAY;
    let reply = desk.once::<Days>("eve", Method::PatchDiff, |request| {
        request.if_unmodified_since = Token::At(held);
        request.diff = Some(parse(r#"{"note": 7}"#));
    });
    assert_eq!(reply.diff, Some(parse(r#"{"note": 7, "number": 300, "other": 2}"#)));
    assert!(desk.current::<Days>().0.compacted.is_some());
}

#[test]
fn an_object_that_is_woken_often_does_not_store_its_value_each_time() {
    let mut desk = Desk::default();
    desk.post::<Days>(r#"{"number": 0}"#);
    for number in 1..=30 {
        desk.now += 60;
        desk.edit::<Days>("ada", &format!(r#"{{"number": {number}}}"#));
    }
    desk.now = 10 * DAY;
    let mut stored = 0;
    for number in 1..=30 {
        desk.now += 60;
        let before = desk.disk.checkpoints();
        // Each one is of a machine that is read for it.
        desk.edit::<Days>("ada", &format!(r#"{{"number": {}}}"#, -number));
        stored += usize::from(desk.disk.checkpoints() != before);
    }
    assert!(stored <= 1, "{stored} times");
}
