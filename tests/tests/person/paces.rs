//! The pace of one person, whichever sockets and browsers it sends by, and what a refused frame costs.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, Method, Request};
use temporal_entity_core::person::{CLOSE_FLOOD, PersonEffect, PersonMachine, SocketLimits};
use temporal_entity_core::steps;
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::parse;

use super::ada::{Ada, NOW, at, entity};

/// What came of frames: how many were forwarded, answered with a refusal, and answered with 429.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    calls: usize,
    refused: usize,
    put_off: usize,
    closed: usize,
}

fn outcome(ada: &mut Ada) -> Outcome {
    let mut outcome = Outcome::default();
    while let Some(effect) = ada.0.poll_effect() {
        match effect {
            PersonEffect::Call { .. } => outcome.calls += 1,
            PersonEffect::Close { code, .. } => {
                assert!([CLOSE_FLOOD, 4409].contains(&code), "{code}");
                outcome.closed += usize::from(code == CLOSE_FLOOD);
            }
            PersonEffect::Send { bytes, .. } => match Downstream::decode(&bytes).unwrap() {
                Downstream::Reply(reply) if reply.status == 429 => outcome.put_off += 1,
                Downstream::Reply(_) => outcome.refused += 1,
                _ => {}
            },
            _ => {}
        }
    }
    outcome
}

fn unknown_method(id: u64) -> Vec<u8> {
    encode(&parse(&format!(r#"{{"id": {id}, "method": "steal", "type": "Note"}}"#))).unwrap()
}

#[test]
fn many_sockets_of_one_person_have_one_pace() {
    let mut ada = Ada::new();
    for socket in 0..256 {
        ada.0.opened(NOW, socket, &format!("browser{socket}"), None);
    }
    ada.effects();
    for round in 0..100 {
        for socket in 0..256 {
            ada.send(socket, round, Method::Get, &format!("n{socket}"));
        }
    }
    let passed = outcome(&mut ada);
    // All but the first call to each entity waits for the one before it; so what waits is counted, too.
    let admitted = ada.0.kept_len();
    assert!(admitted <= 3_600 + 256, "{admitted} of 25,600 at once");
    // Those that do not heed what they are told are let go.
    assert!(passed.put_off <= 4_800 && passed.closed > 200, "{passed:?}");
}

#[test]
fn a_new_connection_has_no_new_burst() {
    let mut ada = Ada::new();
    let mut passed = 0;
    for socket in 0..20 {
        ada.0.opened(NOW, socket, "laptop", None);
        for id in 0..200 {
            ada.0.frame(NOW, socket, &unknown_method(id));
        }
        passed += outcome(&mut ada).refused;
        ada.0.closed(NOW, socket);
    }
    assert_eq!(passed, 1_200, "what one browser saved up");
    // Nor has a new browser id, beyond what the person has.
    for socket in 20..40 {
        ada.0.opened(NOW, socket, &format!("browser{socket}"), None);
        for id in 0..1_000 {
            ada.0.frame(NOW, socket, &unknown_method(id));
        }
        passed += outcome(&mut ada).refused;
        ada.0.closed(NOW, socket);
    }
    assert_eq!(passed, 3_600, "what the person saved up");
    assert!(ada.0.admit(NOW).is_err(), "another connection has to wait as well");
    assert!(ada.0.admit(at(20)).is_ok());
}

#[test]
fn frames_that_are_no_requests_cost_as_much_as_requests() {
    for frame in [unknown_method(7), vec![0xff], encode(&parse(r#"{"id": 7}"#)).unwrap()] {
        let mut ada = Ada::new();
        let mut answered = 0;
        for socket in 0..100 {
            ada.0.opened(NOW, socket, &format!("browser{socket}"), None);
            for _ in 0..200 {
                ada.0.frame(NOW, socket, &frame);
                ada.0.text_frame(NOW, socket);
            }
        }
        while let Some(effect) = ada.0.poll_effect() {
            answered += usize::from(matches!(effect, PersonEffect::Send { .. }));
        }
        assert!(answered <= 3_600 + 4_800 + 100, "{answered} of 40,000 frames were answered");
    }
}

#[test]
fn the_pace_is_checked_before_anything_but_the_id_is_read() {
    let limits = SocketLimits { bytes_per_second: 10_000, ..SocketLimits::default() };
    let limits = SocketLimits { message_bytes: 10_000, ..limits };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    ada.effects();
    let frame = |id, bytes: usize| {
        let value = Value::Array(vec![Value::Null; bytes]);
        let request = Request { value: Some(value), ..Request::new(id, Method::Get, entity("a")) };
        encode(&request.to_value()).unwrap()
    };
    // What eight seconds allow passes at once.
    (0..9).for_each(|id| ada.0.frame(NOW, 1, &frame(id, 9_950)));
    let effects = ada.effects();
    assert_eq!(effects.last().unwrap(), "1 < reply 8: 429 tooMany", "{effects:?}");
    let refused = |ada: &mut Ada, bytes| {
        let (_, steps) = steps::of(|| ada.0.frame(NOW, 1, &frame(9, bytes)));
        assert_eq!(ada.effects(), ["1 < reply 9: 429 tooMany"]);
        steps
    };
    let (small, large) = (refused(&mut ada, 100), refused(&mut ada, 9_950));
    assert_eq!(small, large, "the id comes first, and no more is read");
    // And where it comes last, each byte is passed over once.
    let last = |bytes: usize| {
        let mut frame = vec![0xa2, 0x61, b'v', 0x9f];
        frame.extend(vec![0x00; bytes]);
        frame.extend(*b"\xff\x62id\x05");
        frame
    };
    let steps: Vec<_> = [1_000, 2_000, 4_000, 8_000]
        .map(|bytes| steps::of(|| ada.0.frame(NOW, 1, &last(bytes))).1)
        .into();
    assert!(steps.windows(2).all(|two| two[1] as f64 <= 2.3 * two[0] as f64), "{steps:?}");
}

#[test]
fn twice_the_frames_take_twice_the_steps() {
    let steps = |frames: u64| {
        let mut ada = Ada::connected();
        let flood = || (0..frames).for_each(|id| ada.0.frame(NOW, 1, &unknown_method(id)));
        steps::of(flood).1
    };
    let counted: Vec<_> = [250, 500, 1_000, 2_000].map(steps).into();
    assert!(counted.windows(2).all(|two| two[1] as f64 <= 2.3 * two[0] as f64), "{counted:?}");
}

#[test]
fn what_cannot_be_decoded_is_answered_under_its_id() {
    let mut ada = Ada::connected();
    // A value of a kind that is unknown, behind the id; and one that ends too early.
    ada.0.frame(NOW, 1, b"\xa2\x62id\x18\x2a\x65value\xf8\x20");
    ada.0.frame(NOW, 1, b"\xa3\x62id\x18\x2b\x66method\x63get\x65value\x59\xff");
    assert_eq!(ada.effects(), ["1 < reply 42: 400 malformed", "1 < reply 43: 400 malformed"]);
    let limits = SocketLimits { message_bytes: 100, ..SocketLimits::default() };
    let mut ada = Ada(PersonMachine::new("ada", Vec::new(), limits));
    ada.0.opened(NOW, 1, "laptop", None);
    let large = [b"\xa2\x62id\x18\x2c\x65value\x58\xf0".as_slice(), &[0; 0xf0]].concat();
    // However often: its sender learns which request it is, and does not repeat it.
    for _ in 0..5 {
        ada.0.frame(NOW, 1, &large);
    }
    assert_eq!(ada.effects()[1..], ["1 < reply 44: 413 tooLarge"; 5]);
}
