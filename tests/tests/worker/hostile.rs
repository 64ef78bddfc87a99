//! Frames that are no messages: a clear error each time, and the next request works.

use serde_json::json;
use temporal_entity_core::codec::{encode, find_id};
use temporal_entity_core::message::{EntityRef, Method, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::client::{Browser, Event, Session, request};
use tungstenite::Message;

use crate::common::{assert_refused, cbor, posted_card, server, unique};

/// What is accepted in one message, by the rulings.
const MAX_MESSAGE_BYTES: usize = 8 << 20;

/// What the platform accepts in one frame.
const MAX_FRAME_BYTES: usize = 32 << 20;

#[test]
fn bytes_that_are_no_message_are_answered_and_the_next_request_works() {
    let server = server();
    let mut eve = Session::login(&server, &unique("eve")).connect("laptop");
    let (card, first) = posted_card(&mut eve);
    let whole = encode(&request(Method::Get, &card).to_value()).unwrap();
    let mut frames = random_frames();
    frames.extend((0..whole.len()).map(|length| whole[..length].to_vec()));
    frames.push([whole.as_slice(), b"more"].concat());
    frames.push(vec![0x81; 100_000]);
    frames.push(vec![0xc1; 100_000]);
    frames.push([[0xa1, 0x00].repeat(100_000), vec![0x00]].concat());
    frames.push(vec![0x9b, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    for frame in frames {
        let shown = frame[..frame.len().min(16)].to_vec();
        eve.send_bytes(frame.clone());
        let reply = eve.reply();
        assert_refused(&reply, 400, "malformed");
        // What begins as a request is answered under its id.
        assert_eq!(reply.id, find_id(&frame), "{shown:x?}");
        assert_works(&mut eve, &card, first);
    }
}

/// Frames of random bytes, the same in every run: by xorshift, which is random enough for garbage.
fn random_frames() -> Vec<Vec<u8>> {
    let mut state: u32 = 0x9e37_79b9;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..50).map(|length| (0..length * 7 + 2).map(|_| random() as u8).collect()).collect()
}

#[test]
fn text_is_no_message() {
    let server = server();
    let mut eve = Session::login(&server, &unique("eve")).connect("laptop");
    let (card, first) = posted_card(&mut eve);
    eve.send_frame(Message::text(r#"{"id":1,"method":"get"}"#));
    assert_refused(&eve.reply(), 400, "malformed");
    assert_works(&mut eve, &card, first);
}

#[test]
fn a_message_with_an_id_is_answered_under_it() {
    let server = server();
    let mut eve = Session::login(&server, &unique("eve")).connect("laptop");
    // More than three: with an id they are messages, though not good ones.
    for id in 1..6_u64 {
        let reply = eve.ask_value(&cbor(json!({ "id": id })));
        assert_refused(&reply, 400, "malformed");
        assert_eq!(reply.id, Some(id));
    }
}

#[test]
fn three_frames_in_a_row_that_are_no_messages_end_the_socket() {
    let server = server();
    let session = Session::login(&server, &unique("eve"));
    let mut eve = session.connect("laptop");
    let (card, first) = posted_card(&mut eve);
    for _ in 0..3 {
        eve.send_bytes(vec![0xff]);
    }
    for _ in 0..3 {
        assert_refused(&eve.reply(), 400, "malformed");
    }
    assert_eq!(eve.closed().0, 1008);
    assert_works(&mut session.connect("laptop"), &card, first);
}

#[test]
fn a_message_over_the_limit_is_too_large() {
    let server = server();
    let mut eve = Session::login(&server, &unique("eve")).connect("laptop");
    let (card, first) = posted_card(&mut eve);
    eve.send_bytes(vec![0; MAX_MESSAGE_BYTES + 1]);
    assert_refused(&eve.reply(), 413, "tooLarge");
    assert_works(&mut eve, &card, first);
    // At the limit it is read, and is garbage.
    eve.send_bytes(vec![0; MAX_MESSAGE_BYTES]);
    assert_refused(&eve.reply(), 400, "malformed");
    assert_works(&mut eve, &card, first);
}

#[test]
fn a_frame_over_the_platforms_limit_ends_the_socket() {
    let server = server();
    let session = Session::login(&server, &unique("eve"));
    let mut eve = session.connect("laptop");
    let (card, first) = posted_card(&mut eve);
    eve.send_bytes(vec![0; MAX_FRAME_BYTES + 1]);
    // Either the close frame arrives, or the connection breaks under what is still being sent.
    match eve.event() {
        Event::Closed(code, _) => assert_eq!(code, 1009),
        other => assert_eq!(other, Event::Lost),
    }
    assert_works(&mut session.connect("laptop"), &card, first);
}

fn assert_works(browser: &mut Browser, card: &EntityRef, held: Stamp) {
    let reply = browser.get(card, Some(held));
    assert_eq!(reply, Reply { id: reply.id, ..Reply::ok(304) });
}
