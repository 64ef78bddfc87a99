//! What people do in the world, what breaks, and the book that is kept of it.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::local::State;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Request};
use temporal_entity_core::patch::{
    Form, PATCH_ADD, PATCH_KEYED, PATCH_SPLICE, elements, form, removal, set_to,
};
use temporal_entity_core::value::{MapBuilder, Value, entries, get};

use super::browser::topic;
use super::{Event, World};

/// A line that some page wrote: its key and its number.
pub type Line = (String, i64);

/// What a request would write.
#[derive(Clone, PartialEq)]
struct Written {
    entity: EntityRef,
    lines: Vec<Line>,
    marks: Vec<String>,
}

/// The book of the world.
#[derive(Default)]
pub struct Ledger {
    /// What each request of a browser would write, by the request's id.
    sent: BTreeMap<(usize, u64), Written>,
    /// What browsers were told is stored.
    pub confirmed: BTreeSet<(EntityRef, Line)>,
    /// The marks that browsers were told are stored.
    pub confirmed_marks: BTreeSet<(EntityRef, String)>,
    /// The marks that somebody took out.
    pub removed: BTreeSet<(EntityRef, String)>,
    marks: u32,
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
pub fn marks(diff: &Value) -> Vec<String> {
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

fn map(key: &str, value: impl Into<Value>) -> Value {
    MapBuilder::new().put(key, value).finish()
}

impl World {
    pub(super) fn note_sent(&mut self, browser: usize, frame: &[u8]) {
        // One that names its entity by a handle says that a push was not wanted.
        let Ok(request) = Request::decode(frame, MAX_MESSAGE_BYTES) else { return };
        if let (Method::PatchDiff, Some(diff)) = (request.method, &request.diff) {
            let written =
                Written { entity: request.entity.clone(), lines: lines(diff), marks: marks(diff) };
            let before = self.ledger.sent.insert((browser, request.id), written.clone());
            // A request that is repeated is the same, and a number is not given twice.
            assert!(before.is_none_or(|before| before == written));
        }
    }

    pub(super) fn note_received(&mut self, browser: usize, frame: &[u8]) {
        let Ok(Downstream::Reply(reply)) = Downstream::decode(frame) else { return };
        let Some(id) = reply.id.filter(|_| reply.status == 200) else { return };
        if let Some(Written { entity, lines, marks }) = self.ledger.sent.get(&(browser, id)) {
            let confirmed = lines.iter().map(|line| (entity.clone(), line.clone()));
            self.ledger.confirmed.extend(confirmed);
            let confirmed = marks.iter().map(|mark| (entity.clone(), mark.clone()));
            self.ledger.confirmed_marks.extend(confirmed);
        }
    }

    /// Somebody does something.
    pub(super) fn act(&mut self, number: usize) {
        if self.calm {
            return;
        }
        let all: Vec<_> = self.entities.keys().cloned().collect();
        let entity = self.chance.pick(&all).expect("an entity");
        match self.chance.below(100) {
            0..15 => {
                self.tabs[number].open.entry(entity.clone()).or_default();
                self.with_tab(number, |tab| tab.open(topic(&entity)));
            }
            15..18 => {
                self.tabs[number].open.remove(&entity);
                self.with_tab(number, |tab| tab.close(&entity));
            }
            18..20 => self.reload(number),
            20..21 => self.ask(number, &entity, Method::Delete),
            21..25 => self.ask(number, &entity, Method::PatchUndelete),
            25..27 => self.with_tab(number, |tab| tab.resumed()),
            27..35 => {
                let title = format!("title {}", self.chance.below(5));
                self.edit(number, &entity, map("title", title));
            }
            35..40 => {
                let room = map("room", format!("room {}", self.chance.below(3)));
                let whole = MapBuilder::new().put("room", "attic").put("shelf", 1).finish();
                let change = [Value::Null, room, set_to(whole)];
                let change = self.chance.pick(&change).expect("a change");
                self.edit(number, &entity, map("place", change));
            }
            40..55 => self.write_story(number, &entity),
            55..70 => self.arrange_steps(number, &entity),
            70..75 => {
                let patch = Value::Array(vec![Value::from(PATCH_ADD), Value::from(1)]);
                self.edit(number, &entity, map("total", patch));
            }
            75..78 => {
                let mark = Value::from(format!("mark {}", self.chance.below(4)));
                let (come, leave) = if self.chance.below(2) == 0 {
                    (vec![mark], Vec::new())
                } else {
                    (Vec::new(), vec![mark])
                };
                let patch = elements(come, leave).expect("a change");
                self.edit(number, &entity, map("marks", patch));
            }
            78..80 => {
                let place = Value::from(0);
                let items = Value::Array(vec![Value::from("item")]);
                let patch = vec![Value::from(PATCH_SPLICE), place.clone(), place, items];
                self.edit(number, &entity, map("list", Value::Array(patch)));
            }
            _ => {
                self.tabs[number].edits += 1;
                let line = map(&self.tabs[number].page, self.tabs[number].edits);
                self.edit(number, &entity, map("lines", line));
            }
        }
        // Now and then many things quickly.
        let pause = if self.chance.below(3) == 0 { 3 } else { 500 };
        self.after(pause, Event::Act(number));
    }

    /// A name that nothing in this world has had.
    fn fresh(&mut self) -> char {
        self.ledger.marks += 1;
        // The supplementary private use areas: enough for every world.
        char::from_u32(0xF_0000 + self.ledger.marks).expect("a character")
    }

    /// Somebody puts a character into the story as it is shown, or takes one out.
    fn write_story(&mut self, number: usize, entity: &EntityRef) {
        let view = self.tabs[number].machine.view(entity);
        let story = view.and_then(|view| get(view, "story")?.as_text()).unwrap_or_default();
        let story: Vec<char> = story.chars().collect();
        let at = self.chance.below(story.len() as u64 + 1);
        let taken = story.get(at as usize).filter(|_| self.chance.below(4) == 0);
        let (removed, inserted) = match taken {
            Some(character) => {
                self.ledger.removed.insert((entity.clone(), character.to_string()));
                (1, String::new())
            }
            None => (0, self.fresh().to_string()),
        };
        let parts = [Value::from(PATCH_SPLICE), at.into(), removed.into(), inserted.into()];
        self.edit(number, entity, map("story", Value::Array(parts.into())));
    }

    /// Somebody puts in a step, moves one, marks one as done, or takes one out.
    fn arrange_steps(&mut self, number: usize, entity: &EntityRef) {
        let view = self.tabs[number].machine.view(entity);
        let steps = view.and_then(|view| get(view, "steps")?.as_array()).cloned();
        let keys: Vec<Value> =
            steps.iter().flatten().filter_map(|step| get(step, "id")).cloned().collect();
        let anchor = self.chance.pick(&keys).unwrap_or(Value::Null);
        let placed = |key: &Value| vec![Value::Array(vec![anchor.clone(), key.clone()])];
        let (changes, places) = match (self.chance.below(6), self.chance.pick(&keys)) {
            (0, Some(key)) => {
                let name = key.as_text().expect("a name").to_owned();
                self.ledger.removed.insert((entity.clone(), name));
                (vec![(key, removal())], Vec::new())
            }
            (1, Some(key)) => (vec![(key, map("done", self.chance.below(2) == 0))], Vec::new()),
            (2, Some(key)) if key != anchor => (Vec::new(), placed(&key)),
            _ => {
                let key = Value::from(self.fresh().to_string());
                let step = MapBuilder::new().put("id", key.clone()).put("done", false).finish();
                (vec![(key.clone(), set_to(step))], placed(&key))
            }
        };
        let parts =
            [Value::from(PATCH_KEYED), "id".into(), Value::Map(changes), Value::Array(places)];
        self.edit(number, entity, map("steps", Value::Array(parts.into())));
    }

    fn edit(&mut self, number: usize, entity: &EntityRef, patch: Value) {
        let live = self.tabs[number].machine.status(entity).state == State::Live;
        let edited = self.with_tab(number, |tab| tab.edit(entity, patch));
        // Only what does not fit is refused.
        assert!(edited.is_ok() || !live || edited.is_err_and(|problem| problem.status == 400));
    }

    fn ask(&mut self, number: usize, entity: &EntityRef, method: Method) {
        self.with_tab(number, |tab| tab.call(topic(entity), method, None));
    }

    /// Something breaks.
    pub(super) fn trouble(&mut self) {
        if self.calm {
            return;
        }
        match self.chance.below(10) {
            0..4 => {
                let open: Vec<_> =
                    self.browsers.iter().filter_map(|browser| browser.socket).collect();
                if let Some(socket) = self.chance.pick(&open) {
                    self.cut(socket);
                }
            }
            4..6 => {
                let browser = self.chance.below(self.browsers.len() as u64) as usize;
                self.end_hub(browser);
            }
            6..8 => {
                let persons: Vec<_> = self.persons.keys().cloned().collect();
                let person = self.chance.pick(&persons).expect("a person");
                self.end_person(&person);
            }
            _ => {
                let entities: Vec<_> = self.entities.keys().cloned().collect();
                let entity = self.chance.pick(&entities).expect("an entity");
                self.end_entity(&entity);
            }
        }
        self.after(800, Event::Trouble);
    }
}
