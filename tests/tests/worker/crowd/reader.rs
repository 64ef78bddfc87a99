//! A browser that follows one entity and takes nothing on trust.

use temporal_entity_core::message::{Downstream, EntityRef, Method, Push, Reply, Request};
use temporal_entity_core::patch::apply;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, Event, Session, patch, request};
use temporal_entity_tests::workerd::Workerd;

use super::object_of;
use crate::common::{unique, version};

/// One browser, what it holds of the entity, and what it was sent.
pub struct Reader {
    pub session: Session,
    name: String,
    pub browser: Browser,
    pub entity: EntityRef,
    pub held: Stamp,
    pub value: Value,
    /// Pushes that brought it further.
    pub pushes: usize,
    /// Pushes of what it had already. They do no harm, and may come where an object was read anew before its alarm: it does
    /// not know then who was told.
    pub told_again: usize,
}

impl Reader {
    /// A new person's browser, subscribed.
    pub fn new(server: &Workerd, entity: &EntityRef) -> Reader {
        Reader::of(&Session::login(server, &unique("reader")), "laptop", entity)
    }

    /// A browser of this person, subscribed.
    pub fn of(session: &Session, name: &str, entity: &EntityRef) -> Reader {
        let mut browser = session.connect(name);
        let reply = browser.subscribe(entity, None);
        Reader {
            session: session.clone(),
            name: name.to_owned(),
            browser,
            entity: entity.clone(),
            held: version(&reply),
            value: reply.value.expect("the answer to who holds nothing has the value"),
            pushes: 0,
            told_again: 0,
        }
    }

    /// The object that its socket leads to.
    pub fn object(&self) -> EntityRef {
        object_of(&self.session)
    }

    /// The next message; `None` when the socket is gone.
    pub fn message(&mut self) -> Option<Downstream> {
        match self.browser.event() {
            Event::Message(message, _) => Some(*message),
            Event::Closed(..) | Event::Lost => None,
        }
    }

    /// Takes a push: it leads away from the version held, or it is old.
    pub fn take(&mut self, push: Push) {
        assert_eq!(push.entity, self.entity);
        if push.meta.modified <= self.held {
            self.told_again += 1;
            return;
        }
        assert_eq!(push.since, self.held, "{} {}: a gap", self.session.person, self.name);
        self.go_on(&push.diff, push.meta.modified);
        self.pushes += 1;
    }

    fn go_on(&mut self, diff: &Value, version: Stamp) {
        apply(&mut self.value, diff).expect("it fits the version that it leads away from");
        self.held = version;
    }

    /// Reads pushes up to a version, neither more nor less.
    pub fn read_to(&mut self, version: Stamp) {
        while self.held < version {
            match self.message() {
                Some(Downstream::Push(push)) => self.take(push),
                other => panic!("{} at {:?}: {other:?}", self.session.person, self.held),
            }
        }
        assert_eq!(self.held, version, "{} reads on to a version", self.session.person);
    }

    /// Reads so many pushes that bring it further.
    pub fn read(&mut self, pushes: usize) {
        let enough = self.pushes + pushes;
        while self.pushes < enough {
            match self.message() {
                Some(Downstream::Push(push)) => self.take(push),
                other => panic!("{} at {:?}: {other:?}", self.session.person, self.held),
            }
        }
    }

    /// Reads what is there until the server is gone.
    pub fn read_until_gone(&mut self) {
        while let Some(message) = self.message() {
            match message {
                Downstream::Push(push) => self.take(push),
                other => panic!("{} asked nothing: {other:?}", self.session.person),
            }
        }
    }

    /// Nothing new is on its way: pushes and replies of one entity keep their order.
    pub fn hears_nothing_more(&mut self) {
        let mut get = request(Method::Get, &self.entity);
        get.if_modified_since = Some(self.held).into();
        self.browser.send(&get);
        let (held, pushes) = (self.held, self.pushes);
        let reply = self.reply_to(&get);
        assert_eq!((reply.status, self.held, self.pushes), (304, held, pushes), "{reply:?}");
    }

    /// Edits, and waits for the reply; the edit. Nobody else may edit meanwhile.
    pub fn edit(&mut self, diff: Value) -> Stamp {
        let edit = patch(&self.entity, self.held, diff);
        self.browser.send(&edit);
        let reply = self.reply_to(&edit);
        assert_eq!((reply.status, reply.since), (200, Some(self.held)), "{reply:?}");
        self.follow(&reply);
        self.held
    }

    /// The reply to a request that was sent; the pushes that come before it are taken.
    pub fn reply_to(&mut self, request: &Request) -> Reply {
        loop {
            match self.message() {
                Some(Downstream::Reply(reply)) => {
                    assert_eq!(reply.id, Some(request.id), "{reply:?}");
                    return reply;
                }
                Some(Downstream::Push(push)) => self.take(push),
                other => panic!("{} waits for a reply: {other:?}", self.session.person),
            }
        }
    }

    /// Goes on from a reply.
    pub fn follow(&mut self, reply: &Reply) {
        match (&reply.value, &reply.diff) {
            (Some(value), _) => {
                self.value = value.clone();
                self.held = version(reply);
            }
            (None, Some(diff)) => {
                assert_eq!(reply.since, Some(self.held), "{reply:?}");
                self.go_on(diff, version(reply));
            }
            (None, None) => assert_eq!(reply.status, 304, "{reply:?}"),
        }
    }

    /// Connects again, and asks for what it missed. Before the answer it leaves what comes: it may lack what that
    /// builds on.
    pub fn come_back(&mut self) {
        self.browser = self.session.connect(&self.name);
        let reply = self.browser.subscribe(&self.entity, Some(self.held));
        self.follow(&reply);
    }
}
