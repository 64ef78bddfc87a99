//! One person who sends too much, by however many sockets: the limits are those of the person, and nobody else waits.

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, EntityRef, Method};
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, Event, Session, request};
use temporal_entity_tests::workerd::{TEST, Workerd};

use crate::common::{
    assert_refused, card_value, new_card, person, posted_card, titled, unique, version,
};

/// What a person saved up passes, and then hardly anything: so it does not matter how long a test takes.
fn slow_server() -> Workerd {
    let slow = [("REQUESTS_PER_SECOND", "1"), ("PERSON_REQUESTS_PER_SECOND", "1")];
    Workerd::start(TEST, &[&[("ENVIRONMENT", "test")][..], &slow].concat())
}

/// A burst of a person, and what may be added while a test runs.
const BURST: usize = 3_600 + 300;

/// What came down a socket until it was closed, or until the answer to `last`.
#[derive(Default, Debug)]
struct Heard {
    answered: usize,
    put_off: usize,
    closed: Option<u16>,
}

fn hear(browser: &mut Browser, last: u64) -> Heard {
    let mut heard = Heard::default();
    loop {
        match browser.event() {
            Event::Message(message, _) => {
                let Downstream::Reply(reply) = *message else { panic!("{message:?}") };
                match reply.status {
                    429 => heard.put_off += 1,
                    _ => heard.answered += 1,
                }
                if reply.id == Some(last) {
                    return heard;
                }
            }
            Event::Closed(code, _) => {
                heard.closed = Some(code);
                return heard;
            }
            Event::Lost => return heard,
        }
    }
}

/// A frame with a method that there is none of.
fn unknown(id: u64) -> Vec<u8> {
    let entries = [("id", Value::from(id)), ("method", "steal".into()), ("type", "Card".into())];
    let entries = entries.into_iter().map(|(key, value)| (Value::from(key), value));
    encode(&Value::Map(entries.collect())).unwrap()
}

#[test]
fn two_hundred_and_fifty_sockets_of_one_person_have_one_pace() {
    let server = slow_server();
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut ben);
    let eve = Session::login(&server, &unique("eve"));
    let mut sockets: Vec<_> = (0..250).map(|n| eve.connect(&format!("b{n}"))).collect();
    for id in 0..40 {
        sockets.iter_mut().for_each(|socket| socket.send_bytes(unknown(id)));
    }
    let heard: Vec<_> = sockets.iter_mut().map(|socket| hear(socket, 39)).collect();
    let answered: usize = heard.iter().map(|heard| heard.answered).sum();
    assert!(answered <= BURST, "{answered} of 10,000 frames were carried out");
    assert!(heard.iter().any(|heard| heard.closed == Some(4429)));
    assert!(heard.iter().map(|heard| heard.put_off).sum::<usize>() <= 500);
    // And nobody else waits for it.
    assert_eq!(ben.get(&card, Some(first)).status, 304);
}

#[test]
fn who_connects_anew_has_no_new_burst() {
    let server = slow_server();
    let eve = Session::login(&server, &unique("eve"));
    let mut answered = 0;
    for _ in 0..15 {
        let mut socket = eve.connect("laptop");
        (0..200).for_each(|id| socket.send_bytes(unknown(id)));
        answered += hear(&mut socket, 199).answered;
    }
    assert!((1_200..1_500).contains(&answered), "{answered} of 3,000");
}

#[test]
fn frames_that_are_no_requests_are_paced_like_requests() {
    let server = slow_server();
    let eve = Session::login(&server, &unique("eve"));
    let mut socket = eve.connect("laptop");
    (0..20_000).for_each(|id| socket.send_bytes(unknown(id)));
    let heard = hear(&mut socket, 19_999);
    assert!(heard.answered + heard.put_off <= 1_500, "{heard:?}");
    assert_eq!(heard.closed, Some(4429));
}

#[test]
fn what_all_sockets_of_a_person_do_not_read_is_bounded() {
    const SOCKETS: usize = 100;
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test")]);
    let mut ben = person(&server, "ben");
    let card = new_card();
    assert_eq!(ben.post(&card, card_value(&"x".repeat(7_000_000))).status, 201);
    let eve = Session::login(&server, &unique("eve"));
    let mut sockets: Vec<_> = (0..SOCKETS).map(|n| eve.connect(&format!("b{n}"))).collect();
    let before = server.resident_bytes();
    sockets.iter_mut().for_each(|socket| socket.send(&request(Method::Get, &card)));
    // Her own next request is answered after those.
    let mut last = eve.connect("last");
    last.simply(Method::Get, &new_card());
    ben.get(&card, None);
    let grown = server.resident_bytes().saturating_sub(before) >> 20;
    eprintln!("the process grew by {grown} MiB while {SOCKETS} sockets read nothing");
    assert!(grown < 400, "{grown} MiB");
}

#[test]
fn a_person_creates_so_many_entities_in_an_hour_whatever_its_object_forgets() {
    let settings = [("ENVIRONMENT", "test"), ("NEW_ENTITIES_PER_HOUR", "8")];
    let server = Workerd::start(TEST, &settings);
    let session = Session::login(&server, &unique("eve"));
    let mut eve = session.connect("laptop");
    let proxy = EntityRef::new("Person", session.person.clone()).unwrap();
    let mut made = Vec::new();
    let refused = loop {
        let card = new_card();
        let reply = eve.post(&card, card_value("a"));
        if reply.status != 201 {
            break reply;
        }
        made.push((card, version(&reply)));
        server.evict(&proxy);
    };
    assert_refused(&refused, 413, "full");
    assert_eq!(made.len(), 8);
    // What exists goes on, and so does everybody else.
    let (card, held) = made.pop().unwrap();
    assert_eq!(eve.patch(&card, held, titled("b")).status, 200);
    assert_eq!(eve.simply(Method::Delete, &card).status, 200);
    posted_card(&mut person(&server, "ben"));
}

#[test]
fn interests_of_the_oldest_browsers_end_first_and_the_others_outlive_the_memory() {
    let settings = [("ENVIRONMENT", "test"), ("PERSON_SUBSCRIPTIONS", "4")];
    let server = Workerd::start(TEST, &settings);
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut ben);
    let eve = Session::login(&server, &unique("eve"));
    for browser in ["b1", "b2", "b3", "b4", "b5"] {
        assert_eq!(eve.connect(browser).subscribe(&card, Some(first)).status, 304);
    }
    server.evict(&EntityRef::new("Person", eve.person.clone()).unwrap());
    let (mut oldest, mut latest) = (eve.connect("b1"), eve.connect("b5"));
    let second = version(&ben.patch(&card, first, titled("b")));
    assert_eq!(latest.raw_push(), second);
    // The next thing that the oldest hears of is its own.
    assert_eq!(oldest.get(&card, Some(second)).status, 304);
    assert!(oldest.no_pushes());
}
