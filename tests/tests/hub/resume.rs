//! A connection that is new: everything is asked for at once, by the hub and by the Person, and nothing waits for the
//! answer to something else.

use temporal_entity::Stamp;
use temporal_entity_core::hub::{HubEffect, HubMachine};
use temporal_entity_core::local::TabMessage;
use temporal_entity_core::message::{
    Downstream, EntityRef, Envelope, Method, Reply, Request, Token, batch,
};
use temporal_entity_core::person::{MAX_SUBSCRIPTIONS, PersonEffect, PersonMachine, SocketLimits};
use temporal_entity_tests::notation::parse;

use super::browser::{at, meta};

/// A hub and the Person that it is connected to, without any delay.
struct Pair {
    now: Stamp,
    hub: HubMachine,
    person: PersonMachine,
    /// Calls that have no answer: number, and the envelope.
    calls: Vec<(u64, Vec<u8>)>,
}

impl Pair {
    /// Whose tab shows so many entities.
    fn showing(count: usize) -> Pair {
        let now = at(0);
        let person = PersonMachine::new("ada", Vec::new(), SocketLimits::default());
        let mut pair = Pair { now, hub: HubMachine::new(now, 1), person, calls: Vec::new() };
        pair.tab(&TabMessage::Attach);
        for number in 0..count {
            pair.tab(&TabMessage::Open(entity(number).into()));
        }
        pair
    }

    fn tab(&mut self, message: &TabMessage) {
        self.hub.tab_message(self.now, 0, &message.encode().unwrap());
    }

    /// A new socket: what the hub sends to the Person, and the Person to the entities, before any of them answered.
    fn connect(&mut self, socket: u32) -> Vec<Request> {
        self.person.opened(self.now, socket, "laptop", None);
        self.exchange(socket);
        let envelopes = self.calls.iter().flat_map(|(_, body)| batch::split(body.clone()).unwrap());
        envelopes.map(|bytes| Envelope::decode(&bytes, 1 << 20).unwrap().request).collect()
    }

    /// Carries frames to and fro until both are quiet.
    fn exchange(&mut self, socket: u32) {
        loop {
            let mut quiet = true;
            while let Some(effect) = self.person.poll_effect() {
                quiet = false;
                match effect {
                    PersonEffect::Send { bytes, .. } => self.hub.socket_frame(self.now, &bytes),
                    PersonEffect::Call { call, body, .. } => self.calls.push((call, body)),
                    _ => {}
                }
            }
            while let Some(effect) = self.hub.poll_effect() {
                quiet = false;
                if let HubEffect::Send(bytes) = effect {
                    self.person.frame(self.now, socket, &bytes);
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn answer_all(&mut self, socket: u32, reply: &Reply) {
        for (call, body) in std::mem::take(&mut self.calls) {
            let answers = batch::answer_each(body, |envelope| {
                let id = Envelope::decode(&envelope, 1 << 20).unwrap().request.id;
                Downstream::Reply(Reply { id: Some(id), ..reply.clone() }).encode().unwrap()
            });
            self.person.answered(call, Ok(answers));
        }
        self.exchange(socket);
    }
}

fn entity(number: usize) -> EntityRef {
    EntityRef::new("Note", format!("n{number}")).unwrap()
}

#[test]
fn everything_is_resumed_in_one_round_trip() {
    let mut pair = Pair::showing(MAX_SUBSCRIPTIONS);
    let asked = pair.connect(1);
    assert_eq!(asked.len(), MAX_SUBSCRIPTIONS);
    let value = Some(parse(r#"{"title": "a"}"#));
    pair.answer_all(1, &Reply { meta: Some(meta(1)), value, ..Reply::ok(200) });
    assert!(pair.calls.is_empty());

    pair.person.closed(pair.now, 1);
    pair.hub.socket_closed(pair.now, 1006);
    // A new connection has no new burst: a browser saves one up in twelve seconds.
    pair.now = at(12);
    let edit = TabMessage::Edit {
        topic: entity(7).into(),
        edit: 1,
        seq: 1,
        patch: parse(r#"{"title": "b"}"#),
    };
    pair.tab(&edit);
    let asked = pair.connect(2);
    assert_eq!(asked.len(), MAX_SUBSCRIPTIONS);
    let resumes = |ask: &Request| {
        ask.method == Method::Subscribe && ask.if_modified_since == Token::At(at(1))
    };
    assert!(asked.iter().all(resumes));
    // All are current, and the edit goes out.
    pair.answer_all(2, &Reply::ok(304));
    let edits: Vec<_> =
        pair.calls.iter().map(|(_, body)| Envelope::decode(body, 1 << 20)).collect();
    assert!(
        matches!(&edits[..], [Ok(Envelope { request, .. })] if request.method == Method::PatchDiff)
    );
}
