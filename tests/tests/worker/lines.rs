//! Direct lines on the real workerd: to a crowded entity, back when the crowd thins, and who does not get one.

use std::collections::BTreeSet;

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Reason, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{as_map, get};
use temporal_entity_tests::client::{Browser, Event, Session, patch};
use temporal_entity_tests::workerd::Workerd;

use crate::common::{cbor, own_server, server, titled, unique, version};

/// A page with readers who hear through their Persons: one more and there are four, which is a crowd.
fn three_readers(server: &Workerd) -> (EntityRef, Stamp, Vec<(Session, Browser)>) {
    let page = EntityRef::new("Page", unique("page")).unwrap();
    let mut readers: Vec<_> = (0..3).map(|_| newcomer(server)).collect();
    let first = version(&readers[0].1.post(&page, cbor(json!({ "title": "a" }))));
    for (_, browser) in &mut readers {
        let reply = browser.subscribe(&page, Some(first));
        assert_eq!((reply.status, reply.line), (304, false));
    }
    (page, first, readers)
}

fn newcomer(server: &Workerd) -> (Session, Browser) {
    let session = Session::login(server, &unique("reader"));
    let browser = session.connect("laptop");
    (session, browser)
}

fn ticket(browser: &mut Browser, page: &EntityRef) -> String {
    let reply = browser.simply(Method::Line, page);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.ticket.expect("a ticket")
}

/// Goes over to a line: subscribes there with the version held, and lets go of the other way.
fn go_over(session: &Session, browser: &mut Browser, page: &EntityRef, held: Stamp) -> Browser {
    let mut line = session.line("laptop", &ticket(browser, page)).expect("a line");
    assert_eq!(line.subscribe(page, Some(held)).status, 304);
    assert_eq!(browser.simply(Method::Unsubscribe, page).status, 200);
    line
}

fn crowd(server: &Workerd) -> (EntityRef, Stamp, Vec<(Session, Browser)>) {
    let (page, first, mut readers) = three_readers(server);
    let (session, mut browser) = newcomer(server);
    let Reply { status, line, .. } = browser.subscribe(&page, Some(first));
    assert_eq!((status, line), (304, true));
    readers.push((session, browser));
    (page, first, readers)
}

#[test]
fn a_crowd_is_told_so_and_hears_by_lines_each_change_once() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (mut writer, mut second) = (readers.remove(0).1, first);
    second = version(&writer.patch(&page, second, titled("b")));
    // Those who came before it was one are told with the next change.
    for (_, browser) in &mut readers {
        let push = browser.push();
        assert_eq!((push.since, push.meta.modified, push.line), (first, second, true));
    }
    let mut lines: Vec<_> = readers
        .iter_mut()
        .map(|(session, browser)| go_over(session, browser, &page, second))
        .collect();
    let mut held = second;
    for number in 0..20 {
        let modified = version(&writer.patch(&page, held, titled(&number.to_string())));
        for line in &mut lines {
            let push = line.push();
            assert_eq!((push.since, push.meta.modified), (held, modified));
            assert_eq!(push.diff, titled(&number.to_string()));
        }
        held = modified;
    }
    // Nothing more came through the Persons: the next thing there is an answer.
    for (_, browser) in &mut readers {
        assert_eq!(browser.get(&page, Some(held)).status, 304);
        assert!(browser.no_pushes());
    }
}

#[test]
fn the_browser_that_writes_has_its_change_in_the_answer_and_on_its_line() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut writer) = readers.pop().unwrap();
    let mut line = go_over(&session, &mut writer, &page, first);
    let (_, other) = &mut readers[0];
    let second = version(&writer.patch(&page, first, titled("mine")));
    let third = version(&other.patch(&page, second, titled("theirs")));
    // Nobody there knows whether the answer came.
    for (from, to) in [(first, second), (second, third)] {
        let push = line.push();
        assert_eq!((push.since, push.meta.modified), (from, to));
    }
}

#[test]
fn lines_outlive_the_memory_of_the_object() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut line = go_over(&session, &mut browser, &page, first);
    let mut held = first;
    for number in 0..5 {
        server.evict(&page);
        let modified = version(&readers[0].1.patch(&page, held, titled(&number.to_string())));
        let push = line.push();
        assert_eq!((push.since, push.meta.modified), (held, modified));
        held = modified;
    }
}

#[test]
fn when_the_crowd_thins_those_on_lines_are_sent_back() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut line = go_over(&session, &mut browser, &page, first);
    for (_, other) in &mut readers {
        other.simply(Method::Unsubscribe, &page);
    }
    let (code, reason) = line.closed();
    assert_eq!((code, reason.contains("Person")), (4410, true));
    let second = version(&readers[0].1.patch(&page, first, titled("meanwhile")));
    let back = browser.subscribe(&page, Some(first));
    assert_eq!((back.status, version(&back), back.line), (200, second, false));
}

