//! The direct lines of an entity machine: who is sent what, when several changes came in between.

use std::rc::Rc;

use temporal_entity::Stamp;
use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{
    Downstream, EntityRef, Envelope, Method, Request, Sender, ShortPush,
};
use temporal_entity_core::object::{EntityMachine, Limits, LineEffect};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notation::{BASE, parse, write};
use temporal_entity_tests::notes::Page;

/// A page with a line of Ada's laptop, Ben's and Cleo's: 0, 1 and 2.
struct Hall {
    machine: EntityMachine<Page>,
    storage: MemoryStorage,
    page: EntityRef,
    seconds: u64,
    requests: u64,
}

const READERS: [&str; 3] = ["ada", "ben", "cleo"];

impl Hall {
    fn open() -> Hall {
        let storage = MemoryStorage::default();
        let page = EntityRef::new(Page::ENTITY, "hall").unwrap();
        let machine = EntityMachine::load(&storage, "hall", Limits::default()).unwrap();
        let mut hall = Hall { machine, storage, page, seconds: 0, requests: 0 };
        let mut post = hall.request(Method::Post);
        post.value = Some(parse(r#"{"title": "a"}"#));
        hall.ask("ada", post);
        for (line, person) in (0..).zip(READERS) {
            hall.machine.line_opened(line, sender(person));
            hall.subscribe(line, Some(7));
        }
        hall
    }

    fn request(&mut self, method: Method) -> Request {
        self.requests += 1;
        Request::new(self.requests, method, self.page.clone())
    }

    fn now(&mut self) -> Stamp {
        self.seconds += 1;
        at(self.seconds)
    }

    fn ask(&mut self, person: &str, request: Request) {
        let (now, sender) = (self.now(), sender(person));
        let reply = self.machine.request(&mut self.storage, now, Envelope { sender, request });
        let reply = reply.unwrap();
        assert!(reply.is_success(), "{reply:?}");
    }

    fn edit(&mut self, person: &str, diff: &str) {
        let mut patch = self.request(Method::PatchDiff);
        patch.if_unmodified_since = Some(at(self.seconds)).into();
        patch.diff = Some(parse(diff));
        self.ask(person, patch);
    }

    fn subscribe(&mut self, line: u32, handle: Option<u32>) {
        let mut request = self.request(Method::Subscribe);
        request.handle = handle;
        let now = at(self.seconds);
        let (_, subscribed) =
            self.machine.line_request(&mut self.storage, now, line, request).unwrap();
        assert!(subscribed);
    }

    fn frames(&mut self) -> Vec<(u32, Rc<[u8]>)> {
        let effects = std::iter::from_fn(|| self.machine.poll_line());
        let frame = |effect| match effect {
            LineEffect::Send { line, frame } => (line, frame),
            LineEffect::Close { .. } => panic!("{effect:?}"),
        };
        effects.map(frame).collect()
    }

    fn pushes(&mut self) -> Vec<String> {
        self.frames().iter().map(|(line, frame)| format!("{line}: {}", said(frame))).collect()
    }
}

fn sender(person: &str) -> Sender {
    Sender::new(person, "laptop")
}

fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * 1_000_000).unwrap()
}

fn said(frame: &[u8]) -> String {
    let Ok(Downstream::Short(push)) = Downstream::decode(frame) else { panic!("{frame:?}") };
    let ShortPush { since, meta, diff, .. } = push;
    let seconds = |at: Stamp| (at.micros() - BASE) / 1_000_000;
    format!("{}-{} {}", seconds(since), seconds(meta.modified), write(&diff))
}

