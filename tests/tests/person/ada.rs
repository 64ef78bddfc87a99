//! A person for the tests of the person machine, and what entities say to it.

use temporal_entity::Stamp;
use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{
    Delivery, Downstream, EntityRef, Envelope, Meta, Method, Push, Reason, Reply, Request, batch,
};
use temporal_entity_core::person::{
    CallFailure, CreatedInHour, Kept, PersonEffect, PersonMachine, SocketId, SocketLimits,
};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::BASE;

/// The time of all frames.
pub const NOW: Stamp = Stamp::from_micros(BASE).unwrap();

pub struct Ada(pub PersonMachine);

pub fn entity(id: &str) -> EntityRef {
    EntityRef::new("Note", id).unwrap()
}

pub fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * 1_000_000).unwrap()
}

pub fn meta(seconds: u64) -> Meta {
    let person = "bob".to_owned();
    Meta { valid_from: at(seconds), modified: at(seconds), person, ..Meta::default() }
}

fn seconds(stamp: Stamp) -> u64 {
    (stamp.micros() - BASE) / 1_000_000
}

pub fn push(id: &str, since: u64, to: u64, skip: Option<&str>) -> Vec<u8> {
    let push = Push {
        entity: entity(id),
        since: at(since),
        meta: meta(to),
        diff: Value::Map(Vec::new()),
        line: false,
    };
    Delivery { push, skip: skip.map(str::to_owned) }.encode().unwrap()
}

pub fn reply(id: u64, status: u16, version: Option<u64>) -> Result<Vec<u8>, CallFailure> {
    let reply = Reply { id: Some(id), meta: version.map(meta), ..Reply::ok(status) };
    Ok(encode(&reply.to_value()).unwrap())
}

pub fn refusal(id: u64, status: u16, reason: Reason) -> Result<Vec<u8>, CallFailure> {
    let reply = Reply { id: Some(id), ..Reply::refusal(status, reason, "no") };
    Ok(encode(&reply.to_value()).unwrap())
}

/// Several replies to one call.
pub fn replies(
    all: impl IntoIterator<Item = Result<Vec<u8>, CallFailure>>,
) -> Result<Vec<u8>, CallFailure> {
    let all = all.into_iter().collect::<Result<_, _>>()?;
    Ok(batch::join(all).unwrap())
}

impl Ada {
    pub fn new() -> Ada {
        Ada::with(Vec::new())
    }

    pub fn with(interests: Vec<Kept>) -> Ada {
        Ada(PersonMachine::new("ada", interests, SocketLimits::default()))
    }

    /// With a laptop on socket 1 and a phone on socket 2.
    pub fn connected() -> Ada {
        let mut ada = Ada::new();
        ada.0.opened(NOW, 1, "laptop", None);
        ada.0.opened(NOW, 2, "phone", None);
        assert_eq!(ada.effects(), ["1 < welcome ada", "2 < welcome ada"]);
        ada
    }

    pub fn send(&mut self, socket: SocketId, id: u64, method: Method, entity_id: &str) {
        self.send_at(NOW, socket, id, method, entity_id);
    }

    pub fn send_at(
        &mut self,
        now: Stamp,
        socket: SocketId,
        id: u64,
        method: Method,
        entity_id: &str,
    ) {
        let request = Request::new(id, method, entity(entity_id));
        self.0.frame(now, socket, &encode(&request.to_value()).unwrap());
    }

    /// Subscribes with a handle.
    pub fn name(&mut self, socket: SocketId, id: u64, entity_id: &str, handle: Option<u32>) {
        let request = Request { handle, ..Request::new(id, Method::Subscribe, entity(entity_id)) };
        self.0.frame(NOW, socket, &encode(&request.to_value()).unwrap());
    }

    /// Subscribes and is answered; nothing of it is looked at.
    pub fn subscribed(&mut self, socket: SocketId, entity_id: &str, version: u64) {
        self.send(socket, 900, Method::Subscribe, entity_id);
        let call = self.calls().pop().unwrap();
        self.0.answered(call, reply(900, 200, Some(version)));
        self.effects();
    }

    pub fn calls(&mut self) -> Vec<u64> {
        let call = |effect: String| {
            let number = effect.strip_prefix("call ")?.split(' ').next()?.to_owned();
            number.parse().ok()
        };
        self.effects().into_iter().filter_map(call).collect()
    }

    /// All effects but the bookkeeping, which [`Ada::kept`] shows.
    pub fn effects(&mut self) -> Vec<String> {
        let all = std::iter::from_fn(|| self.0.poll_effect()).map(describe);
        all.filter(|effect| !is_bookkeeping(effect)).collect()
    }

    /// What is to be kept of days and counts.
    pub fn kept(&mut self) -> Vec<String> {
        let all = std::iter::from_fn(|| self.0.poll_effect()).map(describe);
        all.filter(|effect| is_bookkeeping(effect)).collect()
    }
}

fn is_bookkeeping(effect: &str) -> bool {
    effect.starts_with("seen ") || effect.starts_with("created ")
}

fn describe(effect: PersonEffect) -> String {
    match effect {
        PersonEffect::Send { socket, bytes, .. } => match Downstream::decode(&bytes).unwrap() {
            Downstream::Welcome { person } => format!("{socket} < welcome {person}"),
            Downstream::Reply(reply) => {
                let id = reply.id.map_or("without id".to_owned(), |id| id.to_string());
                let reason = reply.reason.map_or(String::new(), |r| format!(" {}", r.name()));
                format!("{socket} < reply {id}: {}{reason}", reply.status)
            }
            Downstream::Push(push) => {
                let (since, to) = (seconds(push.since), seconds(push.meta.modified));
                format!("{socket} < push {since}-{to}")
            }
            Downstream::Short(push) => {
                let (since, to) = (seconds(push.since), seconds(push.meta.modified));
                format!("{socket} < {}: {since}-{to}", push.handle)
            }
        },
        PersonEffect::Close { socket, code, .. } => format!("close {socket}: {code}"),
        PersonEffect::Call { call, entity, body } => {
            let requests: Vec<_> = batch::split(body)
                .unwrap()
                .iter()
                .map(|bytes| {
                    let Envelope { sender, request } = Envelope::decode(bytes, 8 << 20).unwrap();
                    let (person, browser) = (sender.person, sender.browser);
                    assert_eq!((&entity, request.handle), (&request.entity, None));
                    format!("{} {} by {person}/{browser}", request.id, request.method.name())
                })
                .collect();
            format!("call {call} of {}: {}", entity.id, requests.join(", "))
        }
        PersonEffect::Remember { browser, entity, handle } => {
            let handle = handle.map_or(String::new(), |handle| format!(" as {handle}"));
            format!("remember {browser}: {}{handle}", entity.id)
        }
        PersonEffect::Ticket { socket, id, entity } => {
            format!("ticket for {socket}, request {id}: {}", entity.id)
        }
        PersonEffect::Forget { browser, entity } => format!("forget {browser}: {}", entity.id),
        PersonEffect::ForgetBrowser { browser } => format!("forget {browser}"),
        PersonEffect::Seen { browser, day } => format!("seen {browser} on {day}"),
        PersonEffect::Created(CreatedInHour { count, .. }) => format!("created {count}"),
    }
}
