//! A run: an entity's machine on a disk with faults, and the model beside it.

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::codec::encode;
use temporal_entity_core::entity::Entity;
use temporal_entity_core::field::{Patch, read};
use temporal_entity_core::message::{Delivery, Envelope, Method, Reply, Request, Sender};
use temporal_entity_core::object::{DAILY_BYTES, Delivered, EntityMachine, Limits};
use temporal_entity_core::storage::{Storage, StorageError};
use temporal_entity_core::value::Value;
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notation::{BASE, parse};
use temporal_entity_tests::notes::Letter;

use crate::asks::{entity, pick};
use crate::expect::{Effect, check_meta, leads};
use crate::kinds::Subject;
use crate::model::{Model, is_write};
use crate::strategy::{Ask, Pick, Step, Wait};

/// Small, so that values are cut, and can be too large.
const LIMITS: Limits = Limits {
    message_bytes: 8 << 20,
    value_bytes: 1_500,
    part_bytes: 50,
    lines: None,
    ping: None,
    quota_bytes: None,
    daily_bytes: DAILY_BYTES,
};

const SECOND: u64 = 1_000_000;
pub const HOUR: u64 = 3_600 * SECOND;

/// A push that is under way.
struct UnderWay {
    through: Stamp,
    /// Whether the person subscribed again since it left.
    renewed: bool,
}

pub struct Run<T: Entity, S> {
    pub storage: Faulty<S>,
    machine: Option<EntityMachine<T>>,
    pub model: Model,
    pub now: Stamp,
    pub ids: BTreeMap<(String, String), u64>,
    /// Counts the requests, for what stands nowhere else.
    pub unique: u32,
    /// The writes that were asked for, carried out or not.
    writes: Vec<Envelope>,
    under_way: BTreeMap<String, UnderWay>,
}

pub fn stamp(micros: u64) -> Stamp {
    Stamp::from_micros(micros).expect("an instant")
}

impl<T: Subject, S: Storage + Clone> Run<T, S> {
    pub fn new(disk: S) -> Run<T, S> {
        let model = Model {
            kind: &T::KIND,
            granularity: T::GRANULARITY,
            schema_version: T::CONFIG.version,
            tighten: tighten::<T>,
            value_bytes: LIMITS.value_bytes,
            versions: Vec::new(),
            subscribers: std::collections::BTreeSet::new(),
        };
        Run {
            storage: Faulty::new(disk),
            machine: None,
            model,
            now: stamp(BASE),
            ids: BTreeMap::new(),
            unique: 0,
            writes: Vec::new(),
            under_way: BTreeMap::new(),
        }
    }

    pub fn step(&mut self, step: &Step) {
        match step {
            Step::Ask { who, wait, fails, ask } => {
                self.wait(*wait);
                let envelope = self.envelope(*who, ask);
                self.ask(envelope, *fails);
            }
            Step::Repeat { which, other, wait, fails } => {
                self.wait(*wait);
                let Some(mut envelope) = pick(&self.writes, *which).cloned() else { return };
                if *other {
                    self.unique += 1;
                    envelope.request.method = Method::PatchDiff;
                    envelope.request.value = None;
                    envelope.request.diff =
                        Some(parse(&format!("{{\"title\": \"u{}\"}}", self.unique)));
                }
                self.ask(envelope, *fails);
            }
            Step::Burst { who, count } => {
                for number in 0..*count {
                    self.wait(Wait::Micros(900));
                    let mut envelope = self.envelope(*who, &Ask::Patch(Pick::Current, Vec::new()));
                    envelope.request.diff = Some(burst(number, T::IS_PAGE));
                    self.ask(envelope, None);
                }
            }
            Step::Evict => self.evict(),
            Step::Outcome { person, taken, fails } => self.outcome(*person, *taken, *fails),
            Step::OtherType { method } => self.ask_other_type(*method),
        }
    }

    pub fn evict(&mut self) {
        self.machine = None;
        self.under_way.clear();
    }

