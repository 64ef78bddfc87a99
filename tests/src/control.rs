//! The control worker of [`TEST`](crate::workerd::TEST): what a test does to an object from behind.

use temporal_entity_core::codec::decode_own_value;
use temporal_entity_core::message::{EntityRef, Envelope, Reply};
use temporal_entity_core::time::Stamp;

use crate::client::{Answer, send, send_bytes};
use crate::workerd::Workerd;

impl Workerd {
    /// Drops the memory of an entity's object, as the platform does with an idle one. Its sockets stay open.
    pub fn evict(&self, entity: &EntityRef) {
        let answer = self.control("POST", "evict", entity);
        assert_eq!(answer.status, 200, "the eviction of {entity}: {}", answer.body);
    }

    /// As [`Workerd::evict`], also where the platform has dropped it already.
    pub fn evict_if_awake(&self, entity: &EntityRef) {
        self.control("POST", "evict", entity);
    }

    /// Rows that an entity's object wrote since it woke.
    pub fn rows_written(&self, entity: &EntityRef) -> u64 {
        self.figure("rows", "written", entity)
    }

    /// Bytes of the database of an entity's object.
    pub fn stored_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("rows", "stored", entity)
    }

    /// Pushes that an entity's object sent since it woke: each is a call to a Person's object.
    pub fn calls_made(&self, entity: &EntityRef) -> u64 {
        self.figure("rows", "calls", entity)
    }

    /// Bytes of the wasm memory of all objects. It never shrinks, so it is also the most that there ever was.
    pub fn wasm_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("memory", "wasm", entity)
    }

    /// What the machines of all objects hold of it, by their own estimate.
    pub fn held_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("memory", "held", entity)
    }

    /// Whether an entity's object will be woken by itself.
    pub fn has_alarm(&self, entity: &EntityRef) -> bool {
        !self.figures("alarm", entity)["at"].is_null()
    }

    /// Hands an entity's object a request as a Person's object would, and sets its clock by the way.
    pub fn message(&self, entity: &EntityRef, now: Stamp, envelope: &Envelope) -> Reply {
        let (origin, EntityRef { name, id }) = (self.origin_of("control"), entity);
        let url = format!("{origin}/message/{name}Object/{id}");
        let body = envelope.encode().expect("a request has a CBOR form");
        let reply = send_bytes(&url, &[("x-test-now", &now.micros().to_string())], body);
        let reply = decode_own_value(&reply).expect("the object answers with a message");
        Reply::from_value(reply).expect("the message is a reply")
    }

    /// What an entity's object tells under `/debug`. It need not hold anything for that, and reads nothing.
    fn figure(&self, action: &str, name: &str, entity: &EntityRef) -> u64 {
        let figures = self.figures(action, entity);
        figures[name].as_u64().unwrap_or_else(|| panic!("no {name} in {figures}"))
    }

    fn figures(&self, action: &str, entity: &EntityRef) -> serde_json::Value {
        let answer = self.control("GET", action, entity);
        assert_eq!(answer.status, 200, "{action} of {entity}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("it is JSON")
    }

    fn control(&self, method: &str, action: &str, entity: &EntityRef) -> Answer {
        let (origin, EntityRef { name, id }) = (self.origin_of("control"), entity);
        send(method, &format!("{origin}/{action}/{name}Object/{id}"), &[], "")
    }
}
