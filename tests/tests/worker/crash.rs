//! workerd is killed in the middle of its work: what was acknowledged is there, in order, and once.

use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::json;
use temporal_entity_core::message::{Downstream, EntityRef, Reply, Request};
use temporal_entity_core::patch::apply;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{Value, entries};
use temporal_entity_tests::client::{Browser, Event, Session, patch};
use temporal_entity_tests::workerd::Workerd;

use crate::common::{cbor, field, own_server, posted_card, titled, unique, version};

const ROUNDS: usize = 4;

/// Kills the server once `acknowledged` has told of so many edits, while more are under way.
fn kill_after(server: &mut Workerd, acknowledged: &Receiver<()>, edits: usize) {
    for _ in 0..edits {
        acknowledged.recv().expect("the writer goes on until the server is gone");
    }
    server.kill();
}

/// The next reply's version; `None` when the server is gone.
fn next_version(browser: &mut Browser) -> Option<Stamp> {
    loop {
        match browser.event() {
            Event::Message(message, _) => {
                if let Downstream::Reply(reply) = *message {
                    assert_eq!(reply.status, 200, "{reply:?}");
                    return Some(version(&reply));
                }
            }
            Event::Closed(..) | Event::Lost => return None,
        }
    }
}

/// Each edit changes the title that the one before has set. The one that was under way when the server died is
/// sent again under its number, whether or not it had been stored.
#[test]
fn an_edit_is_applied_once_though_it_is_sent_twice() {
    let mut server = own_server();
    let session = Session::login(&server, &unique("ada"));
    let (card, mut held) = posted_card(&mut session.connect("laptop"));
    let mut number = 0_u32;
    for round in 0..ROUNDS {
        let mut browser = session.connect("laptop");
        let (tell, acknowledged) = channel();
        let (under_way, version_held, count) = thread::scope(|scope| {
            let (card, mut number) = (&card, number);
            let writer = scope.spawn(move || {
                let mut held = held;
                loop {
                    let edit = patch(card, held, titled(&format!("title {}", number + 1)));
                    browser.send(&edit);
                    match next_version(&mut browser) {
                        Some(version) => held = version,
                        None => return (edit, held, number),
                    }
                    number += 1;
                    // Nobody listens any more once the server is dead.
                    let _ = tell.send(());
                }
            });
            kill_after(&mut server, &acknowledged, 20 + 7 * round);
            writer.join().unwrap()
        });
        server.restart();
        let mut browser = session.connect("laptop");
        let reply = browser.ask(&under_way);
        assert_eq!((reply.status, reply.since), (200, Some(version_held)), "{reply:?}");
        held = version(&reply);
        assert!(held > version_held);
        number = count + 1;
        let read = browser.get(&card, None);
        assert_eq!(version(&read), held, "the edit was applied again");
        assert_eq!(field(&read, "title"), &Value::from(format!("title {number}")));
    }
}

/// Edits under way at the same time, each with an entry of its own: what is there after the crash are the first so
/// many of them, and no fewer than were acknowledged. A reader resumes with the version it held.
#[test]
fn what_was_acknowledged_is_there_in_order_and_readers_resume() {
    const WINDOW: usize = 16;
    let mut server = own_server();
    let session = Session::login(&server, &unique("ada"));
    let reader = Session::login(&server, &unique("ben"));
    let (card, mut held) = posted_card(&mut session.connect("laptop"));
    let mut copy = reader.connect("laptop").get(&card, None);
    let mut sent: Vec<Request> = Vec::new();
    for round in 0..ROUNDS {
        let mut browser = session.connect("laptop");
        let (tell, acknowledged) = channel();
        let before = sent.len();
        let mut known = before;
        thread::scope(|scope| {
            let (card, sent, known, held) = (&card, &mut sent, &mut known, &mut held);
            scope.spawn(move || {
                loop {
                    while sent.len() < *known + WINDOW {
                        let label = json!({ "labels": { format!("{:05}", sent.len()): "red" } });
                        sent.push(patch(card, *held, cbor(label)));
                        browser.send(&sent[sent.len() - 1]);
                    }
                    let Some(version) = next_version(&mut browser) else { return };
                    *held = version;
                    *known += 1;
                    let _ = tell.send(());
                }
            });
            kill_after(&mut server, &acknowledged, 40 + 13 * round);
        });
        server.restart();
        let mut browser = session.connect("laptop");
        let stored = labels(&mut browser, &card);
        assert!(stored.len() >= known, "{} of {known} acknowledged edits", stored.len());
        assert_eq!(stored, numbers(stored.len()), "edits are missing in between");
        for request in &sent[known..] {
            let reply = browser.ask(request);
            assert_eq!(reply.status, 200, "{reply:?}");
            held = version(&reply);
        }
        assert_eq!(labels(&mut browser, &card), numbers(sent.len()));
        copy = resume(&reader, &card, &copy);
        assert_eq!(entries(field(&copy, "labels")).len(), sent.len());
        assert_eq!(version(&copy), held);
    }
}

/// The keys of the labels.
fn labels(browser: &mut Browser, card: &EntityRef) -> Vec<String> {
    let read = browser.get(card, None);
    let key = |(key, _): &(Value, Value)| key.as_text().unwrap().to_owned();
    entries(field(&read, "labels")).iter().map(key).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:05}")).collect()
}

/// What a reader has after it asked for what it missed: the diff on its copy, or the whole.
fn resume(reader: &Session, card: &EntityRef, copy: &Reply) -> Reply {
    let missed = reader.connect("laptop").subscribe(card, Some(version(copy)));
    assert_eq!(missed.status, 200, "{missed:?}");
    let Some(diff) = &missed.diff else { return missed };
    assert_eq!(missed.since, Some(version(copy)));
    let mut value = copy.value.clone().unwrap();
    apply(&mut value, diff).unwrap();
    Reply { value: Some(value), ..missed }
}
