//! What is measured, the same for every contender.

use std::net::Shutdown;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use temporal_entity_tests::client::Socket;

use crate::contender::{Contender, Down, Edit};

/// Persons who hear of every change.
pub const READERS: usize = 10;

/// Persons who edit at the same time in a burst.
pub const WRITERS: usize = 8;

/// Edits that a writer sends before it waits for the answer to the first. A few, as a browser has that composes what
/// is edited while one is under way: with many, each edit names a version that is long past.
pub const WINDOW: usize = 4;

const WARM_UP: usize = 30;
const PACED: usize = 200;
const BURST: usize = 1_000;

/// Edits that are counted.
pub const EDITS: usize = PACED + BURST;

/// The figures of one run.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// From sending an edit to the last reader having it, in milliseconds: half are faster.
    pub p50: f64,
    /// And 99 of 100 are.
    pub p99: f64,
    /// Edits per second until the last reader has all of them.
    pub burst: f64,
    /// Payload on the socket of a reader per edit, one edit at a time.
    pub bytes: f64,
    /// The same in the burst.
    pub burst_bytes: f64,
    /// Processor time of workerd per edit, one edit at a time, in milliseconds.
    pub cpu: f64,
    /// The same in the burst.
    pub burst_cpu: f64,
    /// Rows that the entity's object wrote per edit, over all edits: now and then one writes the whole.
    pub rows: f64,
    /// Bytes by which its database grew per edit, over all edits.
    pub stored: f64,
    /// Megabytes of wasm's memory at the end; not a number where there is none.
    pub wasm: f64,
    /// Megabytes of the process at the end.
    pub resident: f64,
}

/// A reader came to a version.
struct Arrival {
    reader: usize,
    version: u64,
    at: Instant,
    bytes: usize,
}

