//! Bounds on what one browser may ask for.

use temporal_entity_core::message::{Method, Request};
use temporal_entity_tests::client::request;

use crate::common::{person, posted_card, server, version};

#[test]
fn a_flood_of_requests_is_answered_to_the_last() {
    const FLOOD: usize = 2_000;
    let server = server();
    let mut eve = person(&server, "eve");
    let (card, first) = posted_card(&mut eve);
    let get = || Request { if_modified_since: Some(first).into(), ..request(Method::Get, &card) };
    let requests: Vec<_> = (0..FLOOD).map(|_| get()).collect();
    requests.iter().for_each(|request| eve.send(request));
    let mut answered: Vec<_> = (0..FLOOD)
        .map(|_| {
            let reply = eve.reply();
            assert!(matches!(reply.status, 304 | 429), "{reply:?}");
            reply.id.unwrap()
        })
        .collect();
    answered.sort_unstable();
    let mut asked: Vec<_> = requests.iter().map(|request| request.id).collect();
    asked.sort_unstable();
    assert_eq!(answered, asked);
    assert_eq!(version(&eve.get(&card, None)), first);
}
