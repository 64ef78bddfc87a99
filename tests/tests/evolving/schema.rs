//! Values that earlier schemas wrote.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Timestamp, Value, read_value, temporal_entity, write_value};
use temporal_entity_core::message::{
    EntityRef, Envelope, Method, Reason, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::failed;
use temporal_entity_core::schema::fingerprint;
use temporal_entity_core::value::get;
use temporal_entity_tests::notation::{parse, write};

use super::desk::{Desk, at};

/// The first schema.
#[temporal_entity(name = "Person", version = 1, granularity = 10_000, access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct First {
    name: String,
    #[serde(default)]
    born: Option<Timestamp>,
    tags: BTreeSet<String>,
}

/// A name has two parts, and there is an age.
#[temporal_entity(
    name = "Person",
    version = 2,
    granularity = 10_000,
    access = "signed-in",
    migrate(from = 1, with = split_name)
)]
#[derive(Serialize, Deserialize)]
struct Second {
    given: String,
    family: String,
    #[serde(default)]
    born: Option<Timestamp>,
    tags: BTreeSet<String>,
}

/// Tags are gone, a nickname came.
#[temporal_entity(
    name = "Person",
    version = 3,
    granularity = 10_000,
    access = "signed-in",
    migrate(from = 1, with = split_name),
    migrate(from = 2)
)]
#[derive(Serialize, Deserialize)]
struct Third {
    given: String,
    family: String,
    #[serde(default)]
    born: Option<Timestamp>,
    #[serde(default)]
    nickname: Option<String>,
}

/// As the first one was, for the step.
#[derive(Serialize, Deserialize, EntityField)]
struct Before {
    name: String,
    #[serde(default)]
    born: Option<Timestamp>,
    tags: BTreeSet<String>,
}

/// As it is after the step.
#[derive(Serialize, Deserialize, EntityField)]
struct After {
    given: String,
    family: String,
    born: Option<Timestamp>,
    tags: BTreeSet<String>,
}

fn split_name(value: Value) -> Result<Value, String> {
    let Before { name, born, tags } = read_value(value).map_err(|error| error.to_string())?;
    match name.as_str() {
        "panic" => panic!("on purpose"),
        "refuse" => return Err("nobody is called so".to_owned()),
        _ => {}
    }
    let (given, family) = name.split_once(' ').unwrap_or((&name, ""));
    let (given, family) = (given.to_owned(), family.to_owned());
    Ok(write_value(&After { given, family, born, tags }))
}

fn as_json(value: &Value) -> String {
    write(value)
}

