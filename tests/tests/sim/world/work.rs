//! What people do in the world.

use temporal_entity::Stamp;
use temporal_entity_core::local::State;
use temporal_entity_core::message::{EntityRef, Method, Reason, Request, Token};
use temporal_entity_core::patch::{
    PATCH_ADD, PATCH_KEYED, PATCH_SPLICE, elements, removal, set_to,
};
use temporal_entity_core::value::{MapBuilder, Value, get};

use super::World;
use super::event::Event;
use super::size::Pattern;
use super::tab::topic;

pub(super) fn map(key: &str, value: impl Into<Value>) -> Value {
    MapBuilder::new().put(key, value).finish()
}

impl World {
    /// Somebody does something.
    pub(super) fn act(&mut self, number: usize) {
        if self.calm || self.tabs[number].gone {
            return;
        }
        if !self.tabs[number].is_frozen() {
            let entity = self.entity_at_hand();
            self.act_on(number, &entity);
        }
        // Now and then many things quickly.
        let pause = if self.chance.below(3) == 0 { 3 } else { 500 };
        self.after(pause, Event::Act(number));
    }

    pub(super) fn some_entity(&mut self) -> EntityRef {
        let all: Vec<_> = self.entities.keys().cloned().collect();
        self.chance.pick(&all).expect("an entity")
    }

    fn entity_at_hand(&mut self) -> EntityRef {
        match self.size.pattern {
            Pattern::Crowd if self.chance.below(5) > 0 => {
                self.entities.keys().next().cloned().expect("an entity")
            }
            _ => self.some_entity(),
        }
    }

    fn act_on(&mut self, number: usize, entity: &EntityRef) {
        let (opens, closes) = match self.size.pattern {
            Pattern::Everything => (20, 0),
            Pattern::Browsing | Pattern::Crowd => (15, 3),
            Pattern::Restless => (20, 18),
        };
        let what = self.chance.below(100);
        if what < opens {
            self.tabs[number].open.entry(entity.clone()).or_default();
            return self.with_tab(number, |tab| tab.open(topic(entity)));
        }
        if what < opens + closes {
            self.tabs[number].open.remove(entity);
            return self.with_tab(number, |tab| tab.close(entity));
        }
        match self.chance.below(100) {
            0..2 => self.reload(number),
            2..3 => self.ask(number, entity, Method::Delete),
            3..7 => self.ask(number, entity, Method::PatchUndelete),
            7..9 => self.with_tab(number, |tab| tab.resumed()),
            9..11 => self.look_back(entity),
            11..12 if self.size.restores => self.bring_back(entity),
            12..30 => self.change_a_field(number, entity),
            30..50 => self.write_story(number, entity),
            50..70 => self.arrange_steps(number, entity),
            _ => {
                self.tabs[number].edits += 1;
                let line = map(&self.tabs[number].page, self.tabs[number].edits);
                self.edit(number, entity, map("lines", line));
            }
        }
    }

    fn change_a_field(&mut self, number: usize, entity: &EntityRef) {
        let patch = match self.chance.below(5) {
            0 => map("title", format!("title {}", self.chance.below(5))),
            1 => {
                let room = map("room", format!("room {}", self.chance.below(3)));
                let whole = MapBuilder::new().put("room", "attic").put("shelf", 1).finish();
                let change = [Value::Null, room, set_to(whole)];
                map("place", self.chance.pick(&change).expect("a change"))
            }
            2 => map("total", Value::Array(vec![Value::from(PATCH_ADD), Value::from(1)])),
            3 => {
                let mark = Value::from(format!("mark {}", self.chance.below(4)));
                let (come, leave) = if self.chance.below(2) == 0 {
                    (vec![mark], Vec::new())
                } else {
                    (Vec::new(), vec![mark])
                };
                map("marks", elements(come, leave).expect("a change"))
            }
            _ => {
                let place = Value::from(0);
                let items = Value::Array(vec![Value::from("item")]);
                let patch = vec![Value::from(PATCH_SPLICE), place.clone(), place, items];
                map("list", Value::Array(patch))
            }
        };
        self.edit(number, entity, patch);
    }

    /// Somebody from outside reads what there is, and what there was.
    fn look_back(&mut self, entity: &EntityRef) {
        let now = self.visit(entity, Request::new(2, Method::Get, entity.clone()));
        let (instant, oracle) = (self.some_instant(entity), &self.entities[entity].oracle);
        oracle.check(entity, &now);
        let mut request = Request::new(3, Method::Get, entity.clone());
        request.past.as_of = Token::At(instant);
        let past = self.visit(entity, request);
        self.entities[entity].oracle.check_past(entity, instant, &past);
    }

    /// From a little before the first snapshot to a little behind the last one.
    fn some_instant(&mut self, entity: &EntityRef) -> Stamp {
        let (first, last) = self.entities[entity].oracle.span();
        let early = first.minus(100);
        early.plus(self.chance.below(last.since(early) + 200))
    }

    /// Somebody from outside brings a former value back.
    fn bring_back(&mut self, entity: &EntityRef) {
        let instant = self.some_instant(entity);
        let id = self.book.next_visit();
        let mut request = Request::new(id, Method::Restore, entity.clone());
        request.past.as_of = Token::At(instant);
        let reply = self.visit(entity, request);
        self.entity(entity).oracle.restored |= reply.is_success();
    }

    /// Somebody from outside changes every entity, and brings back those that are deleted.
    pub(super) fn stir(&mut self) {
        let entities: Vec<_> = self.entities.keys().cloned().collect();
        for entity in entities {
            for (method, diff) in
                [(Method::PatchUndelete, None), (Method::PatchDiff, Some(map("title", "stirred")))]
            {
                let id = self.book.next_visit();
                let mut request = Request::new(id, method, entity.clone());
                request.diff = diff;
                request.if_unmodified_since = self.entities[&entity].oracle.version.into();
                let reply = self.visit(&entity, request);
                let stirred = reply.is_success() || reply.reason == Some(Reason::NotDeleted);
                assert!(stirred, "{entity} is not stirred: {reply:?}");
            }
        }
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
                self.book.removed.insert((entity.clone(), character.to_string()));
                (1, String::new())
            }
            None => (0, self.book.fresh().to_string()),
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
                self.book.removed.insert((entity.clone(), name));
                (vec![(key, removal())], Vec::new())
            }
            (1, Some(key)) => (vec![(key, map("done", self.chance.below(2) == 0))], Vec::new()),
            (2, Some(key)) if key != anchor => (Vec::new(), placed(&key)),
            _ => {
                let key = Value::from(self.book.fresh().to_string());
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
        self.book.note_made(entity, &patch);
        let edited = self.with_tab(number, |tab| tab.edit(entity, patch).err());
        // Only what does not fit is refused.
        assert!(edited.is_none_or(|problem| !live || problem.status == 400));
    }

    fn ask(&mut self, number: usize, entity: &EntityRef, method: Method) {
        self.with_tab(number, |tab| tab.call(topic(entity), method, None));
    }
}
