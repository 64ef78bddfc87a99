//! The hub machine: it runs in the SharedWorker, holds the one connection of a browser, and feeds every tab.
//!
//! What a tab sees is the confirmed value with the edits of all the browser's tabs on top, in the order in which
//! they reached the hub. The hub numbers every change of that, so that a tab notices one that it missed.

mod answer;
mod bridge;
mod effect;
mod handles;
mod line;
mod link;
mod live;
mod session;
mod timers;

use std::collections::VecDeque;

use crate::local::{HubMessage, State, TabMessage, Topic};
use crate::message::{Downstream, EntityRef, Method, Push, Reply, Request};
use crate::patch::empty;
use crate::sorted::Sorted;
use crate::time::Stamp;

use self::answer::Shown;
pub use self::effect::HubEffect;
use self::line::Line;
use self::link::Link;
use self::live::{Call, Live, Outstanding};

/// How long an answer may take, in microseconds: longer than the server waits for itself. A Person's object that was
/// ended while it asked keeps the socket and knows nothing of the request.
const ANSWER_WITHIN: u64 = 30_000_000;

/// The machine of one browser.
pub struct HubMachine {
    epoch: u64,
    link: Link,
    person: Option<String>,
    signed_out: bool,
    tabs: Sorted<u32, ()>,
    entities: Sorted<Topic, Live>,
    /// Whose requests these are.
    requests: Sorted<u64, Topic>,
    next_request: u64,
    /// The highest number of an update of an entity that was let go: numbers are not given twice.
    last_seq: u64,
    now: Stamp,
    timer: Option<Stamp>,
    effects: VecDeque<HubEffect>,
}

impl HubMachine {
    /// A hub that starts at `now`; `seed` is random.
    pub fn new(now: Stamp, seed: u64) -> HubMachine {
        // Request ids have to be new for this browser, also after the hub before was ended without a word, and if the
        // clock was set back meanwhile: they start somewhere in what belongs to this second. Below 2^53 until 2106.
        const IDS_OF_A_SECOND: u64 = 1 << 21;
        let somewhere = seed.wrapping_add(now.micros()) % IDS_OF_A_SECOND;
        let next_request = (now.micros() / 1_000_000).saturating_mul(IDS_OF_A_SECOND) | somewhere;
        HubMachine {
            epoch: now.micros(),
            link: Link::new(seed),
            person: None,
            signed_out: false,
            tabs: Sorted::default(),
            entities: Sorted::default(),
            requests: Sorted::default(),
            next_request,
            last_seq: 0,
            now,
            timer: None,
            effects: VecDeque::new(),
        }
    }

    /// A message on a tab's port. Bytes that are none come from a tab of another build, which reloads.
    pub fn tab_message(&mut self, now: Stamp, tab: u32, bytes: &[u8]) {
        self.now = now;
        match TabMessage::decode(bytes) {
            Ok(TabMessage::Attach) => self.attach(tab),
            Ok(TabMessage::Open(topic)) => self.open(tab, &topic),
            Ok(TabMessage::Close(topic)) => self.close(now, tab, &topic),
            Ok(TabMessage::Check { topic, epoch, seq }) => {
                let same = |live: &&Live| live.seq == seq && self.epoch == epoch;
                if self.entities.get(&topic).filter(same).is_none() {
                    self.open(tab, &topic);
                }
            }
            Ok(TabMessage::Edit { topic, edit, seq, patch }) => {
                match self.live(&topic).edit(tab, edit, seq, patch) {
                    Ok(patch) => self.publish(&topic, Shown::Changed(patch), Some((tab, edit))),
                    Err(problem) => {
                        self.post(
                            tab,
                            &HubMessage::Refused { entity: topic.entity.clone(), edit, problem },
                        );
                    }
                }
                self.ask_next(&topic);
            }
            Ok(TabMessage::Call { call, topic, method, value }) => {
                let live = self.live(&topic);
                live.calls.push(Call { from: Some((tab, call)), method, value });
                self.ask_next(&topic);
            }
            Ok(TabMessage::Create { topic, value }) => {
                self.live(&topic).first = Some(value);
                self.ask_next(&topic);
            }
            Ok(TabMessage::Report { topic, refusal }) => {
                self.live(&topic).keep_refusal(refusal);
                self.publish(&topic, Shown::Same, None);
            }
            Ok(TabMessage::Dismiss { topic, id }) => {
                self.live(&topic).dismiss(id);
                self.publish(&topic, Shown::Same, None);
            }
            Err(_) => {}
        }
        self.set_timer();
    }

