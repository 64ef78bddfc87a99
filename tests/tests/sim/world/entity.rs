//! The entities' objects: what `runtime/src/server/entity_object.rs` does around the machine, on a virtual clock.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity::Stamp;
use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::message::{
    EntityRef, Envelope, Method, Reason, Reply, Request, Sender, batch,
};
use temporal_entity_core::object::{Limits, LineId, failed};
use temporal_entity_core::person::CallFailure;
use temporal_entity_core::steps;
use temporal_entity_core::storage::{Storage, StorageError};

use super::budget::Work;
use super::bug::{Bug, respond_as_new, without_a_subscriber};
use super::clock::Clock;
use super::event::Event;
use super::gate::Gate;
use super::kinds::{Disk, Kind, Machine, kind_of};
use super::line::Attachment;
use super::mishap::Mishap;
use super::oracle::Oracle;
use super::{SECOND, World};

/// How long an object waits for another one.
pub const PATIENCE: u64 = 10 * SECOND;

/// Who makes entities, and changes them from outside.
pub const MAKER: &str = "maker";

/// An entity's object. Between any two things that it does it can be ended, and is read from its disk again.
pub struct EntityObject {
    pub disk: Disk,
    /// When the platform wakes it, by the true time.
    pub alarm: Option<Stamp>,
    pub clock: Clock,
    pub oracle: Oracle,
    kind: &'static Kind,
    pub machine: Option<Box<dyn Machine>>,
    /// The direct lines that are open, which outlive the machine.
    pub lines: BTreeMap<LineId, Attachment>,
    /// Whether it asks who is still there, if its type may.
    pub pings: bool,
    /// Whether they were sent something, and what comes next waits.
    pub lines_rest: bool,
    /// Tells what an ended machine asked for from what its successor did.
    pub life: u32,
    /// Admits the lines; it outlives the machine.
    pub gate: Option<Gate>,
    /// Whether its disk takes nothing more.
    pub full: bool,
    /// What the last step took.
    work: Work,
    /// The most that its value and recent changes ever took, which a browser may still hold.
    most_held: usize,
    /// The requests that were carried out, for the bug that does it twice.
    carried_out: BTreeSet<(String, u64)>,
}

/// What goes wrong in a step.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// The disk fails at this write, if the step makes so many.
    Write(usize),
    /// The process is killed before anything is on the disk.
    Kill,
}

/// Why a step did not take place.
pub enum Failed {
    /// The disk failed, and the object says so.
    Disk,
    /// The disk is full, and the object says so.
    Full,
    /// The object is gone.
    Killed,
}

impl EntityObject {
    /// An object with an empty entity.
    pub fn create(entity: &EntityRef, now: Stamp) -> EntityObject {
        let kind = kind_of(entity);
        let mut object = EntityObject {
            disk: Disk::default(),
            alarm: None,
            clock: Clock::default(),
            oracle: Oracle::new((kind.blank)()),
            kind,
            machine: None,
            lines: BTreeMap::new(),
            pings: false,
            lines_rest: false,
            life: 0,
            gate: None,
            full: false,
            work: Work::default(),
            most_held: 0,
            carried_out: BTreeSet::new(),
        };
        let mut request = Request::new(1, Method::Post, entity.clone());
        request.value = Some((kind.blank)());
        let reply = object.visit(entity, now, false, request);
        assert_eq!(reply.status, 201);
        object
    }

    fn load(&mut self, entity: &EntityRef, forgets: bool) -> Result<(), StorageError> {
        if self.machine.is_some() {
            return Ok(());
        }
        // Small parts, so that checkpoints are cut; and two are a crowd.
        let ping = if self.pings { None } else { Some(0) };
        let limits = Limits { part_bytes: 100, lines: Some(2), ping, ..Limits::default() };
        let mut machine = if forgets {
            (self.kind.load)(&without_a_subscriber(&self.disk), &entity.id, limits)?
        } else {
            (self.kind.load)(&self.disk, &entity.id, limits)?
        };
        for (id, Attachment { sender, subscribed, .. }) in &self.lines {
            match subscribed {
                Some(handle) => machine.line_woke(*id, sender.clone(), *handle),
                None => machine.line_opened(*id, sender.clone()),
            }
        }
        self.machine = Some(machine);
        Ok(())
    }

    /// A request of somebody who is not of this world: nothing goes wrong with it.
    fn visit(&mut self, entity: &EntityRef, now: Stamp, forgets: bool, request: Request) -> Reply {
        let (id, method) = (request.id, request.method);
        let asked = Envelope { sender: Sender::new(MAKER.to_owned(), MAKER.to_owned()), request };
        let answer =
            |machine: &mut dyn Machine, disk: &mut Disk, now| machine.request(disk, now, asked);
        let reply = match self.step(entity, now, None, forgets, answer) {
            Ok(reply) => reply,
            // What is there can be read.
            Err(Failed::Full) if method.writes() => failed(id, method, &StorageError::Full),
            Err(_) => panic!("{entity}: a disk that failed"),
        };
        self.oracle.follow(entity, &self.disk);
        reply
    }

