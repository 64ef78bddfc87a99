//! What browsers send: the pace is checked before anything but the `id` is read.

use std::collections::BTreeMap;

use crate::codec::{decode, find_id};
use crate::message::{BadRequest, Downstream, EntityRef, Reason, Reply, Request, whole_number};
use crate::pace::{Pace, TooFast};
use crate::person::limits::too_many;
use crate::person::{PersonEffect, PersonMachine, SocketId};
use crate::steps;
use crate::time::Stamp;
use crate::value::{Value, get};

/// The close code of a socket that keeps sending what is no message (policy violation, RFC 6455).
const CLOSE_POLICY: u16 = 1008;

/// The close code of a socket that goes on sending where it was told to wait.
pub const CLOSE_FLOOD: u16 = 4429;

/// The most browsers whose pace is kept.
const MAX_PACES: usize = 512;

/// Makes room for the pace of another browser. A browser that is rested has the pace of a new one.
fn make_room(paces: &mut BTreeMap<String, Pace>, now: Stamp) {
    if paces.len() < MAX_PACES {
        return;
    }
    paces.retain(|_, pace| !pace.is_rested(now));
    // The others sent something a moment ago. The pace of the person bounds what they send in all.
    if paces.len() >= MAX_PACES {
        paces.pop_first();
    }
}

impl PersonMachine {
    /// A text frame came: messages are binary.
    pub fn text_frame(&mut self, now: Stamp, socket: SocketId) {
        if self.paced(now, socket, &[]) {
            let message = "a message is a binary frame of CBOR".to_owned();
            let (status, reason) = (400, Reason::Malformed);
            self.not_a_message(socket, BadRequest { id: None, status, reason, message });
        }
    }

    /// A binary frame came.
    pub fn frame(&mut self, now: Stamp, socket: SocketId, bytes: &[u8]) {
        if !self.paced(now, socket, bytes) {
            return;
        }
        steps::count(bytes.len());
        let message = decode(bytes, self.limits.message_bytes)
            .map_err(|error| BadRequest { id: find_id(bytes), ..BadRequest::from(error) });
        match message.and_then(|message| Request::from_value(self.spelled(socket, message))) {
            Ok(request) => {
                if let Some(known) = self.sockets.get_mut(&socket) {
                    known.malformed = 0;
                }
                self.request(now, socket, request);
            }
            Err(bad) => self.not_a_message(socket, bad),
        }
    }

    /// Whether a frame comes in the pace of its browser and of the person. One that does not is answered with the time
    /// to wait, as long as there is a time to promise.
    fn paced(&mut self, now: Stamp, socket: SocketId, frame: &[u8]) -> bool {
        self.now = now;
        steps::count(1);
        let Some(known) = self.sockets.get(&socket) else { return false };
        if !self.paces.contains_key(&known.browser) {
            make_room(&mut self.paces, now);
            self.paces.insert(known.browser.clone(), Pace::default());
        }
        let (limits, bytes) = (&self.limits, u64::try_from(frame.len()).unwrap_or(u64::MAX));
        let of_the_bytes = limits.of_the_bytes();
        let of_the_browser = match self.paces.get_mut(&known.browser) {
            Some(pace) => pace.take(now, limits.of_a_browser(), 1),
            None => Ok(()),
        };
        let taken = of_the_browser
            .map_err(|refused| (refused, limits.of_a_browser().per_second, "requests"))
            .and_then(|()| {
                let rate = limits.of_the_person();
                let refused = self.pace.take(now, rate, 1);
                refused.map_err(|refused| (refused, rate.per_second, "requests of one person"))
            })
            .and_then(|()| {
                let refused = self.byte_pace.take(now, of_the_bytes, bytes);
                refused.map_err(|refused| (refused, of_the_bytes.per_second, "bytes of one person"))
            });
        match taken {
            Ok(()) => return true,
            Err((TooFast::Wait(wait), per_second, what)) => {
                let refusal = Reply {
                    id: find_id(frame),
                    retry_after: Some(wait),
                    ..too_many(format!("more than {per_second} {what} a second"))
                };
                self.send(socket, &Downstream::Reply(refusal));
            }
            Err((TooFast::Flood, ..)) => {
                self.sockets.remove(&socket);
                let (code, reason) = (CLOSE_FLOOD, "it sends on where it is told to wait");
                self.effects.push_back(PersonEffect::Close { socket, code, reason });
            }
        }
        false
    }

    /// A message that names its entity by a handle, with type and id in place of that.
    fn spelled(&self, socket: SocketId, mut message: Value) -> Value {
        let named = || {
            let handle = u32::try_from(get(&message, "handle").and_then(whole_number)?).ok()?;
            self.interests.named(&self.sockets.get(&socket)?.browser, handle)
        };
        if get(&message, "type").is_none()
            && let Some(EntityRef { name, id }) = named().cloned()
            && let Value::Map(entries) = &mut message
        {
            entries.extend([("type".into(), name.into()), ("entity".into(), id.into())]);
        }
        message
    }

    fn not_a_message(&mut self, socket: SocketId, bad: BadRequest) {
        const MAX_MALFORMED: u8 = 3;
        let readable = bad.id.is_some();
        self.send(socket, &Downstream::Reply(bad.reply()));
        let Some(known) = self.sockets.get_mut(&socket) else { return };
        known.malformed = if readable { 0 } else { known.malformed.saturating_add(1) };
        if known.malformed >= MAX_MALFORMED {
            self.sockets.remove(&socket);
            let reason = "three frames in a row were no messages";
            self.effects.push_back(PersonEffect::Close { socket, code: CLOSE_POLICY, reason });
        }
    }
}
