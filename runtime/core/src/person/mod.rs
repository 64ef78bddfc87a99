//! The person machine: the proxy between a person's browsers and the entities.
//!
//! It forwards requests in order per entity, one at a time, and hands deliveries to the browsers that want them.
//! It decides; its host owns the sockets, the calls and the storage, and carries out the effects in order.

mod interests;
mod pushes;
mod queue;

use std::collections::{BTreeMap, VecDeque};

use crate::codec::{decode, encode_value};
use crate::message::{
    BadRequest, Downstream, EntityRef, Envelope, Method, Reason, Reply, Request, Sender,
    whole_number,
};
use crate::object::Limits;
use crate::value::{Value, get};

use self::interests::{Added, Interests};
use self::pushes::leads_to;
use self::queue::{Queue, Waiting};

pub use self::interests::Kept;

/// A socket of this person, numbered by the host.
pub type SocketId = u32;

/// The most entities that one browser can subscribe to.
pub const MAX_SUBSCRIPTIONS: usize = 1000;

/// The most requests of one browser that can wait for an answer, whichever sockets they came by.
pub const MAX_WAITING: usize = 256;

/// The close code of a socket that keeps sending what is no message (policy violation, RFC 6455).
const CLOSE_POLICY: u16 = 1008;

/// The close code of a socket whose browser opened a newer one.
const CLOSE_REPLACED: u16 = 4409;

