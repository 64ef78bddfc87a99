//! A reply that was lost: the browser asks again, and nothing is done twice.

use temporal_entity_core::message::{Method, Request, Token};
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Session, patch, request};

use crate::common::{
    card_value, field, new_card, person, posted_card, server, titled, unique, version,
};

#[test]
fn a_repeated_write_is_answered_as_the_first_was() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let mut ben = person(&server, "ben");
    let card = new_card();
    let post = Request { value: Some(card_value("One")), ..request(Method::Post, &card) };
    session.connect("laptop").send(&post);
    // A new socket of the same browser: the first is gone, and its reply with it.
    let mut ada = session.connect("laptop");
    let posted = ada.ask(&post);
    assert_eq!(posted.status, 201);
    let first = version(&posted);

    let edit = patch(&card, first, titled("Two"));
    let lost = ada.ask(&edit);
    let second = version(&lost);
    let third = version(&ben.patch(&card, second, titled("Three")));
    let mut ada = session.connect("laptop");
    let repeated = ada.ask(&edit);
    // It would have conflicted with Ben's, had it been taken for a new one.
    assert_eq!((repeated.status, repeated.since), (200, Some(first)));
    assert_eq!((version(&repeated), repeated.diff), (second, Some(titled("Two"))));
    assert_eq!(field(&ada.get(&card, None), "title"), &Value::from("Three"));

    let delete =
        Request { if_unmodified_since: Token::At(third), ..request(Method::Delete, &card) };
    let deleted = version(&ada.ask(&delete));
    ben.simply(Method::PatchUndelete, &card);
    assert_eq!(ada.ask(&delete).status, 200);
    assert!(version(&ada.get(&card, Some(deleted))) > deleted, "it was deleted again");
}

#[test]
fn it_is_recognised_after_an_eviction() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let mut ada = session.connect("laptop");
    let (card, first) = posted_card(&mut ada);
    let edit = patch(&card, first, titled("Two"));
    let second = version(&ada.ask(&edit));
    server.evict(&card);
    assert_eq!(version(&ada.ask(&edit)), second);
}

#[test]
fn the_same_number_of_another_browser_or_person_is_another_request() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let (mut laptop, mut phone) = (session.connect("laptop"), session.connect("phone"));
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut laptop);
    let mut held = first;
    for (number, browser) in [&mut laptop, &mut phone, &mut ben].into_iter().enumerate() {
        let edit = Request { id: 7, ..patch(&card, held, titled(&format!("Title {number}"))) };
        let reply = browser.ask(&edit);
        assert!(reply.status == 200 && version(&reply) > held, "{reply:?}");
        held = version(&reply);
    }
}
