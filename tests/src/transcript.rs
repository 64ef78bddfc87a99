//! Transcripts of an entity: what it is asked, and below a line what it answers.
//!
//! ```text
//! 10s ada/laptop patchDiff ifUnmodifiedSince=@5s diff={"title": "New"}
//! ----
//! 200 since @5s, diff {"title": "New"}
//! version @10s of @0s by ada
//! -> bob: @5s to @10s by ada {"title": "New"}
//! ```
//!
//! Blocks are parted by empty lines. A request has a time, a sender, a method, and fields. `#7` gives it an id that
//! was used before; `ada/laptop(root)` is Ada's laptop with somebody else acting in her name; `as Letter` before the
//! method sends it to a machine of that type on the same disk; `schema="own"` is the entity's own fingerprint. `reload`
//! drops the machine and reads it from the disk; `alarm` is the alarm that the machine asked for. `bob took`, `bob failed`
//! and `bob unwanted` say what became of the push to bob (to `bob'`, if he unsubscribed meanwhile); pushes (`->`) are
//! written down as soon as they can be sent.
//!
//! After every block the machine is compared with one that is loaded from the disk.

use std::fmt::Write;
use std::rc::Rc;

use temporal_entity::Stamp;
use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{
    Delivery, EntityRef, Envelope, Meta, Method, Reply, Request, Sender, Token, whole_number,
};
use temporal_entity_core::object::{Delivered, EntityMachine, Limits};
use temporal_entity_core::schema::fingerprint;
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, same};

use crate::notation::{BASE, micros, parse_first, write};
use crate::notes::Letter;

/// What happens in a transcript, for who wants to see the same happen elsewhere.
pub enum Event<'a> {
    /// A request came at an instant, and was answered.
    Asked(Stamp, &'a Envelope, &'a Reply),
    /// The machine was dropped and read from the disk.
    Reloaded,
}

/// Runs a transcript of an entity of type `T` on an empty disk and writes it down as it comes out.
pub fn run<T: Entity, S: Storage + Clone>(disk: S, transcript: &str) -> String {
    watch::<T, S>(disk, transcript, |_| {})
}

/// The same, and shows what happens.
pub fn watch<T: Entity, S: Storage + Clone>(
    disk: S,
    transcript: &str,
    mut on_event: impl FnMut(Event),
) -> String {
    let mut stage = Stage::<T, S>::new(disk, &mut on_event);
    let mut out = Vec::new();
    for block in transcript.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let (input, _) = block.split_once("----").unwrap_or((block, ""));
        let input = input.trim();
        let asks = input.lines().any(|line| !line.starts_with('#'));
        out.push(if asks { format!("{input}\n----\n{}", stage.step(input)) } else { input.into() });
    }
    out.join("\n\n") + "\n"
}

/// One entity and its disk.
struct Stage<'a, T: Entity, S> {
    on_event: &'a mut dyn FnMut(Event),
    storage: S,
    limits: Limits,
    machine: EntityMachine<T>,
    now: Stamp,
    last_id: u64,
    under_way: Vec<(String, Rc<Delivery>)>,
    /// Requests that made a version, and all versions.
    applied: Vec<Envelope>,
    versions: Vec<Stamp>,
}

