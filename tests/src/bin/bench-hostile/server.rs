//! The rows on workerd: one person attacks, and another asks meanwhile.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Reply, Request, Token};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{MapBuilder, Value};
use temporal_entity_tests::bench::{megabytes, millis};
use temporal_entity_tests::client::{Session, Socket, open};
use temporal_entity_tests::workerd::{TEST, Workerd};
use tungstenite::Message;

use crate::figures::{Figures, Place};
use crate::is_wanted;
use temporal_entity_tests::attacks::{
    FLOOD, RANDOM_IDS, Row, diff, edit, edits, look_back, meanwhile, page, patch, random_id, value,
};

/// The longest that anybody waits for an answer. A build that takes longer is killed, and has waited so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The memory at which the process is killed, lest it take that of the machine.
const MOST_BYTES: u64 = 6_000_000_000;

/// Edits under way at once while a history is made.
const WINDOW: usize = 64;

/// A person's socket.
struct Client {
    session: Session,
    socket: Socket,
    requests: u64,
}

impl Client {
    fn login(server: &Workerd, name: &str) -> Client {
        let session = Session::login(server, name);
        let mut socket = connect(&session, "");
        // The welcome.
        socket.read().expect("the server greets");
        Client { session, socket, requests: 0 }
    }

    fn next_id(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    fn ask(&mut self, request: &Request) -> Option<Reply> {
        send(&mut self.socket, request)?;
        self.reply()
    }

    /// The next reply; `None` if the server is gone.
    fn reply(&mut self) -> Option<Reply> {
        loop {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => {
                    if let Downstream::Reply(reply) = Downstream::decode(&bytes).expect("a message")
                    {
                        return Some(reply);
                    }
                }
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    fn post(&mut self, entity: &EntityRef, value: Value) -> Stamp {
        let post = Request::new(self.next_id(), Method::Post, entity.clone());
        let reply = self.ask(&Request { value: Some(value), ..post }).expect("an answer");
        reply.meta.unwrap_or_else(|| panic!("not created: {:?}", reply.message)).modified
    }

    /// Makes so many edits, several at a time; the last version.
    fn edits(
        &mut self,
        row: Row,
        page: &EntityRef,
        mut held: Stamp,
        ids: impl Iterator<Item = u64>,
    ) -> Stamp {
        let (mut waiting, mut made) = (0, 0);
        let answer = |client: &mut Client| {
            let reply = client.reply().expect("an answer");
            assert_eq!(reply.status, 200, "{reply:?}");
            reply.meta.expect("a write has meta").modified
        };
        for id in ids {
            // The splices are made on the text that was inserted.
            if waiting == WINDOW || waiting > 0 && row == Row::TextAsOf {
                held = held.max(answer(self));
                waiting -= 1;
            }
            made += 1;
            send(&mut self.socket, &patch(id, page, held, edit(row, made))).expect("a server");
            waiting += 1;
        }
        (0..waiting).for_each(|_| held = held.max(answer(self)));
        held
    }
}

fn connect(Session { origin, cookie, .. }: &Session, more: &str) -> Socket {
    let headers = [("origin", origin.as_str()), ("cookie", cookie.as_str())];
    let socket = open(origin, &format!("/connect?browser=browser{more}"), &headers)
        .unwrap_or_else(|status| panic!("the connection was refused with {status}"));
    socket.get_ref().set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
    socket
}

fn send(socket: &mut Socket, request: &Request) -> Option<()> {
    let bytes = encode(&request.to_value()).expect("a request has a CBOR form");
    socket.send(Message::binary(bytes)).ok()
}

/// Runs the rows that take a server.
pub fn run(figures: &mut Figures) {
    for row in [Row::KeyedRebase, Row::PlainList, Row::Placements] {
        if is_wanted("BENCH_ROWS", row.name()) {
            let (server, client) = start(row);
            let (page, mut author) = (page("attacked"), Client::login(&server, "author"));
            let held = author.post(&page, value(row));
            let changed = author.ask(&patch(1 << 30, &page, held, meanwhile(row)));
            assert_eq!(changed.map(|reply| reply.status), Some(200), "{}", row.name());
            attack(figures, &server, row, client, |client| {
                client.ask(&patch(1 << 31, &page, held, diff(row)))
            });
        }
    }
    let looks: [(Row, &[Row]); 2] = [
        (Row::TextAsOf, &[Row::TextAsOf, Row::TextHistory]),
        (Row::LongHour, &[Row::LongHour, Row::Replay]),
    ];
    for (made_by, rows) in looks {
        if rows.iter().any(|row| is_wanted("BENCH_ROWS", row.name())) {
            long_snapshot(figures, made_by, rows);
        }
    }
    if is_wanted("BENCH_ROWS", Row::LineFlood.name()) {
        line_flood(figures);
    }
}

fn start(row: Row) -> (Workerd, Client) {
    eprintln!("on workerd: {}", row.name());
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "test"), ("LINES", "2")]);
    let client = Client::login(&server, "attacker");
    (server, client)
}

