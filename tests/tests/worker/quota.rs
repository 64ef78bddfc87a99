//! What an object stores: nothing where there is nothing, and no more than its quotas.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Reply, Request, Token};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::client::{Browser, request};
use temporal_entity_tests::workerd::{TEST, Workerd};

use crate::common::{assert_refused, cbor, person, posted_card, titled, version};

/// Everything that can be asked of an entity that does not exist, without creating it.
fn asks(entity: &EntityRef) -> Vec<(&'static str, Request)> {
    let at = Stamp::from_micros(1_800_000_000_000_000).unwrap();
    let plain = [
        Method::Get,
        Method::Subscribe,
        Method::Unsubscribe,
        Method::Delete,
        Method::PatchUndelete,
        Method::History,
        Method::Changes,
    ];
    let ask = |method| {
        let mut request = request(method, entity);
        if matches!(method, Method::History | Method::Changes) {
            (request.past.from, request.past.to) = (Token::At(at), Token::At(at.plus(1)));
        }
        (method.name(), request)
    };
    let mut former = request(Method::Get, entity);
    former.past.as_of = Token::At(at);
    plain.map(ask).into_iter().chain([("get asOf", former)]).collect()
}

#[test]
fn reading_what_does_not_exist_writes_no_table() {
    const ENTITIES: usize = 200;
    /// What the platform makes of a database without tables.
    const EMPTY: u64 = 4096;
    let methods = asks(&EntityRef::new("Card", "none").unwrap()).len();
    for method in 0..methods {
        let server = Workerd::start(TEST, &[("ENVIRONMENT", "test")]);
        let mut eve = person(&server, "eve");
        let mut name = "";
        for number in 0..ENTITIES {
            let entity = EntityRef::new("Card", format!("none-{number}")).unwrap();
            let (asked, request) = asks(&entity).swap_remove(method);
            name = asked;
            let reply = eve.ask(&request);
            assert!(matches!(reply.status, 200 | 404), "{name}: {reply:?}");
        }
        // SQLite's shared memory is there while a database is open, whatever it holds.
        let files = server.databases();
        let files: Vec<_> = files
            .into_iter()
            .filter(|(file, _)| !file.to_string_lossy().ends_with("-shm"))
            .collect();
        let large: Vec<_> = files.iter().filter(|(_, bytes)| *bytes > EMPTY).collect();
        let sum: u64 = files.iter().map(|(_, bytes)| bytes).sum();
        println!("{name}: {} files, {sum} bytes", files.len());
        assert!(large.is_empty(), "{name}: {} of {}, as {:?}", large.len(), files.len(), large[0]);
    }
}

/// Replaces the body of a card until that is refused; how often it was not, and the refusal.
fn fill(browser: &mut Browser, card: &EntityRef, mut held: Stamp, bytes: usize) -> (usize, Reply) {
    for number in 0.. {
        // No letter stays: of a text that is merged only what differs is stored.
        let letter = char::from(b'a' + u8::try_from(number % 26).unwrap());
        let body = String::from(letter).repeat(bytes);
        let reply = browser.patch(card, held, cbor(json!({ "body": body })));
        if reply.status != 200 {
            return (number, reply);
        }
        held = version(&reply);
    }
    unreachable!("a quota ends it")
}

#[test]
fn a_full_entity_refuses_writes_and_goes_on_otherwise() {
    let variables = [("ENVIRONMENT", "test"), ("QUOTA_BYTES", "2000000")];
    let server = Workerd::start(TEST, &variables);
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let (card, first) = posted_card(&mut ada);
    let (edits, refused) = fill(&mut ada, &card, first, 100_000);
    assert_refused(&refused, 413, "full");
    assert!((5..30).contains(&edits), "{edits} edits");
    let stored = server.stored_bytes(&card);
    assert!((2_000_000..3_000_000).contains(&stored), "{stored}");
    for evicts in [false, true] {
        if evicts {
            server.evict(&card);
        }
        let read = ben.subscribe(&card, None);
        assert_eq!(read.status, 200);
        assert_refused(&ben.patch(&card, version(&read), titled("Mine")), 413, "full");
    }
    assert_eq!(ada.simply(Method::Delete, &card).status, 200);
    assert!(ben.push().meta.deleted);
    assert_refused(&ada.simply(Method::PatchUndelete, &card), 413, "full");
    // Others have room of their own.
    assert_eq!(posted_card(&mut ada).0.name, "Card");
}

#[test]
fn a_person_who_wrote_too_much_today_stops_no_other() {
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("DAILY_BYTES", "1000000")]);
    let (mut eve, mut ben) = (person(&server, "eve"), person(&server, "ben"));
    let (card, first) = posted_card(&mut eve);
    let (_, refused) = fill(&mut eve, &card, first, 100_000);
    assert_refused(&refused, 413, "full");
    server.evict(&card);
    let held = version(&ben.get(&card, None));
    let edited = ben.patch(&card, held, titled("Mine"));
    assert_eq!(edited.status, 200, "{edited:?}");
    assert_refused(&eve.patch(&card, version(&edited), titled("Mine")), 413, "full");
    assert_eq!(eve.get(&card, Some(version(&edited))).status, 304);
}