/// What the host has to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum PersonEffect {
    /// Send a binary frame.
    Send {
        /// To this socket.
        socket: SocketId,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Close a socket.
    Close {
        /// This one.
        socket: SocketId,
        /// Close code.
        code: u16,
        /// A sentence.
        reason: &'static str,
    },
    /// Post to the object of an entity, and report with [`PersonMachine::answered`].
    Call {
        /// Number of the call.
        call: u64,
        /// Whose object.
        entity: EntityRef,
        /// An [`Envelope`].
        body: Vec<u8>,
    },
    /// Keep that a browser wants an entity, in place of what was kept of the two.
    Remember {
        /// The browser.
        browser: String,
        /// The entity.
        entity: EntityRef,
        /// The handle that the browser has given it.
        handle: Option<u32>,
    },
    /// Drop that it does.
    Forget {
        /// The browser.
        browser: String,
        /// The entity.
        entity: EntityRef,
    },
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFailure {
    /// There is no class for this type of entity.
    UnknownType,
    /// The object failed, or did not answer in time; with the reason.
    Unavailable(String),
}

struct Socket {
    browser: String,
    /// Who acts in the person's name there.
    impersonator: Option<String>,
    /// Frames in a row that were no message.
    malformed: u8,
}

/// The machine of one person.
pub struct PersonMachine {
    person: String,
    limits: Limits,
    sockets: BTreeMap<SocketId, Socket>,
    interests: Interests,
    queues: BTreeMap<EntityRef, Queue>,
    /// Requests of each browser that wait for an answer.
    waiting: BTreeMap<String, usize>,
    calls: BTreeMap<u64, EntityRef>,
    next_call: u64,
    effects: VecDeque<PersonEffect>,
}

impl PersonMachine {
    /// The machine of `person`, with the interests that were kept.
    pub fn new(person: &str, interests: Vec<Kept>, limits: Limits) -> PersonMachine {
        PersonMachine {
            person: person.to_owned(),
            limits,
            sockets: BTreeMap::new(),
            interests: Interests::load(interests),
            queues: BTreeMap::new(),
            waiting: BTreeMap::new(),
            calls: BTreeMap::new(),
            next_call: 0,
            effects: VecDeque::new(),
        }
    }

    /// A browser connected, of somebody who acts in the person's name if an `impersonator` is named. An older socket of
    /// the same browser is closed: it is dead, only nobody noticed.
    pub fn opened(&mut self, socket: SocketId, browser: &str, impersonator: Option<&str>) {
        let older: Vec<_> =
            self.sockets.iter().filter(|(_, s)| s.browser == browser).map(|(id, _)| *id).collect();
        for old in older {
            self.sockets.remove(&old);
            let reason = "the browser opened a newer connection";
            self.effects.push_back(PersonEffect::Close {
                socket: old,
                code: CLOSE_REPLACED,
                reason,
            });
        }
        self.woke(socket, browser, impersonator);
        self.send(socket, &Downstream::Welcome { person: self.person.clone() });
    }

    /// A socket was found again after hibernation.
    pub fn woke(&mut self, socket: SocketId, browser: &str, impersonator: Option<&str>) {
        let (browser, impersonator) = (browser.to_owned(), impersonator.map(str::to_owned));
        self.sockets.insert(socket, Socket { browser, impersonator, malformed: 0 });
    }

    /// A socket is gone. What its browser wants is kept: it will be back, and a delivery that finds nobody says so.
    pub fn closed(&mut self, socket: SocketId) {
        self.sockets.remove(&socket);
    }

    /// A text frame came: messages are binary.
    pub fn text_frame(&mut self, socket: SocketId) {
        self.not_a_message(
            socket,
            BadRequest {
                id: None,
                status: 400,
                reason: Reason::Malformed,
                message: "a message is a binary frame of CBOR".to_owned(),
            },
        );
    }

    /// A binary frame came.
    pub fn frame(&mut self, socket: SocketId, bytes: &[u8]) {
        let message = decode(bytes, self.limits.message_bytes).map_err(BadRequest::from);
        match message.and_then(|message| Request::from_value(self.spelled(socket, message))) {
            Ok(request) => {
                if let Some(known) = self.sockets.get_mut(&socket) {
                    known.malformed = 0;
                }
                self.request(socket, request);
            }
            Err(bad) => self.not_a_message(socket, bad),
        }
    }

    /// A message that names its entity by a handle, with type and id in place of that.
    fn spelled(&self, socket: SocketId, mut message: Value) -> Value {
        let named = || {
            let handle = u32::try_from(get(&message, "handle").and_then(whole_number)?).ok()?;
            self.interests.named(&self.sockets.get(&socket)?.browser, handle)
        };
        if get(&message, "type").is_none()
            && let Some(EntityRef { name, id }) = named().cloned()
            && let Value::Map(entries) = &mut message
        {
            entries.extend([("type".into(), name.into()), ("entity".into(), id.into())]);
        }
        message
    }

    fn not_a_message(&mut self, socket: SocketId, bad: BadRequest) {
        const MAX_MALFORMED: u8 = 3;
        let readable = bad.id.is_some();
        self.send(socket, &Downstream::Reply(bad.reply()));
        let Some(known) = self.sockets.get_mut(&socket) else { return };
        known.malformed = if readable { 0 } else { known.malformed.saturating_add(1) };
        if known.malformed >= MAX_MALFORMED {
            self.sockets.remove(&socket);
            let reason = "three frames in a row were no messages";
            self.effects.push_back(PersonEffect::Close { socket, code: CLOSE_POLICY, reason });
        }
    }

    fn request(&mut self, socket: SocketId, mut request: Request) {
        let Some(known) = self.sockets.get(&socket) else { return };
        // Between the browser and its Person: the entity has no use for it.
        let handle = request.handle.take();
        let (browser, impersonator) = (known.browser.clone(), known.impersonator.clone());
        let too_many = |what: String| Reply::refusal(429, Reason::TooMany, what);
        let waiting = self.waiting.get(&browser).copied().unwrap_or(0);
        if waiting >= MAX_WAITING {
            let why = format!("{MAX_WAITING} requests wait for an answer already");
            return self.reply(socket, request.id, too_many(why));
        }
        let newly = match request.method {
            Method::Subscribe
                if self.interests.count(&browser) >= MAX_SUBSCRIPTIONS
                    && self.interests.wants(&browser, &request.entity).is_none() =>
            {
                let why = format!("a browser can subscribe to {MAX_SUBSCRIPTIONS} entities");
                return self.reply(socket, request.id, too_many(why));
            }
            // From now on, not from the answer on: a push may come between the two.
            Method::Subscribe => self.want(&browser, &request.entity, handle),
            Method::Unsubscribe => {
                if self.interests.remove(&browser, &request.entity) {
                    let (browser, entity) = (browser.clone(), request.entity.clone());
                    self.effects.push_back(PersonEffect::Forget { browser, entity });
                }
                if self.wanted(&request.entity) {
                    return self.reply(socket, request.id, Reply::ok(200));
                }
                false
            }
            _ => false,
        };
        self.waiting.insert(browser.clone(), waiting.saturating_add(1));
        let entity = request.entity.clone();
        let waiting = Waiting { socket, browser, impersonator, request, newly };
        self.queues.entry(entity.clone()).or_default().waiting.push_back(waiting);
        self.call_next(&entity);
    }

    /// Adds an interest; whether it is new. A new one is kept when its `subscribe` is answered, another handle at once.
    fn want(&mut self, browser: &str, entity: &EntityRef, handle: Option<u32>) -> bool {
        let Added { new, renamed, displaced } = self.interests.add(browser, entity, handle);
        for entity in displaced.iter().chain(renamed.then_some(entity)) {
            let queue = self.queues.get(entity);
            if !queue.is_some_and(|queue| queue.is_new_to(browser)) {
                self.remember(browser, entity);
            }
        }
        new
    }

    /// Keeps an interest as it is now; one that is gone is left.
    fn remember(&mut self, browser: &str, entity: &EntityRef) {
        if let Some(handle) = self.interests.wants(browser, entity) {
            let (browser, entity) = (browser.to_owned(), entity.clone());
            self.effects.push_back(PersonEffect::Remember { browser, entity, handle });
        }
    }

    /// Whether a connected browser wants the entity.
    fn wanted(&self, entity: &EntityRef) -> bool {
        let mut browsers = self.sockets.values().map(|socket| &socket.browser);
        browsers.any(|browser| self.interests.wants(browser, entity).is_some())
    }

    /// Sends the next request for an entity on its way, unless one is.
    fn call_next(&mut self, entity: &EntityRef) {
        let Some(queue) = self.queues.get_mut(entity) else { return };
        if queue.in_flight.is_some() {
            return;
        }
        let Some(mut next) = queue.waiting.pop_front() else {
            self.queues.remove(entity);
            return;
        };
        let sender = Sender {
            impersonator: next.impersonator.clone(),
            ..Sender::new(self.person.clone(), next.browser.clone())
        };
        // What it carries, which may be large, goes with the call alone.
        let carried = (next.request.diff.take(), next.request.value.take());
        let mut envelope = Envelope { sender, request: next.request.clone() };
        (envelope.request.diff, envelope.request.value) = carried;
        queue.in_flight = Some(next);
        let call = self.next_call;
        self.next_call = self.next_call.wrapping_add(1);
        self.calls.insert(call, entity.clone());
        match envelope.encode() {
            Ok(body) => {
                let entity = entity.clone();
                self.effects.push_back(PersonEffect::Call { call, entity, body });
            }
            Err(error) => self.answered(call, Err(CallFailure::Unavailable(error.to_string()))),
        }
    }

    /// The answer to a call: the bytes of a [`Reply`], or why there is none.
    pub fn answered(&mut self, call: u64, answer: Result<Vec<u8>, CallFailure>) {
        let Some(entity) = self.calls.remove(&call) else { return };
        let Some(queue) = self.queues.get_mut(&entity) else { return };
        let Some(asked) = queue.in_flight.take() else { return };
        let held = std::mem::take(&mut queue.held);
        match self.waiting.get_mut(&asked.browser) {
            Some(waiting) if *waiting > 1 => *waiting = waiting.saturating_sub(1),
            _ => drop(self.waiting.remove(&asked.browser)),
        }
        let (bytes, reply) = readable(answer, &asked);
        self.settle_interest(&asked, &reply);
        let version = reply.meta.as_ref().map(|meta| meta.modified).unwrap_or_default();
        let (before, after): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|held| held.version <= version);
        let leads_to = leads_to(&asked.request, &reply);
        for held in &before {
            self.send_held(&entity, held, leads_to >= Some(held.version));
        }
        if self.sockets.contains_key(&asked.socket) {
            if let Some(version) = leads_to {
                self.interests.tell(&asked.browser, asked.socket, &entity, version);
            }
            self.effects.push_back(PersonEffect::Send { socket: asked.socket, bytes });
        }
        for held in &after {
            self.send_held(&entity, held, false);
        }
        self.call_next(&entity);
    }

    /// Keeps or drops what a `subscribe` asked for, now that its answer is known.
    fn settle_interest(&mut self, asked: &Waiting, reply: &Reply) {
        if asked.request.method != Method::Subscribe || !asked.newly {
            return;
        }
        let (browser, entity) = (asked.browser.clone(), asked.request.entity.clone());
        if reply.is_success() || reply.reason == Some(Reason::Deleted) {
            // Unless it unsubscribed before the answer came.
            return self.remember(&browser, &entity);
        }
        // The same browser may have asked again, by a newer socket: then the interest is for that one to settle.
        let queue = self.queues.get_mut(&entity);
        let again = queue.and_then(|queue| queue.next_subscribe(&browser));
        match again {
            Some(next) => next.newly = true,
            None => drop(self.interests.remove(&browser, &entity)),
        }
    }

    fn reply(&mut self, socket: SocketId, id: u64, reply: Reply) {
        self.send(socket, &Downstream::Reply(Reply { id: Some(id), ..reply }));
    }

    fn send(&mut self, socket: SocketId, message: &Downstream) {
        if let (true, Ok(bytes)) = (self.sockets.contains_key(&socket), message.encode()) {
            self.effects.push_back(PersonEffect::Send { socket, bytes });
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<PersonEffect> {
        self.effects.pop_front()
    }
}

/// The frame for the browser, and what it says. Bytes that are no reply become a refusal.
fn readable(answer: Result<Vec<u8>, CallFailure>, asked: &Waiting) -> (Vec<u8>, Reply) {
    let refusal = match answer {
        Ok(bytes) => match Reply::decode_without_value(&bytes).ok() {
            Some(reply) => return (bytes, reply),
            None => Reply::refusal(500, Reason::Internal, "the entity's answer was no reply"),
        },
        Err(CallFailure::UnknownType) => {
            let name = &asked.request.entity.name;
            Reply::refusal(404, Reason::UnknownType, format!("there is no entity type {name:?}"))
        }
        Err(CallFailure::Unavailable(why)) => {
            let message = format!("no answer from the entity ({why}): repeat with the same id");
            Reply::refusal(503, Reason::Unavailable, message)
        }
    };
    let refusal = Reply { id: Some(asked.request.id), ..refusal };
    (encode_value(&refusal.to_value()).unwrap_or_default(), refusal)
}