#[test]
fn a_ticket_is_good_for_its_browser_in_its_session_alone() {
    let server = server();
    let (page, _, mut readers) = crowd(&server);
    let (eve, mut eves) = newcomer(&server);
    let (session, browser) = &mut readers[0];
    let ticket = ticket(browser, &page);
    assert_eq!(session.line("phone", &ticket).err(), Some(403), "another browser");
    assert_eq!(eve.line("laptop", &ticket).err(), Some(403), "borrowed");
    let again = Session::login(&server, &session.person);
    assert_eq!(again.line("laptop", &ticket).err(), Some(403), "another session");
    let forged = format!("x{ticket}");
    assert_eq!(session.line("laptop", &forged).err(), Some(403), "forged");
    assert_eq!(session.line("laptop", "").err(), Some(403), "none");
    let nobody = Session { cookie: String::new(), ..session.clone() };
    assert_eq!(nobody.line("laptop", &ticket).err(), Some(401), "without a session");
    let stranger = Session { origin: server.origin(), ..session.clone() };
    assert!(stranger.line("laptop", &ticket).is_ok());
    // There is no entity of this type, and no lines to a Person.
    for name in ["Nothing", "Person"] {
        let reply = eves.simply(Method::Line, &EntityRef::new(name, "x").unwrap());
        assert_eq!((reply.status, reply.reason), (404, Some(Reason::UnknownType)));
    }
}

#[test]
fn a_line_takes_nothing_but_subscriptions_to_its_entity() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut line = session.line("laptop", &ticket(&mut browser, &page)).unwrap();
    assert_eq!(line.patch(&page, first, titled("b")).status, 405);
    let other = EntityRef::new("Page", unique("page")).unwrap();
    assert_eq!(line.subscribe(&other, None).status, 400);
    assert_eq!(line.subscribe(&page, Some(first)).status, 304);
    line.send_bytes(b"no message".to_vec());
    assert_eq!(line.closed().0, 1008);
    assert_eq!(browser.get(&page, Some(first)).status, 304, "nothing was written");
}

/// Enough lines that what comes next waits for its turn.
#[test]
fn under_a_burst_every_line_hears_of_every_change_in_order() {
    const LINES: usize = 20;
    const WRITERS: usize = 5;
    const EDITS: usize = 20;
    let server = own_server();
    let (page, first, mut readers) = crowd(&server);
    for _ in readers.len()..LINES {
        let (session, mut browser) = newcomer(&server);
        assert!(browser.subscribe(&page, Some(first)).line);
        readers.push((session, browser));
    }
    let go_over = |(session, browser): &mut _| go_over(session, browser, &page, first);
    let mut lines: Vec<_> = readers.iter_mut().map(go_over).collect();
    let mut writers: Vec<_> = (0..WRITERS).map(|_| newcomer(&server).1).collect();
    for number in 0..EDITS {
        for (name, writer) in writers.iter_mut().enumerate() {
            let label = format!("{name}-{number}");
            writer.send(&patch(&page, first, cbor(json!({ "lines": { label: number } }))));
        }
    }
    let replies = writers.iter_mut().flat_map(|writer| (0..EDITS).map(|_| writer.reply()));
    let last = replies.map(|reply| version(&reply)).max().unwrap();
    for line in &mut lines {
        let (mut held, mut labels) = (first, BTreeSet::new());
        while held < last {
            let push = line.push();
            assert_eq!(push.since, held);
            held = push.meta.modified;
            let entries = get(&push.diff, "lines").and_then(as_map).expect("labels");
            labels.extend(entries.iter().map(|(label, _)| label.as_text().unwrap().to_owned()));
        }
        assert_eq!((held, labels.len()), (last, WRITERS * EDITS));
        assert!(line.no_pushes());
    }
    // And what comes after it does not wait for ever.
    let after = version(&writers[0].patch(&page, last, titled("after")));
    assert!(lines.iter_mut().all(|line| line.push().meta.modified == after));
}

#[test]
fn a_line_that_is_not_read_is_let_go_and_harms_no_other() {
    const EDITS: usize = 120;
    let server = own_server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut deaf = go_over(&session, &mut browser, &page, first);
    let (other, mut phone) = readers.pop().unwrap();
    let mut line = go_over(&other, &mut phone, &page, first);
    let mut held = first;
    for number in 0..EDITS {
        let large = titled(&format!("{number}{}", "x".repeat(200_000)));
        let modified = version(&readers[0].1.patch(&page, held, large));
        let push = line.push();
        assert_eq!((push.since, push.meta.modified), (held, modified));
        held = modified;
    }
    assert_eq!(deaf.closed().0, 4408);
    // It has what it missed by its Person.
    assert_eq!(version(&browser.subscribe(&page, Some(first))), held);
}

#[test]
fn lines_end_with_the_session() {
    let server = server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut line = go_over(&session, &mut browser, &page, first);
    // However little is left in memory of whom it belongs to.
    server.evict(&page);
    server.evict(&EntityRef::new("Person", session.person.clone()).unwrap());
    assert_eq!(session.logout().status, 200);
    assert_eq!(line.closed().0, 4401);
    version(&readers[0].1.patch(&page, first, titled("a secret")));
    assert!(session.line("laptop", "x").is_err());
}

#[test]
fn after_a_kill_everybody_comes_back_and_has_missed_nothing() {
    let mut server = own_server();
    let (page, first, mut readers) = crowd(&server);
    let (session, mut browser) = readers.pop().unwrap();
    let mut line = go_over(&session, &mut browser, &page, first);
    let second = version(&readers[0].1.patch(&page, first, titled("b")));
    server.kill();
    server.restart();
    while !matches!(line.event(), Event::Closed(..) | Event::Lost) {}
    let mut browser = Session { origin: server.origin(), ..session }.connect("laptop");
    let back = browser.subscribe(&page, Some(first));
    assert_eq!((back.status, version(&back)), (200, second));
}
