//! A browser for the tests of the hub, and what a server says to it.

use temporal_entity::Stamp;
use temporal_entity_core::codec::decode;
use temporal_entity_core::hub::{HubEffect, HubMachine};
use temporal_entity_core::local::{Problem, Refusal, State, Topic};
use temporal_entity_core::message::{
    Downstream, EntityRef, Meta, Method, Push, Reply, Request, ShortPush, text, whole_number,
};
use temporal_entity_core::store::{TabEffect, TabMachine};
use temporal_entity_core::value::get;
use temporal_entity_tests::notation::{BASE, parse, write};

pub const SECOND: u64 = 1_000_000;

/// A browser with tabs, all of one entity, without any delay within the browser.
pub struct Browser {
    pub now: Stamp,
    pub hub: HubMachine,
    pub tabs: Vec<TabMachine>,
    /// What the tabs were built for.
    pub schemas: Vec<Option<u64>>,
    pub sent: Vec<Request>,
    /// The handles of which pushes were not wanted.
    pub unwanted: Vec<u32>,
    pub sockets: usize,
    /// Direct lines that were asked for, each with its ticket.
    pub opened: Vec<(u32, String)>,
    /// What was sent on a direct line.
    pub on_line: Vec<Request>,
    pub closed: Vec<u32>,
    /// Answers to calls, each with the tab that gets it.
    pub answered: Vec<(usize, TabEffect)>,
    pub timer: Option<Stamp>,
}

pub fn note() -> EntityRef {
    EntityRef::new("Note", "a").unwrap()
}

pub fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * SECOND).unwrap()
}

pub fn meta(seconds: u64) -> Meta {
    Meta {
        valid_from: at(seconds),
        modified: at(seconds),
        person: "bob".to_owned(),
        ..Meta::default()
    }
}

pub fn deleted(seconds: u64) -> Meta {
    Meta { deleted: true, ..meta(seconds) }
}

pub fn with_diff(status: u16, since: u64, to: u64, diff: &str) -> Reply {
    let reply = Reply::ok(status);
    Reply { since: Some(at(since)), meta: Some(meta(to)), diff: Some(parse(diff)), ..reply }
}

/// The handle by which a request unsubscribes.
fn unsubscribed(bytes: &[u8]) -> u32 {
    let request = decode(bytes, 1 << 20).unwrap();
    assert_eq!(text(&request, "method"), Some("unsubscribe"));
    u32::try_from(whole_number(get(&request, "handle").unwrap()).unwrap()).unwrap()
}

impl Browser {
    pub fn new(tabs: usize) -> Browser {
        Browser::built(&vec![None; tabs])
    }

    /// With tabs that were built for these schemas.
    pub fn built(schemas: &[Option<u64>]) -> Browser {
        let mut browser = Browser {
            now: at(0),
            hub: HubMachine::new(at(0), 1),
            tabs: (0..schemas.len() as u64).map(|tab| TabMachine::new(tab << 40)).collect(),
            schemas: schemas.to_vec(),
            sent: Vec::new(),
            unwanted: Vec::new(),
            sockets: 0,
            opened: Vec::new(),
            on_line: Vec::new(),
            closed: Vec::new(),
            answered: Vec::new(),
            timer: None,
        };
        for (tab, schema) in browser.tabs.iter_mut().zip(schemas) {
            tab.attached();
            tab.open(Topic::new(note(), *schema));
        }
        browser.settle();
        browser
    }

    /// Connected, and showing a note of version 1.
    pub fn live(tabs: usize) -> Browser {
        let mut browser = Browser::new(tabs);
        browser.welcome("ada");
        browser.read(r#"{"title": "a", "lines": {}}"#);
        browser
    }

    /// The first answer: all of version 1.
    pub fn read(&mut self, value: &str) {
        let value = Some(parse(value));
        self.reply(Method::Subscribe, Reply { meta: Some(meta(1)), value, ..Reply::ok(200) });
    }

    pub fn settle(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(effect) = self.hub.poll_effect() {
                quiet = false;
                match effect {
                    HubEffect::OpenSocket => self.sockets += 1,
                    HubEffect::Send(bytes) => match Request::decode(&bytes, 1 << 20) {
                        Ok(request) => self.sent.push(request),
                        Err(_) => self.unwanted.push(unsubscribed(&bytes)),
                    },
                    HubEffect::ToTab { tab, bytes } => self.tabs[tab as usize].receive(&bytes),
                    HubEffect::Broadcast { channel: name, bytes } => {
                        let listens =
                            |built: &Option<u64>| Topic::new(note(), *built).channel() == name;
                        assert!(self.schemas.iter().any(listens), "{name}");
                        let tabs = self.tabs.iter_mut().zip(&self.schemas);
                        let listening = tabs.filter(|(_, built)| listens(built));
                        listening.for_each(|(tab, _)| tab.receive(&bytes));
                    }
                    HubEffect::OpenLine { line, ticket } => self.opened.push((line, ticket)),
                    HubEffect::SendLine { bytes, .. } => {
                        self.on_line.push(Request::decode(&bytes, 1 << 20).unwrap());
                    }
                    HubEffect::CloseLine(line) => self.closed.push(line),
                    HubEffect::SetTimer(at) => self.timer = Some(at),
                }
            }
            for tab in 0..self.tabs.len() {
                while let Some(effect) = self.tabs[tab].poll_effect() {
                    quiet = false;
                    match effect {
                        TabEffect::Send(bytes) => {
                            self.hub.tab_message(self.now, tab as u32, &bytes);
                        }
                        TabEffect::Answered { .. } => self.answered.push((tab, effect)),
                        _ => {}
                    }
                }
            }
            if quiet {
                return;
            }
        }
    }

