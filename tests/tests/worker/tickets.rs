//! Direct lines in the hands of somebody who wants too many of them: tickets are used once, a browser has one line to an
//! entity and a person a few, and an answer is bounded by what its reader takes.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::client::{Browser, Event, Session, request};
use temporal_entity_tests::workerd::{TEST, Workerd};

use crate::common::{cbor, own_server, person, server, titled, unique, version};

/// A page, and what it is told by: its writer.
fn page(server: &Workerd, title: &str) -> (EntityRef, Stamp, Browser) {
    let page = EntityRef::new("Page", unique("page")).unwrap();
    let mut writer = person(server, "writer");
    let posted = writer.post(&page, cbor(json!({ "title": title })));
    (page, version(&posted), writer)
}

fn ticket(browser: &mut Browser, page: &EntityRef) -> String {
    let reply = browser.simply(Method::Line, page);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.ticket.expect("a ticket")
}

#[test]
fn a_ticket_opens_one_line_whatever_the_object_forgets() {
    let server = server();
    let (page, first, _writer) = page(&server, "a");
    let eve = Session::login(&server, &unique("eve"));
    let mut laptop = eve.connect("laptop");
    let used = ticket(&mut laptop, &page);
    let mut line = eve.line("laptop", &used).unwrap();
    assert_eq!(line.subscribe(&page, Some(first)).status, 304);
    assert_eq!(eve.line("laptop", &used).err(), Some(403));
    server.evict(&page);
    assert_eq!(eve.line("laptop", &used).err(), Some(403));
    assert_eq!(line.subscribe(&page, Some(first)).status, 304, "the line goes on");
    // Also when the line is gone.
    let again = ticket(&mut laptop, &page);
    drop(eve.line("laptop", &again).unwrap());
    assert_eq!(eve.line("laptop", &again).err(), Some(403));
    assert!(eve.line("laptop", &ticket(&mut laptop, &page)).is_ok());
}

#[test]
fn a_browser_has_one_line_to_an_entity_and_the_newer_closes_the_older() {
    const LINES: usize = 30;
    let server = server();
    let (page, first, mut writer) = page(&server, "a");
    let eve = Session::login(&server, &unique("eve"));
    let mut laptop = eve.connect("laptop");
    let mut lines: Vec<_> = (0..LINES)
        .map(|_| {
            let mut line = eve.line("laptop", &ticket(&mut laptop, &page)).unwrap();
            assert_eq!(line.subscribe(&page, Some(first)).status, 304);
            line
        })
        .collect();
    let mut last = lines.pop().unwrap();
    for line in &mut lines {
        assert_eq!(line.closed().0, 4409);
    }
    let second = version(&writer.patch(&page, first, titled("b")));
    assert_eq!(last.push().meta.modified, second);
    // Who goes on opening them has to wait.
    let refused = (0..20).find_map(|_| eve.line("laptop", &ticket(&mut laptop, &page)).err());
    assert_eq!(refused, Some(429));
}

#[test]
fn a_person_has_a_few_lines_to_an_entity_and_makes_no_crowd() {
    let server = server();
    let (page, first, mut writer) = page(&server, "a");
    let eve = Session::login(&server, &unique("eve"));
    let mut kept = Vec::new();
    let refused = (0..40).find_map(|number| {
        let name = format!("b{number}");
        let mut browser = eve.connect(&name);
        match eve.line(&name, &ticket(&mut browser, &page)) {
            Ok(mut line) => {
                assert_eq!(line.subscribe(&page, Some(first)).status, 304);
                kept.push((browser, line));
                None
            }
            Err(status) => Some((number, status)),
        }
    });
    assert_eq!(refused, Some((16, 429)));
    // Two readers more: with Eve they are three, and four make a crowd here.
    let mut others: Vec<_> = (0..2).map(|_| person(&server, "reader")).collect();
    for other in &mut others {
        let Reply { status, line, .. } = other.subscribe(&page, Some(first));
        assert_eq!((status, line), (304, false));
    }
    let second = version(&writer.patch(&page, first, titled("b")));
    for (_, line) in &mut kept {
        assert_eq!(line.push().meta.modified, second);
    }
}

#[test]
fn lines_are_bounded_over_all_entities() {
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("PERSON_LINES", "3")]);
    let mut eve = person(&server, "eve");
    let page = |number| EntityRef::new("Page", format!("page{number}")).unwrap();
    for _ in 0..2 {
        for number in 0..3 {
            ticket(&mut eve, &page(number));
        }
    }
    let refused = eve.simply(Method::Line, &page(3));
    assert_eq!(refused.status, 429, "{refused:?}");
}

#[test]
fn answers_on_a_line_that_is_not_read_do_not_pile_up() {
    const FRAMES: usize = 1_500;
    let server = own_server();
    let (page, first, mut writer) = page(&server, &"x".repeat(7_000_000));
    let eve = Session::login(&server, &unique("eve"));
    let mut laptop = eve.connect("laptop");
    let before = server.resident_bytes();
    let mut most = before;
    // She comes back as often as she may, and reads nothing.
    let mut unread = Vec::new();
    for _ in 0..10 {
        let Ok(mut line) = eve.line("laptop", &ticket(&mut laptop, &page)) else { break };
        for _ in 0..FRAMES / 10 {
            line.send(&request(Method::Subscribe, &page));
        }
        unread.push(line);
        // Somebody else is answered meanwhile.
        assert_eq!(writer.get(&page, Some(first)).status, 304);
        most = most.max(server.resident_bytes());
    }
    let grown = most.saturating_sub(before) >> 20;
    eprintln!("the process grew by {grown} MiB while {FRAMES} answers were not read");
    assert!(grown < 500, "{grown} MiB");
    let second = version(&writer.patch(&page, first, titled("b")));
    let mut phone = eve.connect("phone");
    assert_eq!(version(&phone.subscribe(&page, None)), second);
    drop(unread);
}

#[test]
fn a_line_has_a_pace() {
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("REQUESTS_PER_SECOND", "1")]);
    let (page, first, _writer) = page(&server, "a");
    let eve = Session::login(&server, &unique("eve"));
    let mut line = eve.line("laptop", &ticket(&mut eve.connect("laptop"), &page)).unwrap();
    for _ in 0..1_000 {
        let mut subscribe = request(Method::Subscribe, &page);
        subscribe.if_modified_since = Some(first).into();
        line.send(&subscribe);
    }
    let mut answered = 0;
    let code = loop {
        match line.event() {
            Event::Message(..) => answered += 1,
            Event::Closed(code, _) => break Some(code),
            Event::Lost => break None,
        }
    };
    assert_eq!(code, Some(4429));
    assert!((100..400).contains(&answered), "{answered}");
}