#[test]
fn a_change_is_one_frame_for_all() {
    let mut hall = Hall::open();
    hall.edit("ben", r#"{"title": "b"}"#);
    let frames = hall.frames();
    assert_eq!(frames.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(frames.iter().all(|(_, frame)| Rc::ptr_eq(frame, &frames[0].1)), "encoded once");
    assert_eq!(said(&frames[0].1), r#"1-2 {"title": "b"}"#);
    assert!(hall.frames().is_empty());
}

#[test]
fn what_came_together_is_composed_but_not_across_a_change_of_ones_own() {
    let mut hall = Hall::open();
    hall.edit("ada", r#"{"title": "b"}"#);
    hall.edit("cleo", r#"{"title": "c"}"#);
    hall.edit("ben", r#"{"title": "d"}"#);
    hall.edit("ada", r#"{"title": "e"}"#);
    let pushes = [
        r#"0: 1-2 {"title": "b"}"#,
        r#"0: 2-4 {"title": "d"}"#,
        r#"0: 4-5 {"title": "e"}"#,
        r#"1: 1-3 {"title": "c"}"#,
        r#"1: 3-4 {"title": "d"}"#,
        r#"1: 4-5 {"title": "e"}"#,
        r#"2: 1-2 {"title": "b"}"#,
        r#"2: 2-3 {"title": "c"}"#,
        r#"2: 3-5 {"title": "e"}"#,
    ];
    assert_eq!(hall.pushes(), pushes);
}

#[test]
fn who_subscribed_before_the_push_went_out_has_it_in_the_answer() {
    let mut hall = Hall::open();
    hall.edit("ada", r#"{"title": "b"}"#);
    hall.subscribe(1, None);
    assert_eq!(hall.pushes(), [r#"0: 1-2 {"title": "b"}"#, r#"2: 1-2 {"title": "b"}"#]);
}

#[test]
fn a_line_that_did_not_subscribe_hears_nothing() {
    let mut hall = Hall::open();
    hall.machine.line_opened(3, sender("dora"));
    hall.edit("ada", r#"{"title": "b"}"#);
    assert_eq!(hall.frames().len(), 3);
}

#[test]
fn who_is_further_behind_than_is_remembered_is_told_that_it_is() {
    let mut hall = Hall::open();
    for number in 0..300 {
        hall.edit("ben", &format!(r#"{{"title": "{number}"}}"#));
    }
    // What the line is sent does not lead away from what it holds, so its browser asks.
    let pushes = [0, 1, 2].map(|line| format!(r#"{line}: 300-301 {{"title": "299"}}"#));
    assert_eq!(hall.pushes(), pushes);
}

#[test]
fn lines_that_are_found_after_waking_go_on_from_the_present_version() {
    let mut hall = Hall::open();
    hall.edit("ben", r#"{"title": "b"}"#);
    hall.frames();
    hall.machine = EntityMachine::load(&hall.storage, "hall", Limits::default()).unwrap();
    for (line, person) in (0..).zip(READERS) {
        hall.machine.line_woke(line, sender(person), Some(7));
    }
    assert!(hall.frames().is_empty());
    hall.edit("cleo", r#"{"title": "c"}"#);
    let pushes = [0, 1, 2].map(|line| format!(r#"{line}: 2-3 {{"title": "c"}}"#));
    assert_eq!(hall.pushes(), pushes);
}

/// A line of one more browser of Ada's, or of somebody else.
fn browser(person: &str, number: u32) -> Sender {
    Sender::new(person, format!("browser{number}"))
}

#[test]
fn the_lines_of_one_person_make_no_crowd() {
    let mut hall = Hall::open();
    let limits = Limits { lines: Some(8), ..Limits::default() };
    hall.machine = EntityMachine::load(&hall.storage, "hall", limits).unwrap();
    let asks = |hall: &mut Hall| {
        let subscribe = hall.request(Method::Get);
        let now = hall.now();
        let subscribe = Request { method: Method::Subscribe, ..subscribe };
        let envelope = Envelope { sender: sender("zoe"), request: subscribe };
        hall.machine.request(&mut hall.storage, now, envelope).unwrap().line
    };
    (0..40).for_each(|line| hall.machine.line_opened(line, browser("ada", line)));
    assert!(!asks(&mut hall), "Ada has forty lines, and is one reader");
    (40..46).for_each(|line| hall.machine.line_opened(line, browser(&format!("p{line}"), 0)));
    assert!(asks(&mut hall), "with six others and Zoe there are eight");
    // It thins by persons, too.
    (41..46).for_each(|line| hall.machine.line_closed(line));
    assert!(matches!(hall.machine.poll_line(), Some(LineEffect::Close { code: 4410, .. })));
}
