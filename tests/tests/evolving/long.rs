//! A past of many changes.

use temporal_entity::{Entity, Stamp};
use temporal_entity_core::message::{
    EntityRef, Envelope, Meta, Method, Reason, Request, Sender, Token,
};
use temporal_entity_core::object::{EntityMachine, Limits};
use temporal_entity_core::patch::apply;
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_core::value::{Value, get};
use temporal_entity_tests::notation::parse;
use temporal_entity_tests::notes::Note;

use super::desk::{Desk, at};

/// `count` edits, each by the next of ten persons, a second apart.
fn edited(count: u64) -> Desk {
    let mut desk = Desk::default();
    desk.post::<Note>(r#"{"title": "0", "lines": {"n": 0}}"#);
    let mut machine = desk.load::<Note>().expect("an entity");
    let mut version = at(0);
    for number in 1..=count {
        desk.now = number;
        let person = format!("p{}", number % 10);
        let reply = desk.ask(&mut machine, &person, Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(version);
            let diff = format!(r#"{{"lines": {{"n": {number}}}, "title": "{}"}}"#, number / 100);
            request.diff = Some(parse(&diff));
        });
        version = reply.meta.expect("a meta").modified;
    }
    desk
}

fn number(value: &Value) -> Option<u64> {
    get(get(value, "lines")?, "n")?.as_integer()?.try_into().ok()
}

#[test]
fn a_former_value_is_near_wherever_it_is() {
    const COUNT: u64 = 12_000;
    let mut desk = edited(COUNT);
    let kept = desk.disk.checkpoints();
    assert!((4..40).contains(&kept.len()), "{} checkpoints are kept", kept.len());
    for second in (0..=COUNT).step_by(997).chain([1, COUNT - 1, COUNT]) {
        let value = desk.as_of::<Note>(at(second)).value.expect("a value");
        assert_eq!(number(&value), Some(second));
        let changes = desk.once::<Note>("ada", Method::Changes, |request| {
            (request.past.from, request.past.to) = (Token::At(at(second)), Token::At(at(7)));
        });
        let mut again = value;
        apply(&mut again, &changes.diff.expect("a diff")).expect("it fits");
        assert_eq!(number(&again), Some(7));
    }
}

#[test]
fn what_is_behind_a_snapshot_of_very_many_changes_is_reached() {
    let mut desk = Desk::default();
    desk.post::<Note>(r#"{"title": "0"}"#);
    for hour in 1..=3 {
        desk.now = hour * 10_000;
        desk.edit::<Note>("ada", &format!(r#"{{"title": "{hour}"}}"#));
    }
    desk.now = 100_000;
    let mut machine = desk.load::<Note>().expect("an entity");
    let mut version = at(30_000);
    for number in 0..20_050 {
        let reply = desk.ask(&mut machine, "ada", Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(version);
            request.diff = Some(parse(&format!(r#"{{"title": "x{number}"}}"#)));
        });
        version = reply.meta.expect("a meta").modified;
    }
    desk.now = 200_000;
    desk.edit::<Note>("ada", r#"{"title": "last"}"#);
    let (mut before, mut found) = (Token::Missing, 0);
    for _ in 0..10 {
        let page = desk.once::<Note>("eve", Method::History, |request| {
            request.past.before = before;
        });
        found += page.history.expect("a page").len();
        match page.before {
            Some(version) => before = Token::At(version),
            None => break,
        }
    }
    assert_eq!(found, 6);
}

#[test]
fn transitions_are_found_by_what_the_changes_say() {
    let mut desk = edited(3_000);
    let mut find = |field: &str, was: Option<Value>, became: Option<Value>, to: u64| {
        let reply = desk.once::<Note>("ada", Method::History, |request| {
            request.past.field = Some(field.to_owned());
            (request.past.was, request.past.became) = (was, became);
            request.past.to = Token::At(at(to));
        });
        let found = reply.history.expect("a history");
        found.iter().map(|meta: &Meta| meta.modified).collect::<Vec<Stamp>>()
    };
    assert_eq!(find("title", Some("7".into()), Some("8".into()), 3_000), [at(800)]);
    assert_eq!(find("title", None, Some("8".into()), 3_000), [at(800)]);
    assert_eq!(find("title", Some("7".into()), None, 3_000), [at(800)]);
    assert_eq!(find("title", Some("7".into()), Some("9".into()), 3_000), []);
    assert_eq!(find("title", Some("7".into()), None, 800), [], "before it happened");
    assert_eq!(find("lines.n", Some(41.into()), Some(Value::Float(42.0)), 3_000), [at(42)]);
}

#[test]
fn what_changes_inside_is_followed() {
    let mut desk = Desk::default();
    desk.post::<Note>(r#"{"title": "a", "lines": {"x": 1}}"#);
    for (second, diff) in [
        (1, r#"{"lines": {"y": 2}}"#),
        (2, r#"{"title": "b"}"#),
        (3, r#"{"lines": {"x": [1]}}"#),
        (4, r#"{"lines": {"x": 5}}"#),
    ] {
        desk.now = second * 10_000;
        desk.edit::<Note>("ada", diff);
    }
    let mut find = |was: &str, became: &str| {
        let reply = desk.once::<Note>("ada", Method::History, |request| {
            request.past.field = Some("lines".to_owned());
            (request.past.was, request.past.became) = (Some(parse(was)), Some(parse(became)));
        });
        reply.history.expect("a history").iter().map(|meta| meta.modified).collect::<Vec<_>>()
    };
    assert_eq!(find(r#"{"x": 1}"#, r#"{"x": 1, "y": 2}"#), [at(10_000)]);
    assert_eq!(find(r#"{"x": 1, "y": 2}"#, r#"{"y": 2}"#), [at(30_000)]);
    assert_eq!(find(r#"{"y": 2}"#, r#"{"x": 5, "y": 2}"#), [at(40_000)]);
    assert_eq!(find(r#"{"x": 1}"#, r#"{"y": 2}"#), []);
    let reply = desk.once::<Note>("ada", Method::History, |request| {
        request.past.was = Some("a".into());
    });
    assert_eq!((reply.status, reply.reason), (400, Some(Reason::Malformed)));
}

#[test]
fn a_write_is_remembered_when_the_log_has_let_it_go() {
    let mut desk = Desk::default();
    desk.post::<Note>(r#"{"title": "0", "lines": {"n": 0}}"#);
    let first = desk.edit::<Note>("bob", r#"{"title": "bob's"}"#);
    let (id, version) = (desk.requests, first.meta.clone().expect("a meta").modified);
    let repeated = |desk: &mut Desk, diff: &str| {
        let next = desk.requests;
        desk.requests = id - 1;
        let reply = desk.once::<Note>("bob", Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(version);
            request.diff = Some(parse(diff));
        });
        desk.requests = next;
        reply
    };
    for number in 0..600 {
        desk.now += 100;
        desk.edit::<Note>("ada", &format!(r#"{{"lines": {{"n": {number}}}}}"#));
    }
    let before = desk.current::<Note>();
    let again = repeated(&mut desk, r#"{"title": "bob's"}"#);
    assert_eq!((again.status, &again.meta), (200, &first.meta));
    assert_eq!(again.diff, None, "the version that it was made on is not known any more");
    let other = repeated(&mut desk, r#"{"title": "another"}"#);
    assert_eq!((other.status, other.reason), (400, Some(Reason::Malformed)));
    assert_eq!(desk.current::<Note>(), before);
}

#[test]
fn numbers_that_come_late_are_no_repetitions() {
    let mut desk = Desk::default();
    desk.post::<Note>(r#"{"title": "0"}"#);
    desk.requests = 100;
    desk.edit::<Note>("bob", r#"{"lines": {"a": 1}}"#);
    desk.requests = 50;
    assert_eq!(desk.edit::<Note>("bob", r#"{"lines": {"b": 2}}"#).status, 200);
    let (_, value) = desk.current::<Note>();
    assert_eq!(get(&value, "lines"), Some(&parse(r#"{"a": 1, "b": 2}"#)));
}

#[test]
fn a_disk_that_takes_small_rows_alone_gets_small_ones() {
    let mut disk = MemoryStorage::with_row_limit(5_000);
    let limits = Limits::default();
    let mut machine = EntityMachine::<Note>::load(&disk, "a", limits).expect("a disk");
    let text = "x".repeat(100_000);
    let mut ask = |method, fill: &dyn Fn(&mut Request)| {
        let mut request =
            Request::new(1, method, EntityRef::new(Note::ENTITY, "a").expect("a name"));
        fill(&mut request);
        let envelope = Envelope { sender: Sender::new("ada", "laptop"), request };
        machine.request(&mut disk, at(0), envelope).expect("a disk")
    };
    let value = Value::Map(vec![("title".into(), text.as_str().into())]);
    let reply = ask(Method::Post, &|request| request.value = Some(value.clone()));
    assert_eq!(reply.status, 201);
    assert!((20..100).contains(&reply.meta.expect("a meta").chunks));
    let machine = EntityMachine::<Note>::load(&disk, "a", limits);
    assert!(machine.is_ok());
}