    fn wait(&mut self, wait: Wait) {
        let now = self.now.micros();
        let after = match wait {
            Wait::Still => now,
            Wait::Micros(micros) => now + u64::from(micros),
            Wait::Back(seconds) => now - u64::from(seconds) * SECOND,
            Wait::Hours(hours) => now + u64::from(hours) * HOUR,
            Wait::Edge(beside) => self.model.current().map_or(now, |current| {
                let end = current.meta.valid_from.micros() + self.model.granularity;
                end.saturating_add_signed(beside.into())
            }),
        };
        self.now = stamp(after);
    }

    /// As the host does it: on an error the disk is as before, and the machine is read again.
    fn on_machine<R>(
        &mut self,
        fails: Option<u8>,
        step: impl FnOnce(&mut EntityMachine<T>, &mut Faulty<S>) -> Result<R, StorageError>,
    ) -> Option<(R, usize)> {
        let before = fails.map(|_| self.storage.inner.clone());
        let mut machine = match self.machine.take() {
            Some(machine) => machine,
            None => EntityMachine::load(&self.storage, "a", LIMITS).expect("a disk that is read"),
        };
        self.storage.writes = 0;
        self.storage.fails_at = fails.map(usize::from);
        let output = step(&mut machine, &mut self.storage);
        self.storage.fails_at = None;
        match output {
            Ok(output) => {
                self.machine = Some(machine);
                Some((output, self.storage.writes))
            }
            Err(error) => {
                assert_eq!(error, StorageError::Failed("the disk failed".to_owned()));
                self.storage.inner = before.expect("only what was told to fail fails");
                self.evict();
                None
            }
        }
    }

    /// Sends a request over the wire; what comes back has to be what the model says. A request that fails is one that
    /// never was.
    pub fn ask(&mut self, envelope: Envelope, fails: Option<u8>) -> Option<Reply> {
        if is_write(envelope.request.method) {
            self.writes.push(envelope.clone());
        }
        let outcomes = self.model.answers(self.now, &envelope);
        let bytes = envelope.encode().expect("a request has bytes");
        let sent = Envelope::decode(&bytes, LIMITS.message_bytes).expect("a request is read");
        let now = self.now;
        let answer = self.on_machine(fails, |machine, disk| machine.request(disk, now, sent));
        let (reply, writes) = answer?;
        assert_eq!(reply.id, Some(envelope.request.id));
        let mut differences = Vec::new();
        for outcome in outcomes {
            match outcome.reply.check(&reply) {
                Ok(()) => {
                    check_chunks(&outcome.effect, &reply);
                    self.carry_out(outcome.effect, &envelope, reply.status, writes);
                    self.take_deliveries();
                    return Some(reply);
                }
                Err(difference) => differences.push(difference),
            }
        }
        let told = differences.join("\nor ");
        panic!("{envelope:?}\nwas answered by {reply:?}\n{told}");
    }

    fn carry_out(&mut self, effect: Effect, envelope: &Envelope, status: u16, writes: usize) {
        let changes = !matches!(effect, Effect::Nothing);
        assert_eq!(writes > 0, changes, "what writes changes something: {envelope:?}");
        match effect {
            Effect::Nothing => {}
            Effect::Accepts(version) => self.model.versions.push(*version),
            Effect::Subscribes(person) => {
                self.model.subscribers.insert(person);
            }
            Effect::Unsubscribes(person) => {
                self.model.subscribers.remove(&person);
                self.under_way.remove(&person);
            }
        }
        if envelope.request.method == Method::Subscribe
            && (status < 400 || status == 404)
            && let Some(push) = self.under_way.get_mut(&envelope.sender.person)
        {
            push.renewed = true;
        }
        self.check_subscribers();
    }

    fn check_subscribers(&self) {
        let stored = self.storage.subscribers().expect("a disk that is read");
        assert!(stored.iter().eq(&self.model.subscribers), "{stored:?}");
    }

