//! What is let go of the past: bounded in each step, and done in the end.

use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, Stamp, temporal_entity};
use temporal_entity_core::message::{Method, Reason, Reply, Token};
use temporal_entity_core::storage::Storage;
use temporal_entity_tests::notation::parse;

use super::host::{Cost, Host, SECOND, at};

const HOUR: u64 = 3600 * SECOND;
const DAY: u64 = 24 * HOUR;

/// Keeps two days.
#[temporal_entity(version = 1, granularity = "second", access = "signed-in", retain = "2d")]
#[derive(Serialize, Deserialize)]
struct Days {
    number: i64,
}

/// Keeps three snapshots.
#[temporal_entity(version = 1, granularity = "second", access = "signed-in", retain = 3)]
#[derive(Serialize, Deserialize)]
struct Few {
    number: i64,
}

/// Keeps everything.
#[temporal_entity(version = 1, granularity = "second", access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Everything {
    number: i64,
}

fn edit<T: Entity>(host: &mut Host<T>) -> Cost {
    let (version, number) = (host.version, host.requests);
    let (reply, cost) = host.measure("ada", Method::PatchDiff, |request| {
        request.if_unmodified_since = version.into();
        request.diff = Some(parse(&format!(r#"{{"number": {number}}}"#)));
    });
    assert_eq!(reply.status, 200, "{reply:?}");
    host.version = reply.meta.map(|meta| meta.modified);
    cost
}

/// `count` edits within an hour, each its own snapshot or not.
fn busy<T: Entity>(host: &mut Host<T>, count: u64) {
    for _ in 0..count {
        host.now += HOUR / count;
        edit(host);
    }
}

/// The alarms of a host until a time, each at the time that the machine names; how many there were.
fn sleep<T: Entity>(host: &mut Host<T>, until: u64, reloads: bool) -> (usize, Option<Stamp>) {
    let mut alarms = 0;
    while let Some(due) = host.alarm.take_if(|due| *due <= at(until)) {
        host.now = due.since(at(0));
        if reloads {
            host.reload();
        }
        let (woken, cost) = host.step(|machine, disk| machine.woken(disk, due));
        woken.expect("a disk");
        assert!(cost.rows < 6_000 && cost.writes < 8, "{cost:?}");
        alarms += 1;
    }
    host.now = until;
    (alarms, host.alarm)
}

fn stored<T: Entity>(host: &Host<T>) -> usize {
    host.disk.inner.changes().len()
}

/// What `meta` says is kept is there, and what is before is refused.
fn check_floor<T: Entity>(host: &mut Host<T>) -> Stamp {
    let meta = host.ask("eve", Method::Get, |_| {}).meta.expect("a meta");
    let floor = meta.compacted.expect("it let go of something");
    assert_eq!(host.as_of(floor).status, 200);
    let gone = host.as_of(floor.minus(1));
    assert_eq!((gone.status, gone.reason), (404, Some(Reason::Compacted)));
    floor
}

#[test]
fn what_is_due_goes_though_nobody_writes() {
    for reloads in [false, true] {
        let mut host = Host::<Days>::new(r#"{"number": 0}"#);
        busy(&mut host, 9_000);
        assert_eq!(stored(&host), 9_001);
        let (alarms, _) = sleep(&mut host, 4 * DAY, reloads);
        assert_eq!(stored(&host), 1, "only the present one is left");
        assert!(alarms < 20, "{alarms} alarms");
        assert_eq!(check_floor(&mut host), host.version.expect("a version"));
        let (alarms, set) = sleep(&mut host, 400 * DAY, reloads);
        assert_eq!((alarms, set), (0, None), "an entity at rest has no alarm");
        assert!(host.disk.inner.checkpoints().len() <= 2);
    }
}

#[test]
fn what_is_too_many_goes_a_day_later_though_nobody_writes() {
    let mut host = Host::<Few>::new(r#"{"number": 0}"#);
    busy(&mut host, 1_000);
    sleep(&mut host, DAY / 2, false);
    assert_eq!(stored(&host), 1_001, "a day stays in any case");
    sleep(&mut host, 3 * DAY, false);
    assert!(stored(&host) < 10);
    let history = host.ask("eve", Method::History, |_| {}).history.expect("a history");
    assert_eq!(history.len(), 3);
    assert_eq!(sleep(&mut host, 400 * DAY, false), (0, None));
}

#[test]
fn writes_catch_up_however_much_is_left() {
    let mut host = Host::<Days>::new(r#"{"number": 0}"#);
    busy(&mut host, 12_000);
    host.now += 3 * DAY;
    host.reload();
    let mut most = Cost::default();
    let mut edits = 0;
    while stored(&host) > edits + 1 + 12_000 / 100 && edits < 40_000 {
        host.now += SECOND / 100;
        edits += 1;
        let cost = edit(&mut host);
        most.rows = most.rows.max(cost.rows);
        most.writes = most.writes.max(cost.writes);
        if edits == 1 {
            check_floor(&mut host);
        }
    }
    assert!(edits <= 12_000, "{} are stored after {edits} edits", stored(&host));
    assert!(most.rows < 2_000 && most.writes <= 8, "{most:?}");
}

fn compact<T: Entity>(host: &mut Host<T>, before: Token) -> (Reply, Cost) {
    host.measure("ada", Method::Compact, |request| request.past.before = before)
}

#[test]
fn compact_lets_go_of_what_ended_before_an_instant() {
    let mut host = Host::<Everything>::new(r#"{"number": 0}"#);
    for _ in 0..20 {
        host.now += DAY;
        edit(&mut host);
    }
    host.reload();
    let before = Token::At(at(10 * DAY + HOUR));
    let (reply, _) = compact(&mut host, before);
    assert_eq!(reply.status, 200);
    let meta = reply.meta.clone().expect("a meta");
    assert_eq!(meta.compacted, Some(at(10 * DAY)), "what was valid then is kept");
    assert_eq!(Some(meta.modified), host.version, "it makes no version");
    assert_eq!(check_floor(&mut host), at(10 * DAY));
    assert_eq!(stored(&host), 11);
    // Again, and with what is gone already, it changes nothing.
    for before in [before, Token::At(at(DAY))] {
        let (again, cost) = compact(&mut host, before);
        assert_eq!((again.status, &again.meta, cost.writes), (200, &reply.meta, 0));
    }
    host.reload();
    assert_eq!(check_floor(&mut host), at(10 * DAY));
    assert_eq!(host.as_of(at(15 * DAY)).value, Some(parse(r#"{"number": 15}"#)));
}

#[test]
fn compact_keeps_a_day_in_which_requests_are_remembered() {
    let mut host = Host::<Everything>::new(r#"{"number": 0}"#);
    host.now = 10 * DAY;
    edit(&mut host);
    let (id, version) = (host.requests, host.version);
    host.now += HOUR;
    edit(&mut host);
    host.now += HOUR;
    let (reply, _) = compact(&mut host, Token::At(Stamp::END_OF_TIME));
    assert_eq!((reply.status, reply.meta.expect("a meta").compacted), (200, None));
    host.reload();
    let next = std::mem::replace(&mut host.requests, id - 1);
    let again = host.ask("ada", Method::PatchDiff, |request| {
        request.if_unmodified_since = Some(at(0)).into();
        request.diff = Some(parse(&format!(r#"{{"number": {}}}"#, id - 1)));
    });
    assert_eq!((again.status, again.meta.map(|meta| meta.modified)), (200, version));
    host.requests = next;
}

#[test]
fn compact_of_very_much_is_done_in_small_steps() {
    let mut host = Host::<Everything>::new(r#"{"number": 0}"#);
    busy(&mut host, 9_000);
    host.now += 2 * DAY;
    host.reload();
    let before = Token::At(at(host.now));
    let (reply, cost) = compact(&mut host, before);
    assert_eq!(reply.status, 200);
    assert!(cost.rows < 1_000 && cost.writes < 8, "{cost:?}");
    assert!(stored(&host) > 5_000);
    check_floor(&mut host);
    let until = host.now + HOUR;
    let (alarms, set) = sleep(&mut host, until, true);
    assert!((2..10).contains(&alarms), "{alarms}");
    assert_eq!((stored(&host), set), (1, None));
}

#[test]
fn compact_that_names_no_instant_is_refused() {
    let mut host = Host::<Everything>::new(r#"{"number": 0}"#);
    for before in [Token::Missing, Token::Malformed] {
        let (reply, _) = compact(&mut host, before);
        assert_eq!((reply.status, reply.reason), (400, Some(Reason::Malformed)));
    }
    assert!(host.disk.latest_head().expect("a disk").is_some());
}
