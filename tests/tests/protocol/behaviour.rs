//! What the document says about forms and orders, held against the machines.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Stamp, temporal_entity};
use temporal_entity_core::codec::{MAX_MESSAGE_BYTES, encode_value};
use temporal_entity_core::message::{
    Downstream, EntityRef, Envelope, Method, Reason, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::{EntityMachine, Limits, LineEffect};
use temporal_entity_core::person::{PersonEffect, PersonMachine, SocketLimits};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_core::value::{Value, get};
use temporal_entity_tests::notation::{BASE, parse, write};

/// An entity with the fields of the examples. Four readers are a crowd.
#[temporal_entity(version = 1, granularity = 0, access = "signed-in", lines = 4)]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    assignee: Option<String>,
    #[entity(merge = "counter")]
    votes: i64,
    watchers: BTreeSet<String>,
    labels: BTreeMap<String, String>,
    #[entity(key = "nr")]
    rows: Vec<Row>,
    any: serde_json::Value,
}

/// A row of a list whose key is no text.
#[derive(Serialize, Deserialize, EntityField)]
struct Row {
    nr: i64,
    done: bool,
}

const CARD: &str = r#"{"title": "Plan", "assignee": null, "votes": 3, "watchers": 258(["bob"]), "labels": {},
    "rows": [{"nr": 7, "done": false}, {"nr": 9007199254740992, "done": false}],
    "any": {"size": {"width": 2}, "note": "x", "points": [[1, 2], [2, 3]]}}"#;

fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * 1_000_000).expect("an instant")
}

fn card() -> EntityRef {
    EntityRef::new("Card", "c1").expect("a name")
}

/// A card, and who asks.
struct Server {
    machine: EntityMachine<Card>,
    disk: MemoryStorage,
    now: u64,
}

impl Server {
    fn new() -> Server {
        let disk = MemoryStorage::default();
        let machine = EntityMachine::load(&disk, "c1", Limits::default()).expect("a machine");
        Server { machine, disk, now: 0 }
    }

    /// With the card in it, made at the second 0.
    fn with_card() -> Server {
        let mut server = Server::new();
        let mut post = Request::new(0, Method::Post, card());
        post.value = Some(parse(CARD));
        let reply = server.ask("ada", post);
        assert_eq!((reply.status, reply.value), (201, None));
        server
    }

    fn ask(&mut self, person: &str, request: Request) -> Reply {
        let envelope = Envelope { sender: Sender::new(person, "laptop"), request };
        let reply = self.machine.request(&mut self.disk, at(self.now), envelope);
        self.now += 1;
        reply.expect("a disk")
    }

    /// A diff that was made on the version of a second.
    fn patch(&mut self, id: u64, on: u64, diff: &str) -> Reply {
        let mut request = Request::new(id, Method::PatchDiff, card());
        request.if_unmodified_since = Token::At(at(on));
        request.diff = Some(parse(diff));
        self.ask("ada", request)
    }

    fn field(&mut self, name: &str) -> String {
        let reply = self.ask("ada", Request::new(99, Method::Get, card()));
        write(get(&reply.value.expect("a value"), name).expect("a field"))
    }
}

fn is_shape(reply: &Reply) -> bool {
    (reply.status, reply.reason) == (400, Some(Reason::Shape))
}