    /// Every push leads from one version to another, and leaves out no browser but the one that made all of it.
    fn take_deliveries(&mut self) {
        let Some(machine) = &mut self.machine else { return };
        while let Some((person, delivery)) = machine.poll_delivery() {
            let Delivery { push, skip } = Delivery::clone(&delivery);
            assert!(self.model.subscribers.contains(&person), "{person} did not subscribe");
            let through = push.meta.modified;
            let from = self.model.version(push.since).expect("a version");
            let to = self.model.version(through).expect("a version");
            check_meta(&push.meta, &to.meta).unwrap_or_else(|difference| panic!("{difference}"));
            leads("push", &from.value, &push.diff, &to.value)
                .unwrap_or_else(|difference| panic!("{difference}"));
            if let Some(browser) = skip {
                let piece = self.model.versions.iter().filter(|version| {
                    push.since < version.meta.modified && version.meta.modified <= through
                });
                let own = |sender: &Sender| sender.person == person && sender.browser == browser;
                assert!(piece.clone().all(|version| own(&version.sender)), "{browser} lacks some");
            }
            let twice = self.under_way.insert(person, UnderWay { through, renewed: false });
            assert!(twice.is_none(), "one push is under way to each");
        }
    }

    fn outcome(&mut self, person: u8, taken: bool, fails: bool) {
        let person = format!("p{person}");
        let Some(push) = self.under_way.remove(&person) else { return };
        let outcome = if taken { Delivered::Taken } else { Delivered::Unwanted };
        let (fails, now) = (fails.then_some(0), self.now);
        let done = self.on_machine(fails, |machine, disk| {
            machine.delivered(disk, now, &person, push.through, outcome)
        });
        if done.is_some() && !taken && !push.renewed {
            self.model.subscribers.remove(&person);
        }
        self.check_subscribers();
        self.take_deliveries();
    }

    /// The object of another type finds what it has no business with.
    fn ask_other_type(&mut self, number: u8) {
        if self.model.current().is_none() {
            return;
        }
        const METHODS: [&str; 9] = [
            "post",
            "get",
            "patchDiff",
            "delete",
            "patchUndelete",
            "subscribe",
            "unsubscribe",
            "history",
            "changes",
        ];
        let method = pick(&METHODS, number.into()).and_then(|name| Method::from_name(name));
        let mut request = Request::new(1, method.expect("a method"), entity::<Letter>());
        request.value = Some(parse(r#"{"text": "x"}"#));
        let mut other = EntityMachine::<Letter>::load(&self.storage, "a", LIMITS).expect("a disk");
        self.storage.writes = 0;
        let envelope = Envelope { sender: Sender::new("p0", "b0"), request };
        let reply = other.request(&mut self.storage, self.now, envelope).expect("a disk");
        assert_eq!((reply.status, reply.reason.map(|r| r.name())), (409, Some("type")));
        assert_eq!((reply.meta, self.storage.writes), (None, 0));
    }
}

/// An edit of many: so large that checkpoints come with them, and one that is not the same if it is made twice.
fn burst(number: u16, is_page: bool) -> Value {
    let title = format!("{}{}", "long ".repeat(100), number % 2);
    let total = if is_page { r#", "total": [4, 1]"# } else { "" };
    parse(&format!(r#"{{"title": "{title}", "lines": {{"b": {number}}}{total}}}"#))
}

/// A value that was just created is stored in as many pieces as it has room in; later that is the storage's affair.
fn check_chunks(effect: &Effect, reply: &Reply) {
    let Effect::Accepts(version) = effect else { return };
    if version.since.is_none() {
        let bytes = encode(&version.value).expect("a value has bytes").len();
        let pieces = Some(bytes.div_ceil(LIMITS.part_bytes)).filter(|pieces| *pieces > 1);
        let told = reply.meta.as_ref().map_or(0, |meta| meta.chunks);
        assert_eq!(told as usize, pieces.unwrap_or(0), "chunks of {bytes} bytes");
    }
}

fn tighten<T: Subject>(value: &Value, patch: &Value) -> Value {
    let value: T = read(value.clone()).expect("a value");
    let patch = T::Diff::from_value(patch.clone()).expect("a patch");
    value.tighten(patch).to_value()
}
