//! What a host that holds many machines has to know to let go of some: a machine is a cache of what is stored.

use crate::entity::Entity;
use crate::object::replay::Replay;
use crate::object::{Contents, EntityMachine};

/// What a value takes in memory, against the bytes of its CBOR. Measured: long texts once, records of a hundred bytes
/// twice, and what is made of numbers and flags more.
const VALUE_FACTOR: usize = 3;

/// The same of a change that is kept as a tree. Measured: records that are put in 5.6 times.
const CHANGE_FACTOR: usize = 6;

/// What a machine takes however little it holds.
const EMPTY_BYTES: usize = 1 << 10;

impl<T: Entity> EntityMachine<T> {
    /// Whether it can be dropped and read again without anybody being told late: no push is due or under way.
    pub fn is_idle(&self) -> bool {
        self.subscribers.are_current() && self.lines.are_current()
    }

    /// Whether every direct line was sent what it is to have. Only this machine knows what it was not.
    pub fn lines_are_current(&self) -> bool {
        self.lines.are_current()
    }

    /// About what it takes in memory. An estimate by the bytes that are stored: the value is not walked.
    pub fn memory_bytes(&self) -> usize {
        let Contents::Present(present) = &self.contents else { return EMPTY_BYTES };
        let state = present.checkpoint;
        let value = match present.value.get() {
            Some(_) => state.value_bytes.saturating_add(state.since.bytes),
            None => 0,
        };
        let replay = present.replay.as_ref().map_or(0, Replay::memory_bytes);
        let changes = present.log.memory_bytes(CHANGE_FACTOR).saturating_add(replay);
        value.saturating_mul(VALUE_FACTOR).saturating_add(changes).saturating_add(EMPTY_BYTES)
    }
}
