//! An object whose host counts what each request costs.

use std::marker::PhantomData;

use temporal_entity::{Entity, Stamp};
use temporal_entity_core::message::{EntityRef, Envelope, Method, Reply, Request, Sender, Token};
use temporal_entity_core::object::{EntityMachine, Limits};
use temporal_entity_core::steps;
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_core::value::Value;
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notation::{BASE, parse};

pub const SECOND: u64 = 1_000_000;

/// The instant of a microsecond.
pub fn at(micros: u64) -> Stamp {
    Stamp::from_micros(BASE + micros).expect("an instant")
}

/// What a request cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Steps of algorithms.
    pub steps: u64,
    /// Rows that were read.
    pub rows: usize,
    /// Bytes that were read.
    pub bytes: usize,
    /// Rows that were written.
    pub writes: usize,
}

/// An object with its disk and its clock.
pub struct Host<T: Entity> {
    pub disk: Faulty<MemoryStorage>,
    pub machine: Option<EntityMachine<T>>,
    /// Microseconds.
    pub now: u64,
    pub requests: u64,
    pub version: Option<Stamp>,
    /// The alarm that is set.
    pub alarm: Option<Stamp>,
    kind: PhantomData<T>,
}

impl<T: Entity> Host<T> {
    /// An entity that was created at second 0.
    pub fn new(value: &str) -> Host<T> {
        let disk = Faulty::new(MemoryStorage::default());
        let kind = PhantomData;
        let (machine, version, alarm) = (None, None, None);
        let mut host = Host { disk, machine, now: 0, requests: 0, version, alarm, kind };
        let reply = host.ask("ada", Method::Post, |request| request.value = Some(parse(value)));
        assert_eq!(reply.status, 201, "{reply:?}");
        host
    }

    /// Asks, and measures what the answer costs.
    pub fn measure(
        &mut self,
        person: &str,
        method: Method,
        fill: impl FnOnce(&mut Request),
    ) -> (Reply, Cost) {
        self.requests += 1;
        let name = EntityRef::new(T::ENTITY, "a").expect("a name");
        let mut request = Request::new(self.requests, method, name);
        fill(&mut request);
        let envelope = Envelope { sender: Sender::new(person, "laptop"), request };
        let now = at(self.now);
        self.step(|machine, disk| machine.request(disk, now, envelope).expect("a disk"))
    }

    /// A step of the machine, and what it costs.
    pub fn step<R>(
        &mut self,
        step: impl FnOnce(&mut EntityMachine<T>, &mut Faulty<MemoryStorage>) -> R,
    ) -> (R, Cost) {
        let (rows, bytes) = (self.disk.rows.get(), self.disk.bytes.get());
        let writes = self.disk.writes;
        let (output, steps) = steps::of(|| {
            let machine = self.machine.get_or_insert_with(|| {
                EntityMachine::load(&self.disk, "a", Limits::default()).expect("an entity")
            });
            let output = step(machine, &mut self.disk);
            self.alarm = machine.poll_alarm(at(self.now)).or(self.alarm);
            output
        });
        let (rows, bytes) = (self.disk.rows.get() - rows, self.disk.bytes.get() - bytes);
        (output, Cost { steps, rows, bytes, writes: self.disk.writes - writes })
    }

    /// Asks.
    pub fn ask(&mut self, person: &str, method: Method, fill: impl FnOnce(&mut Request)) -> Reply {
        let reply = self.measure(person, method, fill).0;
        if method.writes() && reply.is_success() {
            self.version = reply.meta.as_ref().map(|meta| meta.modified);
        }
        reply
    }

    /// Changes the current version.
    pub fn edit(&mut self, person: &str, diff: Value) -> Reply {
        let version = self.version;
        let reply = self.ask(person, Method::PatchDiff, |request| {
            request.if_unmodified_since = version.into();
            request.diff = Some(diff);
        });
        assert_eq!(reply.status, 200, "{reply:?}");
        reply
    }

    /// The value as of an instant.
    pub fn as_of(&mut self, instant: Stamp) -> Reply {
        self.ask("eve", Method::Get, |request| request.past.as_of = Token::At(instant))
    }

    /// Loses the memory.
    pub fn reload(&mut self) {
        self.machine = None;
    }
}