impl<T: Entity, S: Storage + Clone> Stage<'_, T, S> {
    fn new(storage: S, on_event: &mut dyn FnMut(Event)) -> Stage<'_, T, S> {
        let limits = Limits { part_bytes: 64, value_bytes: 1000, ..Limits::default() };
        Stage {
            on_event,
            machine: EntityMachine::load(&storage, "a", limits).unwrap(),
            storage,
            limits,
            now: stamp(0),
            last_id: 0,
            under_way: Vec::new(),
            applied: Vec::new(),
            versions: Vec::new(),
        }
    }

    fn step(&mut self, input: &str) -> String {
        let lines = input.lines().filter(|line| !line.starts_with('#'));
        let input = lines.collect::<Vec<_>>().join(" ");
        let words: Vec<_> = input.split_whitespace().collect();
        let mut out = match words.as_slice() {
            ["reload"] => {
                self.machine = self.reloaded();
                self.under_way.clear();
                (self.on_event)(Event::Reloaded);
                String::new()
            }
            ["alarm"] => {
                self.machine.woken(&mut self.storage, self.now).unwrap();
                String::new()
            }
            [person, outcome] => self.settle(person, outcome),
            _ => self.ask(&input),
        };
        while let Some((person, delivery)) = self.machine.poll_delivery() {
            writeln!(out, "{}", describe_push(&person, &delivery)).unwrap();
            let twice = self.under_way.iter().any(|(other, _)| *other == person);
            assert!(!twice, "two pushes are under way to {person}");
            self.under_way.push((person, delivery));
        }
        if let Some(time) = self.machine.poll_alarm(self.now) {
            writeln!(out, "alarm {}", at(time)).unwrap();
        }
        self.compare_with_disk();
        out.trim_end().to_owned()
    }

    fn settle(&mut self, person: &str, outcome: &str) -> String {
        let at = self.under_way.iter().position(|(other, _)| other == person);
        let (_, delivery) = self.under_way.remove(at.expect("a push is under way"));
        let outcome = match outcome {
            "took" => Delivered::Taken,
            "failed" => Delivered::Failed,
            "unanswered" => Delivered::Unanswered,
            "unwanted" => Delivered::Unwanted,
            other => panic!("no outcome: {other}"),
        };
        let (person, version) = (person.trim_end_matches('\''), delivery.push.meta.modified);
        self.machine.delivered(&mut self.storage, self.now, person, version, outcome).unwrap();
        format!("subscribers: {}\n", self.storage.subscribers().unwrap().join(", "))
    }

    fn ask(&mut self, input: &str) -> String {
        let (time, rest) = input.split_once(' ').expect("a time");
        let (sender, rest) = rest.trim().split_once(' ').expect("a sender");
        let (person, browser) = sender.split_once('/').expect("person/browser");
        self.now = stamp(micros(time.strip_suffix('s').expect("seconds")));
        let sender = match browser.strip_suffix(')').and_then(|browser| browser.split_once('(')) {
            Some((browser, other)) => {
                Sender { impersonator: Some(other.to_owned()), ..Sender::new(person, browser) }
            }
            None => Sender::new(person, browser),
        };
        let (letter, rest) = match rest.trim().strip_prefix("as Letter ") {
            Some(rest) => (true, rest),
            None => (false, rest.trim()),
        };
        let name = if letter { Letter::ENTITY } else { T::ENTITY };
        let request = self.request(name, rest);
        if request.method == Method::Unsubscribe {
            let theirs = self.under_way.iter_mut().filter(|(person, _)| *person == sender.person);
            theirs.for_each(|(person, _)| person.push('\''));
        }
        let envelope = Envelope { sender, request };
        if letter {
            let mut machine =
                EntityMachine::<Letter>::load(&self.storage, "a", self.limits).unwrap();
            let reply = machine.request(&mut self.storage, self.now, envelope).unwrap();
            return describe(&reply);
        }
        let before = self.version();
        let reply = self.machine.request(&mut self.storage, self.now, envelope.clone()).unwrap();
        (self.on_event)(Event::Asked(self.now, &envelope, &reply));
        let after = self.version();
        assert!(after >= before, "versions go back: {before:?} to {after:?}");
        if let Some(version) = after.filter(|_| after > before) {
            self.versions.push(version);
            self.applied.push(envelope);
        }
        describe(&reply)
    }

    fn request(&mut self, name: &str, text: &str) -> Request {
        let (method, mut rest) = text.split_once(' ').unwrap_or((text, ""));
        let method = Method::from_name(method).unwrap_or_else(|| panic!("no method: {method}"));
        self.last_id += 1;
        let mut request = Request::new(self.last_id, method, EntityRef::new(name, "a").unwrap());
        rest = rest.trim();
        if let Some((id, after)) =
            rest.strip_prefix('#').map(|r| r.split_once(' ').unwrap_or((r, "")))
        {
            self.last_id -= 1;
            request.id = id.parse().expect("the number of a request");
            rest = after.trim();
        }
        while let Some((field, after)) = rest.split_once('=') {
            let (value, after) = parse_first(after);
            let token = || Stamp::from_value(&value).map_or(Token::Malformed, Token::At);
            match field {
                "schema" => {
                    let own = || fingerprint::<T>();
                    request.schema = Some(whole_number(&value).unwrap_or_else(own));
                }
                "ifModifiedSince" => request.if_modified_since = token(),
                "ifUnmodifiedSince" => request.if_unmodified_since = token(),
                "asOf" => request.past.as_of = token(),
                "from" => request.past.from = token(),
                "to" => request.past.to = token(),
                "before" => request.past.before = token(),
                "edits" => request.edits = whole_number(&value).expect("a number"),
                "limit" => request.past.limit = value.as_integer().and_then(|n| n.try_into().ok()),
                "person" => request.past.person = value.as_text().map(str::to_owned),
                "field" => request.past.field = value.as_text().map(str::to_owned),
                "was" => request.past.was = Some(value),
                "became" => request.past.became = Some(value),
                "diff" => request.diff = Some(value),
                "value" => request.value = Some(value),
                other => panic!("no field: {other}"),
            }
            rest = after.trim();
        }
        request
    }

    fn reloaded(&self) -> EntityMachine<T> {
        EntityMachine::load(&self.storage, "a", self.limits).unwrap()
    }

    /// The current version, also of a deleted entity.
    fn version(&mut self) -> Option<Stamp> {
        self.get(None).meta.map(|meta| meta.modified)
    }

    fn get(&mut self, held: Option<Stamp>) -> Reply {
        let envelope = get_since::<T>(held);
        self.machine.request(&mut self.storage, self.now, envelope).unwrap()
    }

    /// Whatever can be asked of the machine, one that is loaded now answers the same.
    fn compare_with_disk(&mut self) {
        let mut fresh = self.reloaded();
        let mut disk = self.storage.clone();
        let held = self.versions.iter().map(|version| Some(*version)).chain([None]);
        let repeated = self.applied.iter().cloned();
        let questions: Vec<_> = held.map(get_since::<T>).chain(repeated).collect();
        for question in questions {
            let ours = self.machine.request(&mut self.storage, self.now, question.clone()).unwrap();
            let theirs = fresh.request(&mut disk, self.now, question.clone()).unwrap();
            assert!(
                same(&ours.to_value(), &theirs.to_value()),
                "after a reload {question:?} is answered otherwise:\n{ours:?}\n{theirs:?}"
            );
        }
    }
}

