//! The control worker of [`TEST`](crate::workerd::TEST): what a test does to an object from behind.

use temporal_entity_core::message::EntityRef;

use crate::client::{Answer, send};
use crate::workerd::Workerd;

impl Workerd {
    /// Drops the memory of an entity's object, as the platform does with an idle one. Its sockets stay open.
    pub fn evict(&self, entity: &EntityRef) {
        let answer = self.control("POST", "evict", entity);
        assert_eq!(answer.status, 200, "the eviction of {entity}: {}", answer.body);
    }

    /// Rows that an entity's object wrote since it woke.
    pub fn rows_written(&self, entity: &EntityRef) -> u64 {
        self.figure("rows", "written", entity)
    }

    /// Bytes of the database of an entity's object.
    pub fn stored_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("rows", "stored", entity)
    }

    /// Bytes of the wasm memory of all objects. It never shrinks, so it is also the most that there ever was.
    pub fn wasm_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("memory", "wasm", entity)
    }

    /// What the machines of all objects hold of it, by their own estimate.
    pub fn held_bytes(&self, entity: &EntityRef) -> u64 {
        self.figure("memory", "held", entity)
    }

    /// What an entity's object tells under `/debug`. It need not hold anything for that, and reads nothing.
    fn figure(&self, action: &str, name: &str, entity: &EntityRef) -> u64 {
        let answer = self.control("GET", action, entity);
        assert_eq!(answer.status, 200, "{action} of {entity}: {}", answer.body);
        let figures: serde_json::Value = serde_json::from_str(&answer.body).expect("it is JSON");
        figures[name].as_u64().unwrap_or_else(|| panic!("no {name} in {figures}"))
    }

    fn control(&self, method: &str, action: &str, entity: &EntityRef) -> Answer {
        let (origin, EntityRef { name, id }) = (self.origin_of("control"), entity);
        send(method, &format!("{origin}/{action}/{name}Object/{id}"), &[], "")
    }
}