    /// Forgets what is not stored.
    pub fn end(&mut self) {
        self.machine = None;
        self.gate = None;
        self.lines_rest = false;
        self.life += 1;
    }

    /// Whether lines were not sent yet what only this machine knows they are to have.
    fn lines_lack(&self) -> bool {
        self.machine.as_ref().is_some_and(|machine| !machine.lines_are_current())
    }

    /// Makes room for others, if it may.
    pub fn let_go(&mut self) {
        self.machine.take_if(|machine| machine.is_idle());
    }

    /// The most that its value and recent changes ever took.
    pub fn most_held(&self) -> usize {
        self.most_held
    }

    /// Takes what the machine has to send, within the budget.
    pub fn poll<R>(
        &mut self,
        entity: &EntityRef,
        poll: impl FnOnce(&mut dyn Machine) -> R,
    ) -> Option<R> {
        let excepted = self.memory_bytes();
        let machine = self.machine.as_mut()?;
        let (polled, steps) = steps::of(|| poll(machine.as_mut()));
        Work { steps, excepted }.check(format_args!("a push of {entity}"), 0);
        Some(polled)
    }

    /// What its memory is estimated at, if it is awake.
    pub fn memory_bytes(&self) -> usize {
        self.machine.as_ref().map_or(0, |machine| machine.memory_bytes())
    }

    /// Whether a machine that is awake wants to be woken again.
    pub fn wants_an_alarm(&mut self, now: Stamp) -> bool {
        self.machine.as_mut().is_some_and(|machine| machine.poll_alarm(now).is_some())
    }

    /// One step as one transaction: if it fails, what it wrote is taken back and the machine dropped.
    fn step<R>(
        &mut self,
        entity: &EntityRef,
        now: Stamp,
        fault: Option<Fault>,
        forgets: bool,
        step: impl FnOnce(&mut dyn Machine, &mut Disk, Stamp) -> Result<R, StorageError>,
    ) -> Result<R, Failed> {
        let fails = fault.is_some() || self.full;
        let before = fails.then(|| (self.disk.inner.clone(), self.alarm));
        if self.full {
            let stored = self.disk.inner.stored_bytes().expect("a disk");
            self.disk.inner.set_capacity(Some(stored));
        }
        if let Some(Fault::Write(number)) = fault {
            self.disk.fails_at = Some(self.disk.writes + number);
        }
        let clock = self.clock.show(now);
        let (held, read) = (self.memory_bytes(), self.disk.bytes.get());
        let all = || {
            self.load(entity, forgets)?;
            let machine = self.machine.as_mut().expect("it was loaded");
            let output = step(machine.as_mut(), &mut self.disk, clock)?;
            if let Some(at) = machine.poll_alarm(clock) {
                self.disk.write()?;
                self.alarm = Some(self.clock.true_time(now, at));
            }
            Ok(output)
        };
        let (done, steps): (Result<R, StorageError>, u64) = steps::of(all);
        let excepted = held.max(self.memory_bytes()) + self.disk.bytes.get() - read;
        self.work = Work { steps, excepted };
        self.most_held = self.most_held.max(excepted);
        self.disk.fails_at = None;
        self.disk.inner.set_capacity(None);
        let done = match done {
            Ok(_) if fault == Some(Fault::Kill) => Err(Failed::Killed),
            Ok(output) => Ok(output),
            Err(StorageError::Failed(why)) if why == "the disk failed" => Err(Failed::Disk),
            Err(StorageError::Full) => Err(Failed::Full),
            Err(error) => panic!("{entity}: {error}"),
        };
        if let (Err(failed), Some((disk, alarm))) = (&done, before) {
            (self.disk.inner, self.alarm, self.machine) = (disk, alarm, None);
            if matches!(failed, Failed::Killed) {
                self.end();
            }
        }
        done
    }
}

impl World {
    pub(super) fn entity(&mut self, entity: &EntityRef) -> &mut EntityObject {
        self.entities.get_mut(entity).expect("an entity")
    }

    /// One step of an entity, after which its alarm is set and the oracle has seen what it stored.
    pub(super) fn entity_step<R>(
        &mut self,
        entity: &EntityRef,
        step: impl FnOnce(&mut dyn Machine, &mut Disk, Stamp) -> Result<R, StorageError>,
    ) -> Result<R, Failed> {
        let fault = if self.goes_wrong(Mishap::WriteFails) {
            Some(Fault::Write(self.chance.below(4) as usize))
        } else {
            self.goes_wrong(Mishap::Killed).then_some(Fault::Kill)
        };
        let (now, forgets) = (self.now, self.bug == Some(Bug::SubscriberForgotten));
        let object = self.entity(entity);
        let (alarm, lines_lack) = (object.alarm, object.lines_lack());
        let done = object.step(entity, now, fault, forgets, step);
        object.oracle.follow(entity, &object.disk);
        self.set_alarm(entity, alarm);
        match done {
            Err(Failed::Killed) => {
                self.close_lines(entity);
                self.end_entity(entity);
            }
            Err(Failed::Disk | Failed::Full) if lines_lack => self.close_lines(entity),
            _ => {}
        }
        done
    }

