//! Many readers of one entity, on real sockets: everybody hears of everything once and in order, whatever sleeps, dies,
//! leaves, comes or stops reading meanwhile.

mod browsers;
mod idle;
mod kill;
mod races;
mod reader;
mod silent;
mod sleepers;
mod thousand;

use temporal_entity_core::message::EntityRef;
use temporal_entity_tests::client::Session;

/// The object of the person whose session this is.
fn object_of(session: &Session) -> EntityRef {
    EntityRef::new("Person", session.person.as_str()).unwrap()
}
