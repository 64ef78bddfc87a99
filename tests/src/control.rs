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
        let answer = self.control("GET", "rows", entity);
        assert_eq!(answer.status, 200, "the rows of {entity}: {}", answer.body);
        let rows: serde_json::Value = serde_json::from_str(&answer.body).expect("it is JSON");
        rows["written"].as_u64().expect("it tells the rows written")
    }

    fn control(&self, method: &str, action: &str, entity: &EntityRef) -> Answer {
        let (origin, EntityRef { name, id }) = (self.origin_of("control"), entity);
        send(method, &format!("{origin}/{action}/{name}Object/{id}"), &[], "")
    }
}