    /// A tab is gone.
    pub fn tab_gone(&mut self, now: Stamp, tab: u32) {
        self.now = now;
        self.tabs.remove(&tab);
        let shown: Vec<_> = self.entities.keys().cloned().collect();
        for topic in shown {
            self.close(now, tab, &topic);
        }
        self.set_timer();
    }

    fn attach(&mut self, tab: u32) {
        self.tabs.insert(tab, ());
        // Somebody opened a page: it may be the login that a closed session waited for.
        self.connect();
        self.post(tab, &self.linked(tab));
    }

    fn connect(&mut self) {
        if self.link.want(self.now) {
            self.effects.push_back(HubEffect::OpenSocket);
        }
    }

    /// An entity; a new one is not kept for long unless a tab opens it.
    fn live(&mut self, topic: &Topic) -> &mut Live {
        if !self.entities.contains_key(topic) {
            let handle = handles::choose(&self.entities, &topic.entity);
            self.entities.insert(topic.clone(), Live::new(self.now, self.last_seq, handle));
        }
        self.entities.get_or_insert_with(topic.clone(), Live::default)
    }

    fn open(&mut self, tab: u32, topic: &Topic) {
        let live = self.live(topic);
        if live.state == State::Failed && !live.tabs.contains_key(&tab) {
            // A page that opens it asks whether that has been mended.
            live.current = false;
        }
        live.tabs.get_or_insert_with(tab, u64::default);
        live.idle_since = None;
        if live.state != State::Loading {
            let whole = whole(topic, live, tab);
            self.post(tab, &whole);
        }
        self.ask_next(topic);
    }

    fn close(&mut self, now: Stamp, tab: u32, topic: &Topic) {
        let Some(live) = self.entities.get_mut(topic) else { return };
        if live.tabs.remove(&tab).is_some() && live.tabs.is_empty() {
            live.idle_since = Some(now);
        }
    }

    /// The browser says that it is online, or a page came back: no more waiting.
    pub fn online(&mut self, now: Stamp) {
        self.now = now;
        if self.link.is_waiting() {
            self.connect();
        }
        self.set_timer();
    }

    /// A frame came. One that cannot be read is of a newer server, and left.
    pub fn socket_frame(&mut self, now: Stamp, bytes: &[u8]) {
        self.now = now;
        match Downstream::decode(bytes) {
            Ok(Downstream::Welcome { person }) => self.welcome(person),
            Ok(Downstream::Reply(reply)) => self.replied(now, reply),
            Ok(Downstream::Push(push)) => self.push_came(push),
            Ok(Downstream::Short(push)) => self.short_push_came(push),
            Err(_) => {}
        }
        self.set_timer();
    }

    fn replied(&mut self, now: Stamp, reply: Reply) {
        let Some(topic) = reply.id.and_then(|id| self.requests.remove(&id)) else { return };
        let Some(live) = self.entities.get_mut(&topic) else { return };
        let Some(outstanding) = live.outstanding.take() else { return };
        if reply.id != Some(outstanding.request.id) {
            live.outstanding = Some(outstanding);
            return;
        }
        live.answer_by = None;
        let settled = live.line_answered(now, &outstanding, &reply);
        let (shown, answered) = live.answered(now, outstanding, reply);
        self.publish(&topic, shown, None);
        self.settle_line(&topic, settled);
        if let Some((call, result)) = answered {
            self.post_result(&call, result);
        }
        let held = self.entities.get_mut(&topic).map(Live::take_held).unwrap_or_default();
        for push in held {
            self.pushed(&topic, push);
        }
        self.ask_next(&topic);
    }

    /// A push is for all who show the entity, whatever they were built for.
    fn push_came(&mut self, push: Push) {
        let mut topics: Vec<_> = self.topics(&push.entity).cloned().collect();
        let Some(last) = topics.pop() else {
            // From before this hub: it is not wanted any more.
            return self.unsubscribe(push.entity);
        };
        for topic in topics {
            self.pushed(&topic, push.clone());
        }
        self.pushed(&last, push);
    }