/// A person with a history in the first schema.
fn written_by_the_first() -> Desk {
    let mut desk = Desk::default();
    desk.post::<First>(r#"{"name": "Ada Byron", "tags": ["a"], "born": 1(1000)}"#);
    desk.now = 20;
    desk.edit::<First>("ada", r#"{"tags": [3, ["b"], []]}"#);
    desk.now = 25;
    desk.edit::<First>("ada", r#"{"tags": [3, ["c"], ["a"]]}"#);
    desk.now = 40;
    desk.edit::<First>("bob", r#"{"name": "Ada Lovelace"}"#);
    desk
}

#[test]
fn values_of_an_earlier_schema_are_read_as_the_present_one_has_them() {
    let mut desk = written_by_the_first();
    let (meta, value) = desk.current::<Second>();
    assert_eq!((meta.modified, meta.schema_version), (at(40), 2));
    let expected =
        r#"{"given": "Ada", "family": "Lovelace", "born": 1(1000), "tags": 258(["b", "c"])}"#;
    assert_eq!(as_json(&value), as_json(&parse(expected)));
    // Before the first write as after it.
    for writes in [false, true] {
        if writes {
            desk.now = 60;
            assert_eq!(desk.edit::<Second>("ada", r#"{"family": "King"}"#).status, 200);
            desk.now = 80;
            assert_eq!(desk.edit::<Second>("ada", r#"{"given": "Augusta"}"#).status, 200);
        }
        desk.check_history::<Second>();
        let reply = desk.as_of::<Second>(at(30));
        let expected =
            r#"{"given": "Ada", "family": "Byron", "born": 1(1000), "tags": 258(["b", "c"])}"#;
        assert_eq!(as_json(&reply.value.expect("a value")), as_json(&parse(expected)));
        let changes = desk.once::<Second>("ada", Method::Changes, |request| {
            (request.past.from, request.past.to) = (Token::At(at(5)), Token::At(at(45)));
        });
        let expected = r#"{"family": "Lovelace", "tags": [3, ["b", "c"], ["a"]]}"#;
        assert_eq!(as_json(&changes.diff.expect("a diff")), as_json(&parse(expected)));
    }
    let families = desk.once::<Second>("ada", Method::History, |request| {
        request.past.field = Some("family".to_owned());
        request.past.was = Some("Byron".into());
        request.past.became = Some("Lovelace".into());
    });
    let found: Vec<_> = families.history.expect("a history").iter().map(|m| m.modified).collect();
    assert_eq!(found, [at(40)], "a transition that an earlier schema wrote otherwise");
}

#[test]
fn a_deletion_is_told_as_the_present_schema_has_it() {
    let mut desk = written_by_the_first();
    desk.now = 60;
    desk.once::<First>("ada", Method::Delete, |_| {});
    desk.now = 80;
    desk.once::<First>("ada", Method::PatchUndelete, |_| {});
    for read in [desk.as_of::<Second>(at(70)), desk.as_of::<Second>(at(50))] {
        assert_eq!(read.meta.expect("a meta").schema_version, 2);
    }
    assert!(desk.history::<Second>().iter().all(|meta| meta.schema_version == 2));
}

#[test]
fn steps_are_taken_one_after_the_other() {
    let mut desk = written_by_the_first();
    desk.now = 60;
    desk.edit::<Second>("ada", r#"{"family": "King"}"#);
    desk.now = 80;
    desk.edit::<Third>("ada", r#"{"nickname": "Enchantress"}"#);
    desk.check_history::<Third>();
    for (second, family) in [(5, "Byron"), (45, "Lovelace"), (65, "King"), (85, "King")] {
        let value = desk.as_of::<Third>(at(second)).value.expect("a value");
        assert_eq!(get(&value, "family"), Some(&family.into()), "at {second}");
        assert_eq!(get(&value, "tags"), None, "a field that is gone");
    }
    // A version may be skipped.
    let mut desk = written_by_the_first();
    desk.check_history::<Third>();
    desk.edit::<Third>("ada", r#"{"nickname": "Enchantress"}"#);
    desk.check_history::<Third>();
}

#[test]
fn a_client_that_holds_the_last_version_of_an_earlier_schema_may_go_on_from_it() {
    let mut desk = written_by_the_first();
    let diff = parse(r#"{"given": "Augusta"}"#);
    let reply = desk.once::<Second>("eve", Method::PatchDiff, |request| {
        (request.if_unmodified_since, request.diff) = (Token::At(at(40)), Some(diff.clone()));
    });
    assert_eq!((reply.status, reply.diff), (200, Some(diff.clone())));
    // What was before it was changed in another schema: its value has to be taken anew.
    let reply = desk.once::<Second>("eve", Method::PatchDiff, |request| {
        (request.if_unmodified_since, request.diff) = (Token::At(at(25)), Some(diff));
    });
    assert_eq!(reply.status, 412);
    assert!(reply.value.is_some());
}

#[test]
fn edits_do_not_join_the_snapshot_of_an_earlier_schema() {
    let mut desk = written_by_the_first();
    desk.now = 42;
    let reply = desk.edit::<Second>("bob", r#"{"family": "King"}"#);
    assert_eq!(reply.meta.expect("a meta").valid_from, at(42));
}

#[test]
fn what_a_later_schema_wrote_is_not_touched() {
    let mut desk = written_by_the_first();
    desk.edit::<Second>("ada", r#"{"family": "King"}"#);
    let before = format!("{:?}", desk.disk);
    for method in [Method::Get, Method::Subscribe, Method::Post, Method::PatchDiff, Method::Delete]
    {
        let why = unreadable(&desk.once::<First>("ada", method, |_| {}));
        assert!(why.contains("schema version 2 wrote this, and the code knows up to 1"), "{why}");
    }
    assert_eq!(desk.once::<First>("ada", Method::Unsubscribe, |_| {}).status, 200);
    assert_eq!(format!("{:?}", desk.disk), before);
}

/// Why the entity cannot be read.
fn unreadable(reply: &Reply) -> String {
    assert_eq!((reply.status, reply.reason), (500, Some(Reason::Unreadable)), "{reply:?}");
    reply.message.clone().expect("a sentence")
}

#[test]
fn a_page_of_another_schema_is_outdated_also_where_the_value_cannot_be_read() {
    let mut desk = written_by_the_first();
    desk.edit::<Second>("ada", r#"{"family": "King"}"#);
    let ask = |desk: &mut Desk, schema| {
        desk.once::<First>("ada", Method::Subscribe, |request| request.schema = Some(schema))
    };
    let outdated = ask(&mut desk, fingerprint::<Second>());
    assert_eq!((outdated.status, outdated.reason), (426, Some(Reason::Schema)));
    unreadable(&ask(&mut desk, fingerprint::<First>()));
}

#[test]
fn a_former_value_that_cannot_be_read_is_refused_alone() {
    let mut desk = Desk::default();
    desk.post::<First>(r#"{"name": "refuse", "tags": []}"#);
    desk.now = 20;
    desk.edit::<First>("ada", r#"{"name": "Ada Byron"}"#);
    let mut machine = desk.load::<Second>().expect("a disk");
    assert_eq!(desk.ask(&mut machine, "ada", Method::Get, |_| {}).status, 200);
    let mut request = Request::new(9, Method::Get, EntityRef::new("Person", "a").expect("a name"));
    request.past.as_of = Token::At(at(5));
    let envelope = Envelope { sender: Sender::new("ada", "laptop"), request };
    let error = machine.request(&mut desk.disk, at(30), envelope).expect_err("a failing step");
    let why = unreadable(&failed(9, Method::Get, &error));
    assert!(why.contains("nobody is called so"), "{why}");
}

#[test]
fn a_step_that_fails_says_so_and_changes_nothing() {
    for (name, problem) in [("refuse", "nobody is called so"), ("panic", "the step panicked")] {
        let mut desk = Desk::default();
        desk.post::<First>(&format!(r#"{{"name": "{name}", "tags": []}}"#));
        let before = format!("{:?}", desk.disk);
        for method in [Method::Subscribe, Method::PatchDiff, Method::History] {
            let why = unreadable(&desk.once::<Second>("ada", method, |_| {}));
            assert!(why.contains("migrating from schema version 1"), "{why}");
            assert!(why.contains(problem), "{why}");
        }
        assert_eq!(format!("{:?}", desk.disk), before);
        assert_eq!(desk.edit::<First>("ada", r#"{"name": "Ada"}"#).status, 200);
    }
}