#[test]
fn what_two_add_to_a_counter_adds_up() {
    let mut server = Server::with_card();
    for id in [1, 2] {
        assert_eq!(server.patch(id, 0, r#"{"votes": [4, 1]}"#).status, 200);
    }
    assert_eq!(server.field("votes"), "5");
    // A number replaces, which others would lose by.
    assert_eq!(server.patch(3, 0, r#"{"votes": 4}"#).reason, Some(Reason::Conflict));
}

#[test]
fn json_is_changed_inside_objects_and_spliced_in_arrays() {
    let mut server = Server::with_card();
    let diff = r#"{"any": {"size": {"width": 3}, "style": [0, {"color": "red"}], "note": [1], "points": [2, 1, 1, [[3, 4]]]}}"#;
    assert_eq!(server.patch(1, 0, diff).status, 200);
    let expected =
        r#"{"points": [[1, 2], [3, 4]], "size": {"width": 3}, "style": {"color": "red"}}"#;
    assert_eq!(server.field("any"), expected);
    for refused in [
        // Inside an element of an array, a text by its characters, what is not there.
        r#"{"any": {"points": {"0": 1}}}"#,
        r#"{"any": {"style": {"color": [2, 0, 1, "b"]}}}"#,
        r#"{"any": {"absent": {"x": 1}}}"#,
        r#"{"any": {"size": [4, 1]}}"#,
    ] {
        assert!(is_shape(&server.patch(2, 1, refused)), "{refused}");
    }
    // What is no object any more is replaced.
    assert_eq!(server.patch(3, 1, r#"{"any": [0, [1]]}"#).status, 200);
    assert_eq!(server.field("any"), "[1]");
}

#[test]
fn keys_of_keyed_lists_that_are_no_texts_come_in_several_forms() {
    let changes = [
        r#"259({7: {"done": true}, 8: [0, {"nr": 8, "done": false}]}), [[7, 8]]"#,
        r#"{7: {"done": true}, 8.0: [0, {"nr": 8, "done": false}]}, [[7.0, 8]]"#,
        r#"{"7": {"done": true}, "8": [0, {"nr": 8, "done": false}]}, [["7", "8"]]"#,
    ];
    let diff = r#"{"rows": [5, "nr", 259({7: {"done": true}, 8: [0, {"nr": 8, "done": false}]}), [[7, 8]]]}"#;
    for form in changes {
        let mut server = Server::with_card();
        let reply = server.patch(1, 0, &format!(r#"{{"rows": [5, "nr", {form}]}}"#));
        assert_eq!(reply.status, 200, "{form}: {:?}", reply.message);
        assert_eq!(write(&reply.diff.expect("a diff")), diff, "others see one form");
        let rows = server.field("rows");
        assert!(
            rows.starts_with(r#"[{"nr": 7, "done": true}, {"nr": 8, "done": false}"#),
            "{rows}"
        );
    }
    // As cbor-x writes what takes more than 32 bits.
    let mut server = Server::with_card();
    let long = r#"{"rows": [5, "nr", 259({9007199254740992.0: [1]})]}"#;
    assert_eq!(server.patch(1, 0, long).status, 200);
    assert_eq!(server.field("rows"), r#"[{"nr": 7, "done": false}]"#);
    assert!(is_shape(&server.patch(2, 1, r#"{"rows": [5, "nr", {"seven": [1]}]}"#)));
}

#[test]
fn elements_of_a_set_come_and_leave_in_any_order() {
    let mut server = Server::with_card();
    let reply =
        server.patch(1, 0, r#"{"watchers": [3, ["eve", "ada", "eve"], ["bob", "absent"]]}"#);
    assert_eq!(
        write(&reply.diff.expect("a diff")),
        r#"{"watchers": [3, ["ada", "eve"], ["bob"]]}"#
    );
    assert!(is_shape(&server.patch(2, 1, r#"{"watchers": [3, ["x"], ["x"]]}"#)));
}

/// The request with `undefined` (0xf7) wherever it says "undefined".
fn with_undefined(request: &Request) -> Request {
    let bytes = encode_value(&request.to_value()).expect("bytes");
    let text = encode_value(&Value::from("undefined")).expect("bytes");
    let (mut out, mut rest) = (Vec::new(), bytes.as_slice());
    while let Some((byte, behind)) = rest.split_first() {
        match rest.strip_prefix(text.as_slice()) {
            Some(behind) => {
                out.push(0xf7);
                rest = behind;
            }
            None => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    Request::decode(&out, MAX_MESSAGE_BYTES).expect("a request")
}

#[test]
fn a_required_field_that_is_undefined_is_missing() {
    for field in [r#""title": "Plan""#, r#""assignee": null"#] {
        let (name, _) = field.split_once(':').expect("a field");
        let mut post = Request::new(1, Method::Post, card());
        post.value = Some(parse(&CARD.replace(field, &format!(r#"{name}: "undefined""#))));
        let reply = Server::new().ask("ada", with_undefined(&post));
        assert!(is_shape(&reply), "{reply:?}");
        let message = reply.message.expect("a sentence");
        assert!(message.contains("is missing") && message.contains(name), "{message}");
    }
    // In a patch it is not there: nothing changes, and no entry is removed.
    let mut server = Server::with_card();
    let mut patch = Request::new(2, Method::PatchDiff, card());
    patch.if_unmodified_since = Token::At(at(0));
    patch.diff = Some(parse(r#"{"title": "undefined"}"#));
    let reply = server.ask("ada", with_undefined(&patch));
    assert_eq!((reply.status, reply.diff), (200, Some(parse("{}"))));
}

#[test]
fn two_requests_with_one_id_are_both_answered() {
    let mut person = PersonMachine::new("ada", Vec::new(), SocketLimits::default());
    person.opened(at(0), 1, "laptop", None);
    while person.poll_effect().is_some() {}
    for title in ["a", "b"] {
        let mut post =
            Request::new(5, Method::Post, EntityRef::new("Card", title).expect("a name"));
        post.value = Some(parse(CARD));
        person.frame(at(0), 1, &encode_value(&post.to_value()).expect("bytes"));
    }
    let mut answered = Vec::new();
    while let Some(effect) = person.poll_effect() {
        match effect {
            PersonEffect::Call { call, .. } => {
                let reply = Reply { id: Some(5), ..Reply::ok(201) };
                person.answered(call, Ok(encode_value(&reply.to_value()).expect("bytes")));
            }
            PersonEffect::Send { bytes, .. } => match Downstream::decode(&bytes) {
                Ok(Downstream::Reply(reply)) => answered.push((reply.id, reply.status)),
                other => panic!("{other:?}"),
            },
            _ => {}
        }
    }
    assert_eq!(answered, [(Some(5), 201), (Some(5), 201)], "of different entities");

    let mut server = Server::with_card();
    let first = server.patch(1, 0, r#"{"title": "New"}"#);
    assert_eq!(server.patch(1, 0, r#"{"title": "New"}"#), first, "the same write is one");
    let other = server.patch(1, 0, r#"{"title": "Newer"}"#);
    assert_eq!((other.status, other.reason), (400, Some(Reason::Malformed)));
}

#[test]
fn lines_of_an_entity_that_is_not_crowded_last_until_a_reader_leaves() {
    let mut server = Server::with_card();
    let subscribe = Request::new(1, Method::Subscribe, card());
    let reply = server.ask("ada", subscribe.clone());
    assert!(!reply.line, "it is not crowded");
    for line in [0, 1] {
        server.machine.line_opened(line, Sender::new("ada", "laptop"));
        let now = at(server.now);
        let reply = server.machine.line_request(&mut server.disk, now, line, subscribe.clone());
        assert!(reply.expect("a disk").1, "the line hears of changes");
    }
    assert_eq!(server.patch(1, 0, r#"{"title": "New"}"#).status, 200);
    for _ in 0..2 {
        assert!(matches!(server.machine.poll_line(), Some(LineEffect::Send { .. })));
    }
    // A line and a subscriber are half of the four that make a crowd.
    server.machine.line_closed(0);
    assert_eq!(server.machine.poll_line(), None);
    let reply = server.ask("ada", Request::new(2, Method::Unsubscribe, card()));
    assert_eq!(reply.status, 200);
    let effect = server.machine.poll_line();
    assert!(matches!(effect, Some(LineEffect::Close { line: 1, code: 4410, .. })), "{effect:?}");
}

#[test]
fn what_another_type_wrote_is_refused_before_anything_else() {
    let mut server = Server::with_card();
    let mut renamed =
        EntityMachine::<Note>::load(&server.disk, "c1", Limits::default()).expect("a machine");
    for method in [Method::Get, Method::Post, Method::Delete, Method::History] {
        let request = Request::new(1, method, EntityRef::new("Note", "c1").expect("a name"));
        let envelope = Envelope { sender: Sender::new("ada", "laptop"), request };
        let reply = renamed.request(&mut server.disk, at(1), envelope).expect("a disk");
        assert_eq!((reply.status, reply.reason), (409, Some(Reason::Type)));
    }
}

/// A type that got the stored objects of [`Card`].
#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Note {
    title: String,
}