    /// What the last step of an entity took is within the budget of so many bytes of input and output.
    pub(super) fn watch_work(&self, entity: &EntityRef, bytes: usize) {
        self.entities[entity].work.check(entity, bytes);
    }

    /// Sets the alarm that a step stored, if it is another than `before`.
    fn set_alarm(&mut self, entity: &EntityRef, before: Option<Stamp>) {
        match self.entities[entity].alarm {
            Some(at) if before != Some(at) => self.at(at, Event::Alarm(entity.clone())),
            _ => {}
        }
    }

    /// A Person asks an entity.
    pub(super) fn call(
        &mut self,
        person: &str,
        entity: &EntityRef,
        body: &[u8],
    ) -> Result<Vec<u8>, CallFailure> {
        let failed = || Err(CallFailure::Unavailable("trouble".to_owned()));
        if self.goes_wrong(Mishap::CallLost) {
            return failed();
        }
        let Ok(answer) = self.carry_out(person, entity, body) else { return failed() };
        self.send_pushes(entity);
        // It was carried out, and nobody hears of it.
        if self.goes_wrong(Mishap::AnswerLost) { failed() } else { Ok(answer) }
    }

    /// Answers an envelope; an error where there is nobody any more to answer.
    pub(super) fn carry_out(
        &mut self,
        person: &str,
        entity: &EntityRef,
        body: &[u8],
    ) -> Result<Vec<u8>, ()> {
        let body = body.to_vec();
        let bodies = batch::split(body).expect("a body");
        // If it is killed the call has no answer, whatever was carried out.
        let answers: Result<Vec<_>, ()> =
            bodies.into_iter().map(|body| self.carry_out_one(person, entity, &body)).collect();
        Ok(batch::join(answers?).expect("a body"))
    }

    fn carry_out_one(
        &mut self,
        person: &str,
        entity: &EntityRef,
        body: &[u8],
    ) -> Result<Vec<u8>, ()> {
        let asked = Envelope::decode(body, MAX_MESSAGE_BYTES).expect("an envelope");
        assert_eq!(asked.sender.person, person);
        let squares = if self.bug == Some(Bug::WorkSquared) { body.len() / 4 } else { 0 };
        let (id, method) = (asked.request.id, asked.request.method);
        let named = (asked.sender.browser.clone(), id);
        self.asked.entry(named.clone()).and_modify(|again| *again = true).or_default();
        let applies_replays = self.bug == Some(Bug::ReplayApplied);
        let mut carried_out = std::mem::take(&mut self.entity(entity).carried_out);
        let done = self.entity_step(entity, |machine, disk, now| {
            steps::count(squares * squares);
            match applies_replays {
                true => respond_as_new(machine, disk, now, asked, &mut carried_out),
                false => machine.respond(disk, now, asked),
            }
        });
        let answered = done.as_ref().map_or(0, Vec::len);
        self.watch_work(entity, body.len() + answered);
        if done.is_err() {
            carried_out.remove(&named);
        }
        self.entity(entity).carried_out = carried_out;
        match done {
            Ok(answer) => Ok(answer),
            Err(Failed::Disk) => {
                let sentence = "the server failed and nothing was changed: try again";
                let reply =
                    Reply { id: Some(id), ..Reply::refusal(500, Reason::Internal, sentence) };
                Ok(reply.encode().expect("a reply"))
            }
            Err(Failed::Full) => {
                let mut reply = failed(id, method, &StorageError::Full);
                if self.bug == Some(Bug::FullAcknowledged) && method == Method::PatchDiff {
                    reply = Reply { id: Some(id), ..Reply::ok(200) };
                }
                Ok(reply.encode().expect("a reply"))
            }
            Err(Failed::Killed) => Err(()),
        }
    }

    /// An entity's object loses its memory, and with it the Person that lives in the same one.
    pub(super) fn end_entity(&mut self, entity: &EntityRef) {
        // It does not hibernate in the middle of something: then its process is gone.
        if self.entity(entity).lines_lack() {
            self.close_lines(entity);
        }
        self.entity(entity).end();
        if self.persons.contains_key(&entity.id) {
            self.forget_person(&entity.id.clone());
        }
    }

    /// A request from outside.
    pub(super) fn visit(&mut self, entity: &EntityRef, request: Request) -> Reply {
        let (now, forgets) = (self.now, self.bug == Some(Bug::SubscriberForgotten));
        let object = self.entity(entity);
        let alarm = object.alarm;
        let reply = object.visit(entity, now, forgets, request);
        self.set_alarm(entity, alarm);
        self.send_pushes(entity);
        reply
    }
}
