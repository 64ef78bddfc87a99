//! Those who edit.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::contender::{Contender, Down, Edit};
use super::measure::Load;
use super::readers::Readers;
use crate::client::Socket;

/// Persons who edit at the same time in a burst.
pub const WRITERS: usize = 8;

/// Edits that a writer sends before it waits for the answer to the first. A few, as a browser has that composes what
/// is edited while one is under way: with many, each edit names a version that is long past.
pub const WINDOW: usize = 4;

/// One edit after the other: each is sent when the last reader has the one before.
pub fn paced(writer: &mut Writer, readers: &mut Readers, count: usize) -> Vec<Duration> {
    let edit = |_| {
        let sent = Instant::now();
        writer.send();
        let version = writer.answer();
        readers.wait_for(version).expect("a reader missed an edit").duration_since(sent)
    };
    (0..count).map(edit).collect()
}

/// Several writers at once who do not wait for the readers; the time until all readers have everything. `None`
/// if some never do: a floor that knows no back pressure loses its memory, and its readers with it, under many calls.
pub fn burst(contender: &dyn Contender, plan: Plan, readers: &mut Readers) -> Option<Duration> {
    let plan = Plan { writers: WRITERS, ..plan };
    let start = Barrier::new(WRITERS + 1);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let mut writer = Writer::connect(contender, number, plan);
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    for sent in 0..plan.load.burst / WRITERS {
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
        Some(readers.wait_for(version)?.duration_since(began))
    })
}

/// What a writer begins with.
#[derive(Clone, Copy)]
pub struct Plan {
    /// What is to be carried.
    pub load: Load,
    /// How many writers there are.
    pub writers: usize,
    /// The version that they hold.
    pub held: u64,
}

/// One of them.
pub struct Writer<'a> {
    contender: &'a dyn Contender,
    socket: Socket,
    number: usize,
    plan: Plan,
    sent: usize,
}

impl<'a> Writer<'a> {
    /// Opens the socket of a writer.
    pub fn connect(contender: &'a dyn Contender, number: usize, plan: Plan) -> Writer<'a> {
        Writer { contender, socket: contender.writer(number), number, plan, sent: 0 }
    }

    /// Closes it; what the next ones begin with.
    pub fn end(self) -> Plan {
        self.plan
    }

    /// Sends the next edit.
    fn send(&mut self) {
        // Every edit of all writers in all phases sets another number, so that each one changes something.
        static QUANTITY: AtomicU64 = AtomicU64::new(1);
        let quantity = QUANTITY.fetch_add(1, Ordering::Relaxed);
        // Writers keep to records of their own, more than a window has edits: so no two edits conflict.
        let share = self.plan.load.records / self.plan.writers;
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
