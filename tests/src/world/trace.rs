//! The events in words.

use std::fmt;

use temporal_entity_core::codec::decode_own;
use temporal_entity_core::value::Value;

use crate::notation::write;

use super::Event;

fn frame(bytes: &[u8]) -> String {
    decode_own::<Value>(bytes).map_or_else(|error| error.to_string(), |value| write(&value))
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Call { person, call, entity, body, .. } => {
                write!(f, "{person} asks {entity} ({call}): {}", frame(body))
            }
            Event::Answer { person, call, answer, .. } => match answer {
                Ok(bytes) => write!(f, "{person} is answered ({call}): {}", frame(bytes)),
                Err(error) => write!(f, "{person} is not answered ({call}): {error:?}"),
            },
            Event::Push { person, delivery, .. } => {
                let skip = delivery.skip.as_deref().unwrap_or("nobody");
                write!(f, "push to {person}, not to {skip}: {}", write(&delivery.push.to_value()))
            }
            Event::Outcome { entity, person, through, outcome, .. } => {
                write!(f, "push of {entity} to {person} through {through}: {outcome:?}")
            }
            Event::Alarm(entity) => write!(f, "alarm of {entity}"),
            Event::Accept(socket) => write!(f, "socket {socket} reaches the server"),
            Event::ToServer(socket, bytes) => write!(f, "socket {socket} up: {}", frame(bytes)),
            Event::ToHub(socket, bytes) => write!(f, "socket {socket} down: {}", frame(bytes)),
            Event::ServerNotices(socket) => write!(f, "socket {socket} is closed for the server"),
            Event::HubNotices(socket, code) => {
                write!(f, "socket {socket} is closed for the hub: {code}")
            }
            Event::Timer { browser, .. } => write!(f, "timer of browser {browser}"),
            Event::Up { tab, bytes, .. } => write!(f, "tab {tab} up: {}", frame(bytes)),
            Event::Down { tab, bytes, .. } => write!(f, "tab {tab} down: {}", frame(bytes)),
            Event::Heard { tab, bytes, .. } => write!(f, "tab {tab} hears: {}", frame(bytes)),
            Event::Attach(tab) => write!(f, "tab {tab} attaches"),
            Event::Act(tab) => write!(f, "tab {tab} acts"),
            Event::Trouble => write!(f, "trouble"),
        }
    }
}
