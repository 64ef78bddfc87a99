//! What people do in the world, what breaks, and the book that is kept of it.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::local::State;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Request};
use temporal_entity_core::patch::set_to;
use temporal_entity_core::value::{MapBuilder, Value, entries, get};

use super::{Event, World};

/// A line that some page wrote: its key and its number.
pub type Line = (String, i64);

/// The book of the world.
#[derive(Default)]
pub struct Ledger {
    /// What each request of a browser would write, by the request's id.
    sent: BTreeMap<(usize, u64), (EntityRef, Vec<Line>)>,
    /// What browsers were told is stored.
    pub confirmed: BTreeSet<(EntityRef, Line)>,
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

fn map(key: &str, value: impl Into<Value>) -> Value {
    MapBuilder::new().put(key, value).finish()
}

impl World {
    pub(super) fn note_sent(&mut self, browser: usize, frame: &[u8]) {
        let request = Request::decode(frame, MAX_MESSAGE_BYTES).expect("a request");
        if let (Method::PatchDiff, Some(diff)) = (request.method, &request.diff) {
            let written = (request.entity.clone(), lines(diff));
            let before = self.ledger.sent.insert((browser, request.id), written.clone());
            // A request that is repeated is the same, and a number is not given twice.
            assert!(before.is_none_or(|before| before == written));
        }
    }

    pub(super) fn note_received(&mut self, browser: usize, frame: &[u8]) {
        let Ok(Downstream::Reply(reply)) = Downstream::decode(frame) else { return };
        let Some(id) = reply.id.filter(|_| reply.status == 200) else { return };
        if let Some((entity, lines)) = self.ledger.sent.get(&(browser, id)) {
            let confirmed = lines.iter().map(|line| (entity.clone(), line.clone()));
            self.ledger.confirmed.extend(confirmed);
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
                self.with_tab(number, |tab| tab.open(&entity));
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

    fn edit(&mut self, number: usize, entity: &EntityRef, patch: Value) {
        let live = self.tabs[number].machine.status(entity).state == State::Live;
        let edited = self.with_tab(number, |tab| tab.edit(entity, patch));
        // Only what does not fit is refused.
        assert!(edited.is_ok() || !live || edited.is_err_and(|problem| problem.status == 400));
    }

    fn ask(&mut self, number: usize, entity: &EntityRef, method: Method) {
        self.with_tab(number, |tab| tab.call(entity, method, None));
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
