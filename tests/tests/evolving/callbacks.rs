//! What the functions of an entity's own make of a request.

use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;
use temporal_entity_core::message::{Method, Reason, Reply, Token};
use temporal_entity_tests::notation::{parse, write};

use super::desk::{Desk, at};

/// Somebody with an address, of whom no more than ten hours are booked.
#[temporal_entity(version = 1, granularity = 0, access = "signed-in", validate = Guest::is_sound)]
#[derive(Serialize, Deserialize)]
struct Guest {
    #[entity(normalize = "trim", validate = not_empty)]
    name: String,
    #[entity(normalize = ("trim", "lowercase"))]
    email: Option<String>,
    #[entity(merge = "counter")]
    hours: i64,
    #[serde(default)]
    note: String,
}

fn not_empty(name: &str) -> Result<(), String> {
    if name.is_empty() { Err("a name is needed".to_owned()) } else { Ok(()) }
}

impl Guest {
    fn is_sound(&self) -> Result<(), String> {
        assert_ne!(self.note, "panic", "on purpose");
        match self.hours {
            ..=10 => Ok(()),
            hours => Err(format!("{hours} hours are more than ten")),
        }
    }
}

fn guest() -> Desk {
    let mut desk = Desk::default();
    desk.post::<Guest>(r#"{"name": " Ada ", "email": " Ada@Example.ORG", "hours": 4}"#);
    desk.now = 1;
    desk
}

fn value(desk: &mut Desk) -> String {
    write(&desk.current::<Guest>().1)
}

fn refused(reply: &Reply) -> (u16, Option<Reason>, &str) {
    (reply.status, reply.reason, reply.message.as_deref().unwrap_or_default())
}

#[test]
fn what_is_stored_and_told_is_in_its_normal_form() {
    let mut desk = guest();
    let expected = r#"{"name": "Ada", "email": "ada@example.org", "hours": 4, "note": ""}"#;
    assert_eq!(value(&mut desk), write(&parse(expected)));
    let reply = desk.edit::<Guest>("ada", r#"{"email": "  ADA@b.org ", "name": "Ada L."}"#);
    let expected = r#"{"email": "ada@b.org", "name": "Ada L."}"#;
    assert_eq!(reply.diff, Some(parse(expected)));
    desk.check_history::<Guest>();
    // What comes to the same is no change.
    let version = desk.current::<Guest>().0.modified;
    desk.now = 2;
    let reply = desk.edit::<Guest>("bob", r#"{"email": "ada@B.org", "name": " Ada L. "}"#);
    assert_eq!((reply.status, reply.meta.expect("a meta").modified), (200, version));
    assert_eq!(reply.diff, Some(parse("{}")));
}

#[test]
fn who_creates_learns_what_was_stored_where_it_is_not_what_was_sent() {
    let post = |desk: &mut Desk, value: &str| {
        desk.once::<Guest>("ada", Method::Post, |request| {
            request.id = 1;
            request.value = Some(parse(value));
        })
    };
    let sent = r#"{"name": " Ada ", "email": null, "hours": 4, "note": ""}"#;
    let stored = parse(r#"{"name": "Ada", "email": null, "hours": 4, "note": ""}"#);
    let mut desk = Desk::default();
    let reply = post(&mut desk, sent);
    assert_eq!((reply.status, reply.value.as_ref()), (201, Some(&stored)));
    assert_eq!(post(&mut desk, sent), reply, "a repeated one is answered alike");
    // Also after others changed it: the value of the version that the answer names.
    desk.now = 1;
    assert_eq!(desk.edit::<Guest>("bob", r#"{"hours": [4, 1]}"#).status, 200);
    assert_eq!(post(&mut desk, sent), reply);

    // What is stored as it was sent is not sent back, in whichever form it came.
    for same in [
        r#"{"name": "Ada", "email": null, "hours": 4, "note": ""}"#,
        r#"259({"note": "", "hours": 4.0, "email": null, "name": "Ada"})"#,
    ] {
        let mut desk = Desk::default();
        let reply = post(&mut desk, same);
        assert_eq!((reply.status, reply.value), (201, None), "{same}");
        assert_eq!(post(&mut desk, same).value, None);
    }

    // A field that was left out has its default.
    let reply = post(&mut Desk::default(), r#"{"name": "Ada", "email": null, "hours": 4}"#);
    assert_eq!(reply.value, Some(stored));
}

/// Edits within an hour share a snapshot, so that only the recent ones among its versions are known.
#[temporal_entity(version = 1, granularity = "hour", access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Visitor {
    #[entity(normalize = "trim")]
    name: String,
    count: i64,
}

#[test]
fn who_repeats_a_creation_of_which_the_version_is_gone_reads_the_value() {
    let mut desk = Desk::default();
    let sent = r#"{"name": " Ada ", "count": 0}"#;
    let version = desk.post::<Visitor>(sent).meta.expect("a meta").modified;
    for count in 1..=300 {
        desk.now = count;
        assert_eq!(desk.edit::<Visitor>("ada", &format!(r#"{{"count": {count}}}"#)).status, 200);
    }
    let reply = desk.once::<Visitor>("ada", Method::Post, |request| {
        request.id = 1;
        request.value = Some(parse(sent));
    });
    let modified = reply.meta.as_ref().map(|meta| meta.modified);
    assert_eq!((reply.status, modified, reply.value), (201, Some(version), None));
    let reply = desk.once::<Visitor>("ada", Method::Get, |request| {
        request.if_modified_since = Token::At(version);
    });
    assert_eq!(reply.value, Some(parse(r#"{"name": "Ada", "count": 300}"#)));
}

#[test]
fn what_is_refused_is_not_stored() {
    let mut desk = guest();
    let before = format!("{:?}", desk.disk);
    for (diff, message) in [
        (r#"{"name": "   ", "note": "x"}"#, "name: a name is needed"),
        (r#"{"hours": [4, 7]}"#, "11 hours are more than ten"),
    ] {
        let mut machine = desk.load::<Guest>().expect("an entity");
        let reply = desk.ask(&mut machine, "ada", Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(at(0));
            request.diff = Some(parse(diff));
        });
        assert_eq!(refused(&reply), (400, Some(Reason::Invalid), message));
        assert_eq!(format!("{:?}", desk.disk), before);
        // The machine holds what it held.
        let read = desk.ask(&mut machine, "ada", Method::Get, |_| {});
        assert_eq!(read.value, Some(desk.current::<Guest>().1));
    }
    let mut desk = Desk::default();
    let reply = desk.once::<Guest>("ada", Method::Post, |request| {
        request.value = Some(parse(r#"{"name": " ", "email": null, "hours": 0}"#));
    });
    assert_eq!(refused(&reply), (400, Some(Reason::Invalid), "name: a name is needed"));
    assert_eq!(desk.once::<Guest>("ada", Method::Get, |_| {}).status, 404);
}

#[test]
fn what_two_writers_come_to_is_validated() {
    let mut desk = guest();
    assert_eq!(desk.edit::<Guest>("ada", r#"{"hours": [4, 4]}"#).status, 200);
    let reply = desk.once::<Guest>("bob", Method::PatchDiff, |request| {
        request.if_unmodified_since = Token::At(at(0));
        request.diff = Some(parse(r#"{"hours": [4, 4]}"#));
    });
    assert_eq!(refused(&reply), (400, Some(Reason::Invalid), "12 hours are more than ten"));
}

#[test]
fn a_panic_is_a_refusal_of_that_request_alone() {
    let mut desk = guest();
    let mut machine = desk.load::<Guest>().expect("an entity");
    let before = format!("{:?}", desk.disk);
    let mut edit = |desk: &mut Desk, diff: &str| {
        desk.ask(&mut machine, "ada", Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(at(0));
            request.diff = Some(parse(diff));
        })
    };
    for _ in 0..2 {
        let reply = edit(&mut desk, r#"{"note": "panic", "hours": [4, 1]}"#);
        let message = "a `validate` function of the entity panicked, and nothing was changed";
        assert_eq!(refused(&reply), (500, Some(Reason::Internal), message));
        assert_eq!(format!("{:?}", desk.disk), before);
    }
    let reply = edit(&mut desk, r#"{"note": "fine", "hours": [4, 1]}"#);
    assert_eq!(reply.diff, Some(parse(r#"{"hours": [4, 1], "note": "fine"}"#)));
    let expected = r#"{"name": "Ada", "email": "ada@example.org", "hours": 5, "note": "fine"}"#;
    assert_eq!(value(&mut desk), write(&parse(expected)));
}