    /// As [`Browser::settle`]; the answers that a tab gets to its calls.
    pub fn answers(&mut self, tab: usize) -> Vec<TabEffect> {
        let number = self.answered.len();
        self.settle();
        let answers = self.answered.drain(number..);
        answers.filter_map(|(of, effect)| (of == tab).then_some(effect)).collect()
    }

    /// The hub ends without a word, and another one takes its place.
    pub fn replace_hub(&mut self) {
        self.now = self.now.plus(SECOND);
        self.hub = HubMachine::new(self.now, 1);
        self.sent.clear();
        self.timer = None;
        self.tabs.iter_mut().for_each(TabMachine::attached);
        self.settle();
    }

    pub fn frame(&mut self, message: &Downstream) {
        self.hub.socket_frame(self.now, &message.encode().unwrap());
        self.settle();
    }

    pub fn welcome(&mut self, person: &str) {
        self.frame(&Downstream::Welcome { person: person.to_owned() });
    }

    pub fn lost(&mut self) {
        self.hub.socket_closed(self.now, 1006);
        self.settle();
    }

    /// Answers the request under way, which is one of that method.
    pub fn reply(&mut self, method: Method, reply: Reply) -> Request {
        let request = self.sent.pop().expect("a request");
        assert!(self.sent.is_empty(), "{:?}", self.sent);
        assert_eq!(request.method, method);
        self.frame(&Downstream::Reply(Reply { id: Some(request.id), ..reply }));
        request
    }

    pub fn push(&mut self, since: u64, meta: Meta, diff: &str) {
        let push = Push { entity: note(), since: at(since), meta, diff: parse(diff), line: false };
        self.frame(&Downstream::Push(push));
    }

    /// The same in the short form.
    pub fn short_push(&mut self, handle: u32, since: u64, meta: Meta, diff: &str) {
        let push = ShortPush { handle, since: at(since), meta, diff: parse(diff), line: false };
        self.frame(&Downstream::Short(push));
    }

    pub fn edit(&mut self, tab: usize, patch: &str) {
        self.edit_first(tab, patch);
        self.settle();
    }

    /// An edit that does not leave the tab before [`Browser::settle`].
    pub fn edit_first(&mut self, tab: usize, patch: &str) {
        self.tabs[tab].edit(&note(), parse(patch)).unwrap();
    }

    pub fn shown(&self, tab: usize) -> String {
        self.tabs[tab].view(&note()).map_or("nothing".to_owned(), write)
    }

    pub fn problem(&self) -> Option<u16> {
        self.problem_of(0)
    }

    pub fn problem_of(&self, tab: usize) -> Option<u16> {
        self.tabs[tab].status(&note()).problem.map(|problem| problem.status)
    }

    /// The refused edits that a tab shows: status, reason, places, what was shown here, and what is shown now.
    pub fn problems(&self, tab: usize) -> Vec<String> {
        let problems = self.tabs[tab].status(&note()).problems;
        let shown = |refusal: &Refusal| {
            let Problem { status, reason, .. } = refusal.problem().unwrap();
            let part = |key| get(refusal.as_value(), key).map_or("-".to_owned(), write);
            let (paths, mine, theirs) = (part("paths"), part("mine"), part("theirs"));
            format!("{status} {reason} {paths} {mine} {theirs}")
        };
        problems.iter().map(shown).collect()
    }

    pub fn pending(&self) -> u32 {
        self.tabs[0].status(&note()).pending
    }

    pub fn connected(&self, tab: usize) -> bool {
        self.tabs[tab].status(&note()).connected
    }

    pub fn state(&self) -> State {
        self.tabs[0].status(&note()).state
    }

    /// Until the timer, which rings.
    pub fn wait(&mut self) {
        self.now = self.timer.take().expect("a timer");
        self.hub.timer(self.now);
        self.settle();
    }
}