fn long_snapshot(figures: &mut Figures, made_by: Row, rows: &[Row]) {
    let (server, mut client) = start(made_by);
    let page = page("attacked");
    // By somebody else, so that the edits are a snapshot of their own.
    let held = Client::login(&server, "author").post(&page, value(made_by));
    let count = u64::try_from(edits(made_by)).expect("a number");
    let mut held = client.edits(made_by, &page, held, (1 << 20)..(1 << 20) + count);
    for &row in rows {
        if row == Row::Replay {
            let ids = (0..RANDOM_IDS).map(|number| (1 << 52) | random_id(number));
            held = client.edits(row, &page, held, ids);
            server.evict_if_awake(&page);
        }
        let request = match row {
            Row::Replay => patch(7, &page, held, edit(row, 1)),
            _ => look_back(client.next_id(), row, &page, held),
        };
        client = attack(figures, &server, row, client, |client| client.ask(&request));
    }
}

/// The browser asks for a large value again and again on its direct line, and reads nothing.
fn line_flood(figures: &mut Figures) {
    let (server, mut client) = start(Row::LineFlood);
    let page = page("attacked");
    client.post(&page, value(Row::LineFlood));
    let before = server.resident_bytes();
    eprintln!("    the process has {:.0} MB before", megabytes(before));
    let id = client.next_id();
    let reply = client.ask(&Request::new(id, Method::Line, page.clone())).expect("an answer");
    let ticket = reply.ticket.unwrap_or_else(|| panic!("no ticket: {:?}", reply.message));
    let mut line = connect(&client.session, &format!("&ticket={ticket}"));
    attack(figures, &server, Row::LineFlood, client, |_| {
        for id in 0..FLOOD {
            let id = u64::try_from(id).expect("a number");
            // A server that closes the line has had enough of it.
            if send(&mut line, &Request::new(id, Method::Subscribe, page.clone())).is_none() {
                break;
            }
        }
        await_rest(&server);
        None
    });
}

/// Waits until the server does next to nothing, but not for ever.
fn await_rest(server: &Workerd) {
    const STEP: Duration = Duration::from_millis(200);
    let began = Instant::now();
    let mut before = server.cpu_time();
    loop {
        thread::sleep(STEP);
        let now = server.cpu_time();
        if now - before < STEP / 4 || began.elapsed() > PATIENCE {
            return;
        }
        before = now;
    }
}

/// Attacks, while another person asks for a page of their own again and again.
fn attack(
    figures: &mut Figures,
    server: &Workerd,
    row: Row,
    mut attacker: Client,
    attack: impl FnOnce(&mut Client) -> Option<Reply> + Send,
) -> Client {
    let mut honest = Client::login(server, "honest");
    let own = format!("honest-{}", row as u8);
    let own = EntityRef::new("Card", own).expect("it is a name and an id");
    let held = honest.post(&own, card());
    let over = AtomicBool::new(false);
    let cpu = server.cpu_time();
    let (reply, wait) = thread::scope(|scope| {
        scope.spawn(|| watch_memory(server, &over));
        let attacking = scope.spawn(|| {
            let reply = attack(&mut attacker);
            over.store(true, Ordering::Relaxed);
            reply
        });
        let mut longest = Duration::ZERO;
        while !over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(20));
            let get = Request::new(honest.next_id(), Method::Get, own.clone());
            let asked = Instant::now();
            let reply = honest.ask(&Request { if_modified_since: Token::At(held), ..get });
            longest = longest.max(asked.elapsed());
            if reply.is_none() {
                kill(server);
                break;
            }
        }
        over.store(true, Ordering::Relaxed);
        (attacking.join().expect("the attack is sent"), longest)
    });
    let status = reply.map(|reply| f64::from(reply.status));
    let cpu = server.try_cpu_time().map_or(f64::NAN, |end| millis(end.saturating_sub(cpu)));
    let most = server.peak_bytes().unwrap_or(MOST_BYTES);
    figures.add(
        Place::Workerd,
        row,
        &[
            ("waitMs", millis(wait)),
            ("cpuMs", cpu),
            ("megabytes", megabytes(most)),
            ("status", status.unwrap_or(f64::NAN)),
        ],
    );
    attacker
}

/// Kills a server that takes all memory there is.
fn watch_memory(server: &Workerd, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        if server.peak_bytes().is_some_and(|bytes| bytes > MOST_BYTES) {
            return kill(server);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn kill(server: &Workerd) {
    // It may have ended by itself.
    let _ = Command::new("kill").arg("-9").arg(server.process_id().to_string()).status();
}

fn card() -> Value {
    let empty = || Value::Map(Vec::new());
    MapBuilder::new()
        .put("title", "mine")
        .put("body", "")
        .put("status", "todo")
        .put("votes", 0)
        .put("assignee", Value::Null)
        .put("checklist", Value::Array(Vec::new()))
        .put("labels", empty())
        .finish()
}
