//! The numbers by which pushes name entities on this browser's connection.
//!
//! The server keeps them beyond the connection and beyond this hub. So a number is made of the entity's name: then the
//! one that is kept is nearly always the one that is asked for, and nothing has to be written.

use crate::codec::encode_value;
use crate::fnv::fnv1a;
use crate::hub::live::Live;
use crate::hub::{HubEffect, HubMachine};
use crate::local::Topic;
use crate::message::{EntityRef, Method, ShortPush};
use crate::sorted::Sorted;
use crate::value::MapBuilder;

/// The number of an entity: that of its other topics, or one that no other entity has. It takes up to three bytes.
pub fn choose(entities: &Sorted<Topic, Live>, entity: &EntityRef) -> u32 {
    if let Some((_, live)) = entities.iter().find(|(topic, _)| topic.entity == *entity) {
        return live.handle;
    }
    let name = entity.name.bytes().chain(entity.id.bytes());
    let mut handle = u32::from(fnv1a(name) as u16);
    while entities.values().any(|live| live.handle == handle) {
        handle = handle.wrapping_add(1);
    }
    handle
}

impl HubMachine {
    /// A push is of the entity that has the handle if the server is known to have heard of that: it answered a
    /// `subscribe` on this connection. Before, it may be of one that had the handle for an earlier hub.
    pub(super) fn short_push_came(&mut self, push: ShortPush) {
        let named = || self.entities.iter().filter(|(_, live)| live.handle == push.handle);
        if named().next().is_none() {
            return self.unsubscribe_handle(push.handle);
        }
        let known = named().find(|(_, live)| live.current);
        if let Some(entity) = known.map(|(topic, _)| topic.entity.clone()) {
            return self.push_came(push.of(entity));
        }
        for live in self.entities.values_mut().filter(|live| live.handle == push.handle) {
            live.miss(push.meta.modified);
        }
    }

    /// An earlier hub wanted it. Nothing depends on the answer.
    fn unsubscribe_handle(&mut self, handle: u32) {
        let id = self.next_request;
        self.next_request = self.next_request.saturating_add(1);
        let (map, method) = (MapBuilder::new(), Method::Unsubscribe.name());
        let request = map.put("id", id).put("method", method).put("handle", handle).finish();
        if let Ok(bytes) = encode_value(&request) {
            self.effects.push_back(HubEffect::Send(bytes));
        }
    }
}
