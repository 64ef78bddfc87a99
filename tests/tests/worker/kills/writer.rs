//! A person who edits without a pause, over a socket that breaks now and then.

use std::collections::{BTreeSet, VecDeque};

use temporal_entity_core::message::{Downstream, EntityRef, Method, Reply, Request};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, Event, Session, patch, request};
use temporal_entity_tests::notation::parse;

use crate::common::version;

/// Edits that are sent before the first is answered.
const WINDOW: usize = 4;

const BROWSER: &str = "laptop";

/// One writer. Each of its edits has a name, adds one to a counter, and puts its name into a map and at the end of a
/// list.
pub struct Writer {
    pub name: String,
    session: Session,
    /// Whether it repeats what was not answered.
    pub repeats: bool,
    sent: usize,
    held: Stamp,
    /// What was sent and not answered, with the name of the edit.
    waiting: VecDeque<(String, Request)>,
    /// What was acknowledged, with the version that it made.
    pub stored: Vec<(String, Stamp)>,
    /// The last of them as it was sent.
    last: Option<Request>,
    /// What was stored and never acknowledged, and will not be repeated.
    doubtful: BTreeSet<String>,
}

impl Writer {
    pub fn new(name: &str, session: Session, held: Stamp, repeats: bool) -> Writer {
        Writer {
            name: name.to_owned(),
            session,
            repeats,
            sent: 0,
            held,
            waiting: VecDeque::new(),
            stored: Vec::new(),
            last: None,
            doubtful: BTreeSet::new(),
        }
    }

    /// Names of the edits that may or may not have been stored.
    pub fn unanswered(&self) -> BTreeSet<&str> {
        let waiting = self.waiting.iter().map(|(name, _)| name.as_str());
        waiting.chain(self.doubtful.iter().map(String::as_str)).collect()
    }

    /// After a kill these edits are there. What will not be repeated was either stored, and stays, or never will be.
    pub fn settle(&mut self, there: &[String]) {
        if !self.repeats {
            self.doubtful.extend(self.waiting.drain(..).map(|(name, _)| name));
            self.doubtful.retain(|name| there.contains(name));
        }
    }

    /// Comes (back), and edits until the server is gone.
    pub fn write_until_gone(&mut self, card: &EntityRef) {
        let Some(mut browser) = self.session.try_connect(BROWSER) else { return };
        // Whoever hears of changes gives the object pushes and alarms to do besides.
        let subscribe = request(Method::Subscribe, card);
        browser.send(&subscribe);
        let again = self.waiting.iter().map(|(_, request)| request);
        again.for_each(|request| browser.send(request));
        loop {
            while self.waiting.len() < WINDOW {
                let edit = self.next_edit(card);
                browser.send(&edit);
            }
            match next_reply(&mut browser) {
                Some(reply) if reply.id == Some(subscribe.id) => assert!(reply.is_success()),
                Some(reply) => self.answered(&reply),
                None => return,
            }
        }
    }

    fn next_edit(&mut self, card: &EntityRef) -> Request {
        let name = format!("{}-{:05}", self.name, self.sent);
        self.sent += 1;
        let edit = patch(card, self.held, edit(&name));
        self.waiting.push_back((name, edit.clone()));
        edit
    }

    fn answered(&mut self, reply: &Reply) {
        assert_eq!(reply.status, 200, "{reply:?}");
        let (name, request) = self.waiting.pop_front().expect("a reply to something");
        assert_eq!(reply.id, Some(request.id), "replies come in the order of the requests");
        let version = version(reply);
        assert!(version > self.held, "{name} made {version:?} after {:?}", self.held);
        self.held = version;
        self.stored.push((name, version));
        self.last = Some(request);
    }

    /// Asks once more for what was acknowledged last: the answer is that of the first time.
    pub fn repeat_last(&self) {
        let (Some(last), Some((name, version))) = (&self.last, self.stored.last()) else { return };
        let reply = self.session.connect(BROWSER).ask(last);
        let answer = (reply.status, reply.meta.as_ref().map(|meta| meta.modified));
        assert_eq!(answer, (200, Some(*version)), "{name} again: {reply:?}");
    }
}

/// The diff of the edit with this name.
fn edit(name: &str) -> Value {
    parse(&format!(
        r#"{{"votes": [4, 1], "labels": {{"{name}": "red"}},
            "checklist": [5, "id", {{"{name}": [0, {{"id": "{name}", "text": "", "done": false}}]}},
                [[true, "{name}"]]]}}"#
    ))
}

/// The next reply; `None` when the server is gone.
fn next_reply(browser: &mut Browser) -> Option<Reply> {
    loop {
        match browser.event() {
            Event::Message(message, _) => match *message {
                Downstream::Reply(reply) => return Some(reply),
                Downstream::Push(_) => {}
                other => panic!("not a reply: {other:?}"),
            },
            Event::Closed(..) | Event::Lost => return None,
        }
    }
}
