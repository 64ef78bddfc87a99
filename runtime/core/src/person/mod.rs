//! The person machine: the proxy between a person's browsers and the entities.
//!
//! It forwards requests in order per entity, together what comes while a call is under way, and hands deliveries to the
//! browsers that want them.
//! It decides; its host owns the sockets, the calls and the storage, and carries out the effects in order.

mod answers;
mod browsers;
mod created;
mod effect;
mod frames;
mod interests;
mod limits;
mod pushes;
mod queue;

use std::collections::{BTreeMap, VecDeque};

use crate::message::{
    Downstream, EntityRef, Envelope, Method, Reason, Reply, Request, Sender, Token,
};
use crate::pace::Pace;
use crate::time::Stamp;

use self::browsers::SeenBrowsers;
use self::created::Created;
use self::interests::{Added, Interests};
use self::limits::too_many;
use self::queue::{Queue, Spared, Waiting};

pub use self::browsers::{INTEREST_DAYS, MAX_BROWSERS};
pub use self::created::CreatedInHour;
pub use self::effect::PersonEffect;
pub use self::frames::CLOSE_FLOOD;
pub use self::interests::Kept;
pub use self::limits::{SocketLimits, Unread};

/// A socket of this person, numbered by the host.
pub type SocketId = u32;

/// The most entities that one browser can subscribe to.
pub const MAX_SUBSCRIPTIONS: usize = 1000;

/// The most requests of one browser that can wait for an answer, whichever sockets they came by: enough to resume all
/// that it can subscribe to at once.
pub const MAX_WAITING: usize = 1024;

/// The most requests of all browsers of a person that can wait for an answer.
pub const MAX_PERSON_WAITING: usize = 4 * MAX_WAITING;

/// The most bytes that the waiting requests of a person have together, unless it is one alone.
pub const MAX_WAITING_BYTES: usize = 32 << 20;

/// How long a browser that is gone is waited for, in microseconds: a page that reloads, or a network that changes,
/// costs no entity its subscriber.
const GRACE: u64 = 30_000_000;

/// The close code of a socket whose browser opened a newer one.
const CLOSE_REPLACED: u16 = 4409;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFailure {
    /// There is no such type of entity.
    UnknownType,
    /// The server lacks this binding, which the objects of the type need.
    Unbound(String),
    /// The object failed, or did not answer in time; with the reason.
    Unavailable(String),
    /// The object or its disk is full: nothing that it wrote for this call was stored.
    Full,
}

struct Socket {
    browser: String,
    /// Who acts in the person's name there.
    impersonator: Option<String>,
    /// Frames in a row that were no message.
    malformed: u8,
}

/// What waits for an answer.
#[derive(Clone, Copy, Default)]
struct Load {
    requests: usize,
    bytes: usize,
}

