//! What goes wrong between two steps, and how often. Each world has its own habits: what never happens in one happens
//! all the time in another.

use temporal_entity_tests::chance::Chance;

use super::World;

/// Something that goes wrong by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// A call does not reach the object.
    CallLost,
    /// A call is carried out, and nobody hears of it.
    AnswerLost,
    /// A call takes longer than anybody waits.
    CallSlow,
    /// A call is carried out, and once more later.
    CallTwice,
    /// A push does not reach the Person.
    PushLost,
    /// A push is taken, and the entity does not hear of it.
    OutcomeLost,
    /// A push takes longer than anybody waits.
    PushSlow,
    /// A push comes once more later.
    PushTwice,
    /// An entity's object is ended between what it stored and a push.
    EntityEnds,
    /// A Person's object is ended between two effects.
    PersonEnds,
    /// A hub is ended between two effects.
    HubEnds,
    /// A write to an entity's disk fails.
    WriteFails,
    /// An entity's object is killed before what it wrote was on the disk.
    Killed,
    /// A write to a Person's disk fails.
    InterestFails,
    /// A socket is not accepted.
    UpgradeFails,
    /// A frame stays on its way for seconds, and all behind it.
    FrameSlow,
}

/// How many there are.
const COUNT: usize = Mishap::FrameSlow as usize + 1;

/// How often each happens in a thousand times, where it happens as usual.
const USUALLY: [u64; COUNT] = [20, 20, 5, 15, 40, 20, 10, 15, 30, 3, 2, 15, 8, 15, 100, 4];

/// The habits of a world.
pub struct Habits([u64; COUNT]);

impl Habits {
    /// By chance.
    pub fn new(chance: &mut Chance) -> Habits {
        let mut habits = USUALLY;
        for rate in &mut habits {
            *rate = match chance.below(4) {
                0 => 0,
                1 => *rate * 3,
                _ => *rate,
            };
        }
        Habits(habits)
    }
}

impl World {
    /// Whether this goes wrong now.
    pub(super) fn goes_wrong(&mut self, what: Mishap) -> bool {
        let rate = self.habits.0[what as usize];
        !self.calm && self.chance.below(1000) < rate
    }
}
