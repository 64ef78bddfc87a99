//! What one person's requests cost the others on the real workerd: processor time in proportion to what was sent, and
//! memory within the bound of what is not read. Time is that of the processor, and compared with ordinary work of the
//! same size on the same machine.

use std::time::Duration;

use temporal_entity_core::message::{Downstream, EntityRef, Method, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::attacks::{Row, diff, edit, look_back, meanwhile, page, patch, value};
use temporal_entity_tests::client::{Browser, Event, Session, request};
use temporal_entity_tests::workerd::Workerd;

use crate::common::{own_server, posted_card, unique, version};

/// How many times as much as to store a value of its size a request may cost.
const TIMES: u32 = 30;

/// What the units are at the least, for a counter of ticks is coarse.
const LEAST: Duration = Duration::from_millis(20);

/// Frames on a line that is not read. With the whole value in each answer they would take more than 2 GB.
const FRAMES: usize = 300;

/// What may wait for those who do not read, and what it takes to make it.
const MOST_UNREAD: u64 = 400 << 20;

/// The processor time that the server takes for something.
fn cost(server: &Workerd, work: impl FnOnce()) -> Duration {
    let before = server.cpu_time();
    work();
    server.cpu_time() - before
}

/// What it costs to store a value once, which is proportional to its bytes.
fn unit(server: &Workerd, browser: &mut Browser, stored: &Value) -> Duration {
    const TIMES: u32 = 3;
    let all = cost(server, || {
        for _ in 0..TIMES {
            let reply = browser.post(&page(&unique("unit")), stored.clone());
            assert_eq!(reply.status, 201, "{:?}", reply.message);
        }
    });
    LEAST.max(all / TIMES)
}

fn post(browser: &mut Browser, page: &EntityRef, stored: Value) -> Stamp {
    let reply = browser.post(page, stored);
    assert_eq!(reply.status, 201, "{:?}", reply.message);
    version(&reply)
}

fn assert_bounded(what: Row, cost: Duration, unit: Duration) {
    assert!(cost <= unit * TIMES, "{}: {cost:?}, and {unit:?} to store a value", what.name());
}

/// A patch in one frame, whether it is taken or refused.
fn assert_patch_is_bounded(row: Row) {
    let server = own_server();
    let [mut author, mut attacker] =
        ["author", "attacker"].map(|name| Session::login(&server, name).connect("laptop"));
    let page = page("attacked");
    let held = post(&mut author, &page, value(row));
    let unit = unit(&server, &mut author, &value(row));
    let changed = author.ask(&patch(1 << 40, &page, held, meanwhile(row)));
    assert!(matches!(changed.status, 200 | 400 | 413), "{changed:?}");
    let patch = patch(1 << 41, &page, held, diff(row));
    let cost = cost(&server, || drop(attacker.ask(&patch)));
    assert_bounded(row, cost, unit);
    assert_others_are_served(&server);
}

fn assert_others_are_served(server: &Workerd) {
    let mut honest = Session::login(server, &unique("honest")).connect("laptop");
    let (card, held) = posted_card(&mut honest);
    assert_eq!(honest.get(&card, Some(held)).status, 304);
}

#[test]
fn a_patch_inside_many_elements_on_a_stale_version_costs_what_it_has_bytes() {
    assert_patch_is_bounded(Row::KeyedRebase);
}

#[test]
fn many_splices_of_a_list_cost_what_they_have_bytes() {
    assert_patch_is_bounded(Row::PlainList);
}

#[test]
fn many_placements_cost_what_they_have_bytes() {
    assert_patch_is_bounded(Row::Placements);
}

#[test]
fn a_snapshot_of_many_splices_is_read_for_what_it_has_bytes() {
    let server = own_server();
    let [mut author, mut attacker] =
        ["author", "attacker"].map(|name| Session::login(&server, name).connect("laptop"));
    let (row, page) = (Row::TextAsOf, page("attacked"));
    let mut held = post(&mut author, &page, value(row));
    for number in 1..=2 {
        let reply = attacker.ask(&patch(number as u64, &page, held, edit(row, number)));
        if !reply.is_success() {
            // A patch of so many splices is refused, and there is nothing to read.
            assert!(matches!(reply.status, 400 | 413), "{reply:?}");
            return;
        }
        held = version(&reply);
    }
    // Twice as much as what was written: the text, and the splices.
    let stored = attacker.get(&page, None).value.expect("the page exists");
    let unit = unit(&server, &mut author, &stored) * 2;
    for (id, row) in [(11, Row::TextAsOf), (12, Row::TextHistory)] {
        let look = look_back(id, row, &page, held);
        let cost = cost(&server, || {
            let reply: Reply = attacker.ask(&look);
            assert_eq!(reply.status, 200, "{:?}", reply.message);
        });
        assert_bounded(row, cost, unit);
    }
    assert_others_are_served(&server);
}

#[test]
fn a_line_that_floods_and_reads_nothing_takes_a_bounded_memory() {
    let server = own_server();
    let session = Session::login(&server, "attacker");
    let (mut browser, page) = (session.connect("laptop"), page("attacked"));
    post(&mut browser, &page, value(Row::LineFlood));
    let reply = browser.simply(Method::Line, &page);
    let ticket = reply.ticket.unwrap_or_else(|| panic!("no ticket: {:?}", reply.message));
    let mut line = session.line("laptop", &ticket).expect("a line");
    let before = server.peak_bytes().expect("a process");
    for _ in 0..FRAMES {
        // The frames are small, so all of them are on their way though nobody takes the answers.
        line.send(&request(Method::Subscribe, &page));
    }
    for _ in 0..20 {
        assert_others_are_served(&server);
    }
    let grown = server.peak_bytes().expect("a process") - before;
    assert!(grown <= MOST_UNREAD, "{FRAMES} frames took {grown} bytes");
    // What was sent can be read, and behind it the line says why there is no more, or is closed.
    let mut refused = false;
    for _ in 0..FRAMES {
        match line.event() {
            Event::Message(message, _) => refused |= is_refusal(&message),
            Event::Closed(..) | Event::Lost => return,
        }
    }
    assert!(refused, "a line was answered {FRAMES} times with 7 MB");
}

fn is_refusal(message: &Downstream) -> bool {
    matches!(message, Downstream::Reply(reply) if reply.status == 429)
}