fn get_since<T: Entity>(held: Option<Stamp>) -> Envelope {
    let mut request = Request::new(0, Method::Get, EntityRef::new(T::ENTITY, "a").unwrap());
    request.if_modified_since = held.into();
    let sender = Sender::new("nobody".to_owned(), "none".to_owned());
    Envelope { sender, request }
}

fn stamp(micros: u64) -> Stamp {
    Stamp::from_micros(BASE + micros).expect("an instant")
}

fn at(stamp: Stamp) -> String {
    write(&stamp.to_value())
}

fn describe(reply: &Reply) -> String {
    let mut out = reply.status.to_string();
    if let Some(reason) = reply.reason {
        write!(out, " {}", reason.name()).unwrap();
    }
    if let Some(message) = &reply.message {
        write!(out, ": {message}").unwrap();
    }
    out.push('\n');
    if let Some(meta) = &reply.meta {
        writeln!(out, "version {}", describe_meta(meta)).unwrap();
    }
    let mut field = |name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            writeln!(out, "{name} {}", write(value)).unwrap();
        }
    };
    field("since", reply.since.map(Stamp::to_value).as_ref());
    field("diff", reply.diff.as_ref());
    field("value", reply.value.as_ref());
    for meta in reply.history.iter().flatten() {
        writeln!(out, "- {}", describe_meta(meta)).unwrap();
    }
    if let Some(before) = reply.before {
        writeln!(out, "more before {}", at(before)).unwrap();
    }
    if let (Some(version), Some(schema)) = (reply.schema_version, reply.schema) {
        writeln!(out, "schema {version}, {schema}").unwrap();
    }
    out
}

fn describe_meta(meta: &Meta) -> String {
    let mut out = format!("{} by {}", at(meta.modified), meta.person);
    if let Some(other) = &meta.impersonator {
        write!(out, " ({other})").unwrap();
    }
    if meta.valid_from != meta.modified {
        write!(out, " in the snapshot of {}", at(meta.valid_from)).unwrap();
    }
    if let Some(end) = meta.valid_to {
        write!(out, ", until {}", at(end)).unwrap();
    }
    if meta.deleted {
        out.push_str(", deleted");
    }
    if meta.chunks > 0 {
        write!(out, ", {} chunks", meta.chunks).unwrap();
    }
    if let Some(previous) = &meta.previous_values {
        write!(out, ", before: {}", write(previous)).unwrap();
    }
    out
}

fn describe_push(person: &str, Delivery { push, skip }: &Delivery) -> String {
    let skip = skip.as_ref().map_or(String::new(), |skip| format!(" not to {skip}"));
    let (since, meta) = (at(push.since), describe_meta(&push.meta));
    format!("-> {person}{skip}: {since} to {meta} {}", write(&push.diff))
}