/// Runs one contender whose entity has so many records.
pub fn run(contender: &dyn Contender, records: usize) -> Figures {
    thread::scope(|scope| {
        let (sender, arrivals) = channel();
        let mut breakers = Vec::new();
        for number in 0..READERS {
            let socket = contender.reader(number);
            breakers.push(socket.get_ref().try_clone().expect("a socket can be shared"));
            let sender = sender.clone();
            scope.spawn(move || read_on(contender, number, socket, &sender));
        }
        let mut readers = Readers { arrivals, at: vec![0; READERS], bytes: 0 };
        let plan = Plan { records, writers: 1, held: contender.first_version() };
        let mut writer = Writer::connect(contender, 0, plan);
        paced(&mut writer, &mut readers, WARM_UP);

        let (stored, bytes) = (contender.stored(), readers.bytes);
        let cpu = contender.server().cpu_time();
        let mut times = paced(&mut writer, &mut readers, PACED);
        let cpu = contender.server().cpu_time() - cpu;
        let bytes = readers.bytes - bytes;
        times.sort();
        let plan = Plan { records, writers: WRITERS, held: writer.plan.held };
        drop(writer);

        let before = readers.bytes;
        let burst_cpu = contender.server().cpu_time();
        let burst = burst(contender, plan, &mut readers);
        let burst_cpu = contender.server().cpu_time() - burst_cpu;
        let all = contender.stored();
        let edits = EDITS as f64;
        for socket in breakers {
            socket.shutdown(Shutdown::Both).expect("an open socket can be shut down");
        }
        Figures {
            p50: millis(times[times.len() / 2]),
            p99: millis(times[times.len() * 99 / 100]),
            burst: BURST as f64 / burst.as_secs_f64(),
            bytes: bytes as f64 / (PACED * READERS) as f64,
            burst_bytes: (readers.bytes - before) as f64 / (BURST * READERS) as f64,
            cpu: millis(cpu) / PACED as f64,
            burst_cpu: millis(burst_cpu) / BURST as f64,
            rows: all.rows.saturating_sub(stored.rows) as f64 / edits,
            stored: all.bytes.saturating_sub(stored.bytes) as f64 / edits,
            wasm: contender.wasm_bytes().map_or(f64::NAN, megabytes),
            resident: megabytes(contender.server().resident_bytes()),
        }
    })
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// In megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Reports every push until the socket ends.
fn read_on(contender: &dyn Contender, reader: usize, mut socket: Socket, to: &Sender<Arrival>) {
    while let Ok(frame) = socket.read() {
        let at = Instant::now();
        if !frame.is_text() && !frame.is_binary() {
            continue;
        }
        if let Down::Pushed(version) = contender.read(&frame) {
            let arrival = Arrival { reader, version, at, bytes: frame.len() };
            if to.send(arrival).is_err() {
                return;
            }
        }
    }
}

/// How far the readers are.
struct Readers {
    arrivals: Receiver<Arrival>,
    at: Vec<u64>,
    bytes: usize,
}

impl Readers {
    /// Waits until all have come to `version`; when the last one did.
    fn wait_for(&mut self, version: u64) -> Instant {
        let mut last = None;
        while self.at.iter().any(|at| *at < version) {
            let wait = self.arrivals.recv_timeout(Duration::from_secs(30));
            let arrival =
                wait.unwrap_or_else(|_| panic!("a reader missed {version}: {:?}", self.at));
            self.at[arrival.reader] = arrival.version;
            self.bytes += arrival.bytes;
            last = last.max(Some(arrival.at));
        }
        last.expect("no version is older than what the readers begin with")
    }
}

/// One edit after the other: each is sent when the last reader has the one before.
fn paced(writer: &mut Writer, readers: &mut Readers, count: usize) -> Vec<Duration> {
    let edit = |_| {
        let sent = Instant::now();
        writer.send();
        let version = writer.answer();
        readers.wait_for(version).duration_since(sent)
    };
    (0..count).map(edit).collect()
}

/// Several writers at once who do not wait for the readers; the time until all readers have everything.
fn burst(contender: &dyn Contender, plan: Plan, readers: &mut Readers) -> Duration {
    let start = Barrier::new(WRITERS + 1);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let mut writer = Writer::connect(contender, number, plan);
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    for sent in 0..BURST / WRITERS {
                        if sent >= WINDOW {
                            writer.answer();
                        }
                        writer.send();
                    }
                    (0..WINDOW).map(|_| writer.answer()).max()
                })
            })
            .collect();
        start.wait();
        let began = Instant::now();
        let versions = writers.into_iter().map(|writer| writer.join().expect("a writer failed"));
        let version = versions.max().flatten().expect("there are writers");
        readers.wait_for(version).duration_since(began)
    })
}

/// What a writer begins with.
#[derive(Clone, Copy)]
struct Plan {
    records: usize,
    writers: usize,
    held: u64,
}

struct Writer<'a> {
    contender: &'a dyn Contender,
    socket: Socket,
    number: usize,
    plan: Plan,
    sent: usize,
}

impl<'a> Writer<'a> {
    fn connect(contender: &'a dyn Contender, number: usize, plan: Plan) -> Writer<'a> {
        Writer { contender, socket: contender.writer(number), number, plan, sent: 0 }
    }

    /// Sends the next edit.
    fn send(&mut self) {
        // Every edit of all writers in all phases sets another number, so that each one changes something.
        static QUANTITY: AtomicU64 = AtomicU64::new(1);
        let quantity = QUANTITY.fetch_add(1, Ordering::Relaxed);
        // Writers keep to records of their own, more than a window has edits: so no two edits conflict.
        let share = self.plan.records / self.plan.writers;
        let record = self.number * share + self.sent % share;
        self.sent += 1;
        let frame = self.contender.edit(self.plan.held, Edit { record, quantity });
        self.socket.send(frame).expect("the server takes frames");
    }

    /// Waits for the next answer; the version that it tells.
    fn answer(&mut self) -> u64 {
        loop {
            let frame = self.socket.read().expect("the server answers");
            if let Down::Stored(version) = self.contender.read(&frame) {
                self.plan.held = version;
                return version;
            }
        }
    }
}
