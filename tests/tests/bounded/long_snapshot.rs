//! Very many changes within one snapshot.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Method, Reply, Request, Token};
use temporal_entity_core::patch::apply;
use temporal_entity_tests::notation::parse;
use temporal_entity_tests::notes::Page;

use super::host::{Cost, Host, SECOND, at};

/// Two snapshots with one change each, one of `count` changes within a minute, and one after it.
fn long(count: u64, diff: impl Fn(u64) -> String) -> Host<Page> {
    let story = ".".repeat(usize::try_from(2 * count).expect("a size"));
    let mut host = Host::<Page>::new(&format!(r#"{{"title": "0", "story": "{story}"}}"#));
    host.now = 10 * SECOND;
    host.edit("bob", parse(r#"{"title": "1"}"#));
    host.now = 20 * SECOND;
    for number in 0..count {
        host.now += 1000;
        host.edit("ada", parse(&diff(number)));
    }
    host.now = 3000 * SECOND;
    host.edit("bob", parse(r#"{"title": "last"}"#));
    host.reload();
    host
}

fn titles(number: u64) -> String {
    format!(r#"{{"title": "x{number}", "total": [4, 1]}}"#)
}

type Ask = (&'static str, Method, fn(&mut Request));

/// Small requests about the past.
const ASKS: &[Ask] = &[
    ("the latest", Method::History, |r| r.past.limit = Some(1)),
    ("the long one", Method::History, |r| {
        (r.past.limit, r.past.to) = (Some(1), Token::At(at(100 * SECOND)));
    }),
    ("from within", Method::History, |r| {
        (r.past.limit, r.past.before) = (Some(1), Token::At(at(21 * SECOND)));
    }),
    ("all", Method::History, |_| {}),
    ("of a person", Method::History, |r| r.past.person = Some("bob".to_owned())),
    ("of a field", Method::History, |r| r.past.field = Some("title".to_owned())),
    ("of a place", Method::History, |r| r.past.field = Some("lines.x".to_owned())),
    ("a transition", Method::History, |r| {
        (r.past.field, r.past.was) = (Some("title".to_owned()), Some("1".into()));
    }),
    ("what is followed", Method::History, |r| {
        (r.past.field, r.past.became) = (Some("total".to_owned()), Some(1.into()));
    }),
    ("as of the long one", Method::Get, |r| r.past.as_of = Token::At(at(22 * SECOND))),
    ("as of before", Method::Get, |r| r.past.as_of = Token::At(at(15 * SECOND))),
    ("changes", Method::Changes, |r| {
        (r.past.from, r.past.to) = (Token::At(at(15 * SECOND)), Token::At(at(22 * SECOND)));
    }),
    ("restore", Method::Restore, |r| r.past.as_of = Token::At(at(22 * SECOND))),
];

/// What each request costs of an object that wakes for it.
fn costs(host: &mut Host<Page>) -> Vec<(&'static str, Reply, Cost)> {
    let asks = ASKS.iter().map(|(name, method, fill)| {
        host.reload();
        let (reply, cost) = host.measure("bob", *method, fill);
        assert_eq!(reply.status, 200, "{name}: {reply:?}");
        (*name, reply, cost)
    });
    asks.collect()
}

/// A value of a few bytes is read with 64 KiB of changes at most, or 1,024; and two of them where they are compared.
#[test]
fn small_requests_cost_the_same_however_many_changes_a_snapshot_has() {
    for count in [2_500, 5_000, 10_000] {
        for (name, _, cost) in costs(&mut long(count, titles)) {
            assert!(cost.rows < 6_000, "{name} of {count}: {cost:?}");
            assert!(cost.bytes < 700_000, "{name} of {count}: {cost:?}");
            assert!(cost.steps < 400_000, "{name} of {count}: {cost:?}");
        }
    }
}

#[test]
fn texts_that_grow_cost_what_they_hold() {
    let typed = |number: u64| format!(r#"{{"story": [2, {}, 1, "x"]}}"#, 2 * number);
    let mut before: Option<Vec<Cost>> = None;
    for count in [1_000, 2_000, 4_000] {
        let measured = costs(&mut long(count, typed));
        let now: Vec<_> = measured.iter().map(|(.., cost)| *cost).collect();
        for (at, cost) in now.iter().enumerate() {
            let Some(before) = before.as_ref().and_then(|before| before.get(at)) else { continue };
            let most = before.steps.max(100_000) * 23 / 10;
            assert!(cost.steps <= most, "{} of {count}: {before:?} {cost:?}", measured[at].0);
        }
        before = Some(now);
    }
}

#[test]
fn what_a_long_snapshot_tells_is_what_it_changed() {
    for count in [10, 5_000] {
        let mut host = long(count, titles);
        let mut history = host.ask("eve", Method::History, |_| {}).history.expect("a history");
        assert_eq!(history.len(), 4);
        let long = history.remove(1);
        let mut value = host.as_of(at(3000 * SECOND - 1)).value.expect("a value");
        let was = host.as_of(at(15 * SECOND));
        apply(&mut value, long.previous_values.as_deref().expect("what was")).expect("it fits");
        assert_eq!(Some(value), was.value);
        assert_eq!(long.valid_from, at(20 * SECOND + 1000));
        assert_eq!(long.valid_to, Some(at(3000 * SECOND)));
        assert_eq!(host.as_of(long.valid_from).meta, Some(long.clone()));
        let within: Stamp = long.valid_from.plus(5000);
        assert_eq!(host.as_of(within).meta, Some(long));
        let meta = was.meta.expect("a meta");
        assert_eq!(meta.previous_values.as_deref(), Some(&parse(r#"{"title": "0"}"#)));
    }
}