    fn topics<'a>(&'a self, entity: &EntityRef) -> impl Iterator<Item = &'a Topic> + use<'a> {
        let first = Topic::from(entity.clone());
        self.entities.keys_from(&first).take_while(move |topic| topic.entity == first.entity)
    }

    fn pushed(&mut self, topic: &Topic, push: Push) {
        let Some(live) = self.entities.get_mut(topic) else { return };
        if live.outstanding.is_some() {
            return live.hold(push);
        }
        let told_twice = push.line && live.line == Line::InUse;
        if push.line {
            live.offer_line(self.now);
        }
        let shown = live.pushed(push);
        self.publish(topic, shown, None);
        if told_twice {
            // The Person did not hear that it is to tell no more.
            self.unsubscribe(topic.entity.clone());
        }
        self.ask_next(topic);
    }

    /// Sends the next request of an entity, if it has one and nothing is in its way.
    fn ask_next(&mut self, topic: &Topic) {
        if !self.link.is_ready() {
            return;
        }
        let Some(live) = self.entities.get_mut(topic) else { return };
        let Some(purpose) = live.next_purpose() else { return };
        let id = self.next_request;
        self.next_request = self.next_request.saturating_add(1);
        let request = live.request(id, topic, &purpose);
        live.outstanding = Some(Outstanding { request: request.clone(), purpose });
        self.send(topic.clone(), &request);
    }

    fn send(&mut self, topic: Topic, request: &Request) {
        if let Some(live) = self.entities.get_mut(&topic) {
            live.answer_by = live.outstanding.as_ref().map(|_| self.now.plus(ANSWER_WITHIN));
        }
        let live = self.entities.get_mut(&topic);
        let line = live.and_then(|live| live.line_for(request));
        self.requests.insert(request.id, topic);
        if let Ok(bytes) = crate::codec::encode_value(&request.to_value()) {
            self.effects.push_back(match line {
                Some(line) => HubEffect::SendLine { line, bytes },
                None => HubEffect::Send(bytes),
            });
        }
    }

    fn unsubscribe(&mut self, entity: EntityRef) {
        if self.link.is_ready() {
            let id = self.next_request;
            self.next_request = self.next_request.saturating_add(1);
            self.send(entity.clone().into(), &Request::new(id, Method::Unsubscribe, entity));
            // Nothing depends on the answer.
            self.requests.remove(&id);
        }
    }

    /// Tells the tabs what is shown now.
    fn publish(&mut self, topic: &Topic, shown: Shown, by: Option<(u32, u64)>) {
        let Some(live) = self.entities.get_mut(topic) else { return };
        let with_problems = live.take_problems_changed(self.now);
        let patch = match shown {
            Shown::Same if with_problems => empty(),
            Shown::Same => return,
            Shown::Changed(patch) => patch,
            Shown::Replaced => {
                live.seq = live.seq.saturating_add(1);
                live.published(None, None);
                let tabs = live.tabs.keys();
                let wholes: Vec<_> = tabs.map(|tab| (*tab, whole(topic, live, *tab))).collect();
                for (tab, whole) in wholes {
                    self.post(tab, &whole);
                }
                return;
            }
        };
        live.seq = live.seq.saturating_add(1);
        live.published(Some(&patch), by.map(|(tab, _)| tab));
        let (seq, facts) = (live.seq, live.facts(with_problems));
        let update = HubMessage::Update {
            entity: topic.entity.clone(),
            epoch: self.epoch,
            seq,
            patch: Some(patch),
            facts,
            by,
        };
        if let (false, Ok(bytes)) = (live.tabs.is_empty(), update.encode()) {
            self.effects.push_back(HubEffect::Broadcast { channel: topic.channel(), bytes });
        }
    }

    fn post(&mut self, tab: u32, message: &HubMessage) {
        if let Ok(bytes) = message.encode() {
            self.effects.push_back(HubEffect::ToTab { tab, bytes });
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<HubEffect> {
        self.effects.pop_front()
    }
}

/// All of an entity, for a tab.
fn whole(topic: &Topic, live: &Live, tab: u32) -> HubMessage {
    HubMessage::Whole {
        entity: topic.entity.clone(),
        seq: live.seq,
        value: live.shown().cloned(),
        facts: live.facts(true),
        edit: live.tabs.get(&tab).copied().unwrap_or(0),
    }
}