impl Load {
    fn add(&mut self, bytes: usize) {
        self.requests = self.requests.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    fn remove(&mut self, bytes: usize) {
        self.requests = self.requests.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// The machine of one person.
pub struct PersonMachine {
    person: String,
    limits: SocketLimits,
    sockets: BTreeMap<SocketId, Socket>,
    interests: Interests,
    /// The browsers whose sockets closed a moment ago, and when. In memory alone: after hibernation nobody is waited
    /// for.
    left: BTreeMap<String, Stamp>,
    queues: BTreeMap<EntityRef, Queue>,
    /// Requests of each browser that wait for an answer.
    waiting: BTreeMap<String, Load>,
    /// The requests of all of them that wait for an answer.
    waiting_in_all: Load,
    /// The pace of each browser, whichever sockets it had. All paces are in memory alone. The object hibernates after a
    /// quiet time in which most of a burst is saved up again anyway.
    paces: BTreeMap<String, Pace>,
    /// The pace of all browsers together.
    pace: Pace,
    /// The same, of the bytes that they send.
    byte_pace: Pace,
    seen: SeenBrowsers,
    created: Created,
    /// The time of the last input that had one.
    now: Stamp,
    calls: BTreeMap<u64, EntityRef>,
    next_call: u64,
    effects: VecDeque<PersonEffect>,
}

impl PersonMachine {
    /// The machine of `person`, with the interests that were kept.
    pub fn new(person: &str, interests: Vec<Kept>, limits: SocketLimits) -> PersonMachine {
        PersonMachine {
            person: person.to_owned(),
            limits,
            sockets: BTreeMap::new(),
            interests: Interests::load(interests),
            left: BTreeMap::new(),
            queues: BTreeMap::new(),
            waiting: BTreeMap::new(),
            waiting_in_all: Load::default(),
            paces: BTreeMap::new(),
            pace: Pace::default(),
            byte_pace: Pace::default(),
            seen: SeenBrowsers::default(),
            created: Created::default(),
            now: Stamp::default(),
            calls: BTreeMap::new(),
            next_call: 0,
            effects: VecDeque::new(),
        }
    }

    /// Takes over how many entities the person had created within the hour.
    pub fn has_created(&mut self, stored: CreatedInHour) {
        self.created = Created::load(stored);
    }

    fn request(&mut self, now: Stamp, socket: SocketId, mut request: Request) {
        let Some(known) = self.sockets.get(&socket) else { return };
        let browser = known.browser.clone();
        // Between the browser and its Person: the entity has no use for it.
        let handle = request.handle.take();
        let (id, method, entity) = (request.id, request.method, request.entity.clone());
        let holds = match request.if_modified_since {
            Token::At(version) => Some(version),
            Token::Missing | Token::Malformed => None,
        };
        let of_the_past = match method {
            Method::Get | Method::Subscribe => request.past.as_of != Token::Missing,
            method => !method.writes(),
        };
        let load = self.waiting.get(&browser).copied().unwrap_or_default();
        if load.requests >= MAX_WAITING || self.waiting_in_all.requests >= MAX_PERSON_WAITING {
            let why = format!("{MAX_WAITING} requests wait for an answer already");
            return self.reply(socket, id, too_many(why));
        }
        let sender = Sender {
            impersonator: known.impersonator.clone(),
            ..Sender::new(self.person.clone(), browser.clone())
        };
        let envelope = match (Envelope { sender, request }).encode() {
            Ok(envelope) => envelope,
            Err(error) => {
                let refusal = Reply::refusal(500, Reason::Internal, error.to_string());
                return self.reply(socket, id, refusal);
            }
        };
        let in_all = self.waiting_in_all;
        if in_all.requests > 0 && in_all.bytes.saturating_add(envelope.len()) > MAX_WAITING_BYTES {
            let why = format!("{} bytes wait for an answer already", in_all.bytes);
            return self.reply(socket, id, too_many(why));
        }
        let newly = match method {
            Method::Line => {
                return self.effects.push_back(PersonEffect::Ticket { socket, id, entity });
            }
            Method::Subscribe
                if self.interests.count(&browser) >= MAX_SUBSCRIPTIONS
                    && self.interests.wants(&browser, &entity).is_none() =>
            {
                let why = format!("a browser can subscribe to {MAX_SUBSCRIPTIONS} entities");
                return self.reply(socket, id, too_many(why));
            }
            Method::Subscribe
                if self.interests.total() >= self.limits.subscriptions
                    && self.interests.wants(&browser, &entity).is_none()
                    && !self.forget_oldest() =>
            {
                let why = format!("a person can have {} subscriptions", self.limits.subscriptions);
                return self.reply(socket, id, too_many(why));
            }
            Method::Post => match self.created.take(now, self.limits.new_entities_per_hour) {
                Ok(written) => {
                    self.effects.extend(written.map(PersonEffect::Created));
                    false
                }
                Err(()) => {
                    let most = self.limits.new_entities_per_hour;
                    let why = format!("a person can create {most} entities in an hour");
                    return self.reply(socket, id, Reply::refusal(413, Reason::Full, why));
                }
            },
            // From now on, not from the answer on: a push may come between the two.
            Method::Subscribe => self.want(&browser, &entity, handle),
            Method::Unsubscribe => {
                self.forget(&browser, &entity);
                if self.wanted(&entity) {
                    return self.reply(socket, id, Reply::ok(200));
                }
                // The entity will not tell of itself any more, so nothing would end the interests of those who are not
                // here. If they come back they ask again.
                for gone in self.interests.browsers(&entity) {
                    self.forget(&gone, &entity);
                }
                false
            }
            _ => false,
        };
        let bytes = envelope.len();
        self.waiting.entry(browser.clone()).or_default().add(bytes);
        self.waiting_in_all.add(bytes);
        let spared = Spared::No;
        let waiting = Waiting {
            socket,
            browser,
            id,
            method,
            envelope,
            bytes,
            holds,
            of_the_past,
            newly,
            spared,
        };
        self.queues.entry(entity.clone()).or_default().waiting.push_back(waiting);
        self.call_next(&entity);
    }

    /// The ticket that a socket's browser asked for, or why it gets none.
    pub fn ticket(&mut self, socket: SocketId, id: u64, ticket: Result<String, Reply>) {
        let reply = match ticket {
            Ok(ticket) => Reply { ticket: Some(ticket), ..Reply::ok(200) },
            Err(refusal) => refusal,
        };
        self.reply(socket, id, reply);
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
            self.note_seen(self.now, browser);
            let (browser, entity) = (browser.to_owned(), entity.clone());
            self.effects.push_back(PersonEffect::Remember { browser, entity, handle });
        }
    }

    /// Ends an interest, if it is there.
    fn forget(&mut self, browser: &str, entity: &EntityRef) {
        if self.interests.remove(browser, entity) {
            let (browser, entity) = (browser.to_owned(), entity.clone());
            self.effects.push_back(PersonEffect::Forget { browser, entity });
        }
    }

    /// Whether a connected browser wants the entity.
    fn wanted(&self, entity: &EntityRef) -> bool {
        let mut browsers = self.sockets.values().map(|socket| &socket.browser);
        browsers.any(|browser| self.interests.wants(browser, entity).is_some())
    }

    /// Whether a browser wants the entity that was there a moment ago. When it comes back it asks with the version that
    /// it holds, so it lacks nothing of what it was not sent.
    fn expected(&self, now: Stamp, entity: &EntityRef) -> bool {
        let mut left = self.left.iter().filter(|(_, left)| now.since(**left) < GRACE);
        left.any(|(browser, _)| self.interests.wants(browser, entity).is_some())
    }

    /// Sends what waits for an entity on its way, unless a call is.
    fn call_next(&mut self, entity: &EntityRef) {
        let Some(queue) = self.queues.get_mut(entity) else { return };
        if !queue.in_flight.is_empty() {
            return;
        }
        let Some(body) = queue.next_call() else {
            self.queues.remove(entity);
            return;
        };
        let call = self.next_call;
        self.next_call = self.next_call.wrapping_add(1);
        self.calls.insert(call, entity.clone());
        match body {
            Ok(body) => {
                let entity = entity.clone();
                self.effects.push_back(PersonEffect::Call { call, entity, body });
            }
            Err(error) => self.answered(call, Err(CallFailure::Unavailable(error.to_string()))),
        }
    }

    fn reply(&mut self, socket: SocketId, id: u64, reply: Reply) {
        self.send(socket, &Downstream::Reply(Reply { id: Some(id), ..reply }));
    }

    fn send(&mut self, socket: SocketId, message: &Downstream) {
        if let (true, Ok(bytes)) = (self.sockets.contains_key(&socket), message.encode()) {
            let answers = match message {
                Downstream::Reply(reply) => reply.id,
                _ => None,
            };
            self.effects.push_back(PersonEffect::Send { socket, bytes, answers });
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<PersonEffect> {
        self.effects.pop_front()
    }
}
