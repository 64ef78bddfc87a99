//! Deliberate bugs, in what stands around the machines: the test of the test.

use std::collections::BTreeSet;

use temporal_entity::Stamp;
use temporal_entity_core::message::{Downstream, EntityRef, Envelope, Reply};
use temporal_entity_core::storage::{Storage, StorageError};

use super::World;
use super::kinds::{Disk, Machine};

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A receiver applies pushes onto whatever version it holds.
    VersionCheckSkipped,
    /// An entity that wakes up has forgotten one subscriber.
    SubscriberForgotten,
    /// A request that comes again is carried out again.
    ReplayApplied,
    /// An entity does work for a request that grows with the square of its bytes.
    WorkSquared,
    /// An entity says that it stored what its full disk did not take.
    FullAcknowledged,
    /// A ticket opens as many lines as anybody likes.
    TicketTwice,
    /// A line is answered however fast it asks.
    LineUnpaced,
}

impl Bug {
    /// All of them.
    pub const ALL: [Bug; 7] = [
        Bug::VersionCheckSkipped,
        Bug::SubscriberForgotten,
        Bug::ReplayApplied,
        Bug::WorkSquared,
        Bug::FullAcknowledged,
        Bug::TicketTwice,
        Bug::LineUnpaced,
    ];
}

/// The disk as one reads it who forgets a subscriber.
pub fn without_a_subscriber(disk: &Disk) -> Disk {
    let mut other = disk.clone();
    if let Some(first) = disk.subscribers().expect("a disk").first() {
        other.inner.remove_subscriber(first).expect("a disk");
    }
    other
}

/// Ids that no hub gives.
const FRESH: u64 = 1 << 52;

/// Answers a request as if nobody had sent it before.
pub fn respond_as_new(
    machine: &mut dyn Machine,
    disk: &mut Disk,
    now: Stamp,
    mut asked: Envelope,
    known: &mut BTreeSet<(String, u64)>,
) -> Result<Vec<u8>, StorageError> {
    let id = asked.request.id;
    if !known.insert((asked.sender.browser.clone(), id)) {
        asked.request.id = FRESH + known.len() as u64;
        known.insert((String::new(), asked.request.id));
    }
    let reply = machine.request(disk, now, asked)?;
    Ok(Reply { id: Some(id), ..reply }.encode().expect("a reply"))
}

impl World {
    /// A frame for a hub that does not look which version a push leads away from: it says the one that is held.
    pub(super) fn onto_what_is_held(&self, browser: usize, frame: &[u8]) -> Option<Vec<u8>> {
        let held = |entity: &EntityRef| {
            let tabs = self.tabs.iter().filter(|tab| tab.browser == browser);
            tabs.filter_map(|tab| tab.machine.meta(entity)).map(|meta| meta.modified).max()
        };
        let mut message = Downstream::decode(frame).ok()?;
        match &mut message {
            Downstream::Push(push) => push.since = held(&push.entity)?,
            Downstream::Short(push) => {
                push.since = held(self.book.entity_of(browser, push.handle)?)?;
            }
            _ => return None,
        }
        message.encode().ok()
    }
}
