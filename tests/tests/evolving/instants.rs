//! Instants as earlier releases stored them: whole seconds as an integer, however many bits they take. cbor-x cannot read
//! a frame with an integer of 64 bits there, so none may go out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Timestamp, temporal_entity};
use temporal_entity_core::codec::decode_own_value;
use temporal_entity_core::message::{
    EntityRef, Envelope, Method, PushFrames, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::{EntityMachine, Limits, LoggedChange};
use temporal_entity_core::storage::{MemoryStorage, Storage};
use temporal_entity_tests::notation::{parse, to_hex};

use super::desk::{Desk, at};

/// A journey.
#[temporal_entity(version = 1, granularity = 0, access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Trip {
    title: String,
    ends: Timestamp,
    stops: BTreeMap<String, Stop>,
    seen: Vec<Timestamp>,
}

/// Where it stops.
#[derive(Clone, Serialize, Deserialize, EntityField)]
struct Stop {
    at: Timestamp,
    done: bool,
}

const FIRST: &str = r#"{"title": "x", "ends": 1(253402300799), "stops": {"a": {"at": 1(4294967296), "done": false}},
    "seen": [1(0), 1(-62135596800), 1(4294967295), 1(1.5)]}"#;

/// A trip that was changed in every way in which a change is stored.
fn trip() -> Desk {
    let mut desk = Desk::default();
    desk.post::<Trip>(FIRST);
    for diff in [
        r#"{"title": "y", "ends": 1(253402300798)}"#,
        r#"{"stops": {"b": [0, {"at": 1(253402300797), "done": false}]}}"#,
        r#"{"stops": {"a": {"at": 1(253402300796)}}}"#,
        r#"{"seen": [2, 1, 1, [1(253402300795)]]}"#,
        r#"{"stops": {"b": {"done": true}}}"#,
    ] {
        desk.now += 1;
        assert_eq!(desk.edit::<Trip>("ada", diff).status, 200, "{diff}");
    }
    desk
}

/// The bytes with every whole float of an instant as an integer. (They hold no byte strings.)
fn as_before(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), bytes);
    while let [first, behind @ ..] = rest {
        out.push(*first);
        rest = behind;
        let number = match rest {
            _ if *first != 0xc1 => None,
            [0xfb, number @ ..] => {
                Some((9, f64::from_be_bytes(number[..8].try_into().expect("8 bytes"))))
            }
            [0xfa, number @ ..] => {
                Some((5, f32::from_be_bytes(number[..4].try_into().expect("4 bytes")).into()))
            }
            _ => None,
        };
        if let Some((length, seconds)) = number.filter(|(_, seconds)| seconds.fract() == 0.0) {
            let (first, argument) =
                if seconds < 0.0 { (0x3b, -1 - seconds as i64) } else { (0x1b, seconds as i64) };
            out.push(first);
            out.extend(argument.to_be_bytes());
            rest = &rest[length..];
        }
    }
    out
}

/// The disk as an earlier release would have written it.
fn earlier(disk: &MemoryStorage) -> MemoryStorage {
    let mut old = MemoryStorage::default();
    for version in disk.checkpoints() {
        let checkpoint = disk.checkpoint_from(version).expect("a disk").expect("a checkpoint");
        let parts: Vec<_> = checkpoint.parts.iter().map(|part| as_before(part)).collect();
        let parts: Vec<_> = parts.iter().map(Vec::as_slice).collect();
        old.write_checkpoint(version, &checkpoint.head, &parts).expect("a disk");
    }
    for (version, bytes) in disk.changes_from(at(0), usize::MAX).expect("a disk") {
        let key = LoggedChange::decode(version, &bytes).expect("a change").key();
        old.append_change(key, &[&as_before(&bytes)]).expect("a disk");
    }
    old
}

