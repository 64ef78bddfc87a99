//! The rows with a machine and its storage in memory.

use serde::{Deserialize, Serialize};
use temporal_entity::{Stamp, temporal_entity};
use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{EntityRef, Envelope, Method, Reply, Request, Sender};
use temporal_entity_core::object::{EntityMachine, Limits};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notation::BASE;
use temporal_entity_tests::notes::Page;

use crate::figures::{Figures, Place};
use crate::is_wanted;
use crate::meter::{Measured, measured};
use temporal_entity_tests::attacks::{
    RANDOM_IDS, Row, diff, edit, edits, look_back, meanwhile, page, patch, random_id, value,
};

const MILLI: u64 = 1_000;
const HOUR: u64 = 3_600_000_000;

/// Keeps few snapshots.
#[temporal_entity(version = 1, granularity = 0, retain = 20, access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Scrap {
    title: String,
}

/// An entity on a disk of its own.
struct Subject<T: Entity> {
    machine: EntityMachine<T>,
    disk: MemoryStorage,
    now: Stamp,
    entity: EntityRef,
    held: Stamp,
    requests: u64,
}

impl<T: Entity> Subject<T> {
    fn new(row: Row) -> Subject<T> {
        let disk = MemoryStorage::default();
        let machine = EntityMachine::load(&disk, "a", Limits::default()).expect("an empty disk");
        let now = Stamp::from_micros(BASE).expect("an instant");
        let entity = EntityRef { name: T::ENTITY.to_owned(), ..page("a") };
        let mut subject = Subject { machine, disk, now, entity, held: now, requests: 0 };
        let mut post = Request::new(0, Method::Post, subject.entity.clone());
        post.value = Some(value(row));
        let reply = subject.ask_as("author", post);
        subject.held = reply.meta.expect("it was created").modified;
        subject
    }

    fn ask(&mut self, request: Request) -> Reply {
        self.ask_as("attacker", request)
    }

    fn ask_as(&mut self, person: &str, request: Request) -> Reply {
        self.now = self.now.plus(10 * MILLI);
        let sender = Sender::new(person.to_owned(), "laptop".to_owned());
        let asked = Envelope { sender, request };
        self.machine.request(&mut self.disk, self.now, asked).expect("a disk that works")
    }

    fn edit(&mut self, row: Row, id: u64) {
        self.requests += 1;
        let diff = edit(row, usize::try_from(self.requests).expect("a small number"));
        let reply = self.ask(patch(id, &self.entity.clone(), self.held, diff));
        assert_eq!(reply.status, 200, "{reply:?}");
        self.held = reply.meta.expect("a write has meta").modified;
    }

    fn edits(&mut self, row: Row) {
        (0..edits(row)).for_each(|_| self.edit(row, self.requests + 1));
    }

    fn wake(&mut self) {
        let limits = Limits::default();
        self.machine = EntityMachine::load(&self.disk, "a", limits).expect("a disk that is read");
    }
}

/// Runs the rows that are not about sockets.
pub fn run(figures: &mut Figures) {
    for row in [Row::KeyedRebase, Row::PlainList, Row::Placements] {
        if is_wanted("BENCH_ROWS", row.name()) {
            eprintln!("natively: {}", row.name());
            one_diff(figures, row);
        }
    }
    if is_wanted("BENCH_ROWS", "text") {
        eprintln!("natively: text");
        let mut subject = Subject::<Page>::new(Row::TextAsOf);
        subject.edits(Row::TextAsOf);
        for row in [Row::TextAsOf, Row::TextHistory] {
            look(figures, row, &mut subject);
        }
    }
    if is_wanted("BENCH_ROWS", Row::LongHour.name()) {
        eprintln!("natively: {}", Row::LongHour.name());
        let mut subject = Subject::<Page>::new(Row::LongHour);
        subject.edits(Row::LongHour);
        look(figures, Row::LongHour, &mut subject);
    }
    if is_wanted("BENCH_ROWS", Row::Replay.name()) {
        eprintln!("natively: {}", Row::Replay.name());
        replay(figures);
    }
    if is_wanted("BENCH_ROWS", Row::Retain.name()) {
        eprintln!("natively: {}", Row::Retain.name());
        retain(figures);
    }
}

fn one_diff(figures: &mut Figures, row: Row) {
    let mut subject = Subject::<Page>::new(row);
    let (entity, held) = (subject.entity.clone(), subject.held);
    let reply = subject.ask_as("author", patch(1, &entity, held, meanwhile(row)));
    assert_eq!(reply.status, 200, "{:?}", reply.message);
    let request = patch(2, &entity, held, diff(row));
    let (_, measured) = measured(|| subject.ask(request));
    figures.add(Place::Native, row, &measured.figures());
}

fn look(figures: &mut Figures, row: Row, subject: &mut Subject<Page>) {
    subject.wake();
    let request = look_back(1 << 40, row, &subject.entity, subject.now);
    let (reply, measured) = measured(|| subject.ask(request));
    assert_eq!(reply.status, 200, "{reply:?}");
    figures.add(Place::Native, row, &measured.figures());
}

fn replay(figures: &mut Figures) {
    let mut subject = Subject::<Page>::new(Row::Replay);
    (0..RANDOM_IDS).for_each(|number| subject.edit(Row::Replay, random_id(number)));
    subject.wake();
    let ((), measured) = measured(|| subject.edit(Row::Replay, random_id(RANDOM_IDS)));
    figures.add(Place::Native, Row::Replay, &measured.figures());
}

/// Ten changes a second until there are 50,000, and then two days in which nobody writes. Returns what the longest of the
/// alarms took, and what is stored in the end.
fn retain(figures: &mut Figures) {
    let mut subject = Subject::<Scrap>::new(Row::Retain);
    let mut alarm = None;
    for _ in 0..50_000 {
        subject.now = subject.now.plus(90 * MILLI);
        subject.edit(Row::Retain, subject.requests + 1);
        alarm = subject.machine.poll_alarm(subject.now).or(alarm);
    }
    let (end, mut most) = (subject.now.plus(48 * HOUR), Measured::default());
    while let Some(at) = alarm.filter(|at| *at <= end) {
        subject.now = subject.now.max(at);
        let ((), measured) = measured(|| wake_by_alarm(&mut subject));
        most = most.max(measured);
        alarm = subject.machine.poll_alarm(subject.now);
    }
    let left = subject.disk.changes().len() as f64;
    let mut all = most.figures().to_vec();
    all.push(("left", left));
    figures.add(Place::Native, Row::Retain, &all);
}

fn wake_by_alarm(subject: &mut Subject<Scrap>) {
    subject.machine.woken(&mut subject.disk, subject.now).expect("a disk");
}
