//! The book that is kept of what browsers ask for, and of what they are told.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Request};
use temporal_entity_core::patch::{Form, form};
use temporal_entity_core::value::{Value, entries, get};

use super::World;
use super::oracle::added;

/// A line that some page wrote: its key and its number.
pub type Line = (String, i64);

/// What a request would write.
#[derive(Clone, Default, PartialEq, Debug)]
struct Written {
    lines: Vec<Line>,
    marks: Vec<String>,
    added: i64,
}

/// A request of a browser.
pub struct Asked {
    /// Of which entity.
    pub entity: EntityRef,
    pub method: Method,
    written: Written,
    /// How often it was sent.
    pub times: u32,
}

/// The book of the world.
#[derive(Default)]
pub struct Book {
    /// The requests, by browser and id.
    asked: BTreeMap<(usize, u64), Asked>,
    /// The handles that browsers gave.
    handles: BTreeMap<(usize, u32), EntityRef>,
    /// What browsers were told is stored.
    pub confirmed: BTreeSet<(EntityRef, Line)>,
    /// The marks that browsers were told are stored.
    pub confirmed_marks: BTreeSet<(EntityRef, String)>,
    /// The marks that somebody took out.
    pub removed: BTreeSet<(EntityRef, String)>,
    /// What people added to the total of each entity.
    made: BTreeMap<EntityRef, i64>,
    /// Requests from outside that change something.
    visits: u64,
    marks: u32,
}

impl Book {
    /// A name that nothing in this world has had.
    pub fn fresh(&mut self) -> char {
        self.marks += 1;
        // The supplementary private use areas: enough for every world.
        char::from_u32(0xF_0000 + self.marks).expect("a character")
    }

    /// A number for a request from outside that changes something.
    pub fn next_visit(&mut self) -> u64 {
        self.visits += 1;
        100 + self.visits
    }

    /// The request of this number.
    pub fn asked(&self, browser: usize, id: u64) -> Option<&Asked> {
        self.asked.get(&(browser, id))
    }

    /// The entity to which a browser gave a handle.
    pub fn entity_of(&self, browser: usize, handle: u32) -> Option<&EntityRef> {
        self.handles.get(&(browser, handle))
    }

    /// Somebody made an edit.
    pub fn note_made(&mut self, entity: &EntityRef, patch: &Value) {
        *self.made.entry(entity.clone()).or_default() += added(patch);
    }

    /// How much people added to the total of an entity.
    pub fn made(&self, entity: &EntityRef) -> i64 {
        self.made.get(entity).copied().unwrap_or(0)
    }
}

/// The lines that a diff writes.
pub fn lines(diff: &Value) -> Vec<Line> {
    let lines = get(diff, "lines").map_or(&[][..], entries);
    let line = |(key, number): &(Value, Value)| {
        let number = number.as_integer().and_then(|number| i64::try_from(number).ok())?;
        Some((key.as_text()?.to_owned(), number))
    };
    lines.iter().filter_map(line).collect()
}

/// The marks that a diff puts in: characters of the story and keys of steps, each of which is used once in a world.
fn marks(diff: &Value) -> Vec<String> {
    let mut marks = Vec::new();
    if let Some(Form::Splice(parts)) = get(diff, "story").map(form) {
        let texts = parts.iter().filter_map(Value::as_text);
        marks.extend(texts.flat_map(str::chars).map(String::from));
    }
    if let Some(Form::Keyed(_, changes, _)) = get(diff, "steps").map(form) {
        let come = changes.iter().filter(|(_, change)| matches!(form(change), Form::Set(_)));
        marks.extend(come.filter_map(|(key, _)| key.as_text()).map(str::to_owned));
    }
    marks
}

impl World {
    pub(super) fn note_sent(&mut self, browser: usize, frame: &[u8]) {
        // One that names its entity by a handle says that a push was not wanted.
        let Ok(request) = Request::decode(frame, MAX_MESSAGE_BYTES) else { return };
        let Request { id, method, entity, handle, diff, edits, .. } = request;
        if let Some(handle) = handle {
            self.book.handles.insert((browser, handle), entity.clone());
        }
        let written = diff.map(|diff| Written {
            lines: lines(&diff),
            marks: marks(&diff),
            added: added(&diff),
        });
        let written = written.unwrap_or_default();
        let before = self.book.asked.get(&(browser, id));
        // A request that is repeated is the same, and a number is not given twice. (An edit keeps its number when it is made
        // again.)
        let same = |before: &Asked| {
            let again = edits > 0 || before.written == written;
            (&before.entity, before.method, again) == (&entity, method, true)
        };
        assert!(before.is_none_or(same), "browser {browser} gives the number {id} twice");
        let times = before.map_or(0, |before| before.times) + 1;
        let asked = Asked { entity, method, written, times };
        self.book.asked.insert((browser, id), asked);
    }

    /// What a browser is told is stored, is.
    pub(super) fn note_received(&mut self, browser: usize, frame: &[u8]) {
        let Ok(Downstream::Reply(reply)) = Downstream::decode(frame) else { return };
        let Some(id) = reply.id.filter(|_| reply.status == 200) else { return };
        let Some(asked) = self.book.asked.get(&(browser, id)) else { return };
        if asked.method != Method::PatchDiff {
            return;
        }
        let Asked { entity, written, .. } = asked;
        let of = |line: &Line| (entity.clone(), line.clone());
        self.book.confirmed.extend(written.lines.iter().map(of));
        let of = |mark: &String| (entity.clone(), mark.clone());
        self.book.confirmed_marks.extend(written.marks.iter().map(of));
        if !written.lines.is_empty() || written.added != 0 {
            let name = &self.browsers[browser].name;
            let stored = self.entities[entity].oracle.stored(name, id);
            let stored = stored.is_some_and(|first| first <= id);
            assert!(stored, "{entity}: {name} is told that {id} is stored, and it is not");
        }
    }
}
