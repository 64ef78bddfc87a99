//! How large a world is, and what people are like in it.

use temporal_entity_tests::chance::Chance;

/// Which entities the tabs show.
#[derive(Clone, Copy, Debug)]
pub enum Pattern {
    /// Everybody opens everything, and leaves it open.
    Everything,
    /// Everybody opens what comes, and closes some of it.
    Browsing,
    /// Nothing stays open for long.
    Restless,
    /// Nearly all are at one entity.
    Crowd,
}

/// A size.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Number of persons.
    pub persons: usize,
    /// Browsers of each.
    pub browsers: usize,
    /// Tabs of each.
    pub tabs: usize,
    /// Number of entities.
    pub entities: usize,
    /// How long people work, in seconds.
    pub seconds: u64,
    /// How much passes between two things that breaks, at most, in milliseconds.
    pub quiet: u64,
    /// What people show.
    pub pattern: Pattern,
    /// Whether former values are brought back.
    pub restores: bool,
    /// Whether the first person's object is an entity as well.
    pub own: bool,
}

impl Size {
    /// By chance.
    pub fn new(chance: &mut Chance) -> Size {
        let mut up_to = |most: u64| 1 + chance.below(most) as usize;
        let (persons, browsers, tabs, entities) = (up_to(4), up_to(2), up_to(3), up_to(3));
        let patterns = [Pattern::Everything, Pattern::Browsing, Pattern::Restless, Pattern::Crowd];
        Size {
            persons,
            browsers,
            tabs,
            entities,
            seconds: 3 + chance.below(9),
            quiet: 200 + chance.below(2000),
            pattern: chance.pick(&patterns).expect("a pattern"),
            restores: chance.below(4) == 0,
            own: chance.below(3) == 0,
        }
    }
}