/// What a machine that is read from the disk answers, and pushes to somebody who subscribed before.
fn frames(disk: &MemoryStorage, fill: &impl Fn(&mut Request)) -> Vec<Vec<u8>> {
    let mut disk = disk.clone();
    let mut machine = EntityMachine::<Trip>::load(&disk, "a", Limits::default()).expect("a trip");
    let entity = EntityRef::new("Trip", "a").expect("a name");
    let mut ask = |person: &str, request: Request| {
        let envelope = Envelope { sender: Sender::new(person, "laptop"), request };
        machine.respond(&mut disk, at(100), envelope).expect("a disk")
    };
    let mut frames = Vec::new();
    let mut subscribe = Request::new(1000, Method::Subscribe, entity.clone());
    subscribe.if_modified_since = Token::At(at(0));
    frames.push(ask("bob", subscribe));
    let mut request = Request::new(1001, Method::Get, entity);
    fill(&mut request);
    frames.push(ask("ada", request));
    while let Some((_, delivery)) = machine.poll_delivery() {
        frames.push(delivery.encode().expect("bytes"));
        let mut push = PushFrames::new(delivery.push.clone());
        frames.extend([None, Some(7)].map(|handle| push.of(handle).expect("bytes").to_vec()));
    }
    frames
}

#[test]
fn no_instant_goes_out_as_a_long_integer() {
    let first = {
        let mut desk = Desk::default();
        desk.post::<Trip>(FIRST);
        desk.disk
    };
    let all = trip().disk;
    type Fill = dyn Fn(&mut Request);
    let asks: [(&str, &Fill); 9] = [
        ("get", &|_| {}),
        ("get of a version", &|request| request.if_modified_since = Token::At(at(0))),
        ("asOf", &|request| request.past.as_of = Token::At(at(0))),
        ("asOf between", &|request| request.past.as_of = Token::At(at(2))),
        ("history", &|request| request.method = Method::History),
        ("changes", &|request| {
            request.method = Method::Changes;
            (request.past.from, request.past.to) = (Token::At(at(0)), Token::At(at(4)));
        }),
        ("restore", &|request| {
            request.method = Method::Restore;
            request.past.as_of = Token::At(at(0));
        }),
        ("conflict", &|request| {
            request.method = Method::PatchDiff;
            request.if_unmodified_since = Token::At(at(0));
            request.diff = Some(parse(r#"{"ends": 1(253402300700)}"#));
        }),
        ("unknown version", &|request| {
            request.method = Method::PatchDiff;
            request.if_unmodified_since = Token::At(at(50));
            request.diff = Some(parse(r#"{"title": "z"}"#));
        }),
    ];
    for (name, fill) in asks {
        for disk in [&first, &all] {
            let (now, before) = (frames(disk, &fill), frames(&earlier(disk), &fill));
            for frame in &before {
                let is_long = |pair: &[u8]| matches!(pair, [0xc1, 0x1b | 0x3b]);
                assert!(!frame.windows(2).any(is_long), "{name}: {}", to_hex(frame));
                decode_own_value(frame).expect("one item");
            }
            assert_eq!(before, now, "{name}");
        }
    }
    let is_other = format!("{:?}", earlier(&all)) != format!("{all:?}");
    assert!(is_other, "the disk of an earlier release is another one");
}

#[test]
fn both_forms_of_an_instant_are_one_value() {
    let mut desk = trip();
    for disk in [desk.disk.clone(), earlier(&desk.disk)] {
        desk.disk = disk;
        let version = desk.current::<Trip>().0.modified;
        for (field, seconds) in [("ends", 253_402_300_798_u64), ("ends", 253_402_300_798)] {
            for form in [format!("{seconds}"), format!("{seconds}.0")] {
                let reply = desk.edit::<Trip>("bob", &format!(r#"{{"{field}": 1({form})}}"#));
                let modified = reply.meta.as_ref().map(|meta| meta.modified);
                assert_eq!((reply.status, modified), (200, Some(version)), "nothing changes");
            }
        }
        let mut write = |seconds: &str| -> Reply {
            let mut machine = desk.load::<Trip>().expect("a trip");
            desk.ask(&mut machine, "bob", Method::PatchDiff, |request| {
                request.id = 5000;
                request.if_unmodified_since = Token::At(version);
                request.diff = Some(parse(&format!(r#"{{"ends": 1({seconds})}}"#)));
            })
        };
        let (first, again) = (write("253402300000"), write("253402300000.0"));
        assert_eq!(first.status, 200);
        assert_eq!(again, first, "a repeated write is known in the other form");
    }
}
