//! What is asked, when, by whom, and what goes wrong meanwhile. Versions and instants are chosen by number among those
//! that there are when the step is carried out, so that a step stays one when others are taken away from before it.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use crate::edits::{Edit, edits};

/// One step of a run.
#[derive(Clone, Debug)]
pub enum Step {
    /// A request; the write of that number of it fails.
    Ask { who: Who, wait: Wait, fails: Option<u8>, ask: Ask },
    /// A write of before once more; or its id with another content.
    Repeat { which: u16, other: bool, wait: Wait, fails: Option<u8> },
    /// So many edits at one go: more than is kept in memory, where it comes twice.
    Burst { who: Who, count: u16 },
    /// The object loses its memory.
    Evict,
    /// What became of the push to this person.
    Outcome { person: u8, taken: bool, fails: bool },
    /// A request to an object of another type on the same disk.
    OtherType { method: u8 },
}

/// A sender.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    pub person: u8,
    pub browser: u8,
    pub impersonator: Option<u8>,
}

/// What the clock does before a step.
#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// It stands still.
    Still,
    /// So many microseconds pass.
    Micros(u16),
    /// It comes to the end of the current snapshot's granularity, or just beside it.
    Edge(i8),
    /// It jumps back by so many seconds.
    Back(u16),
    /// So many hours pass.
    Hours(u8),
}

/// A version that a request names.
#[derive(Clone, Copy, Debug)]
pub enum Pick {
    Current,
    /// One of all that there were.
    Version(u16),
    /// The last one of a snapshot.
    End(u16),
    /// The `validFrom` of a snapshot, and what is a microsecond beside it.
    Begin(u16, i8),
    Future,
    Missing,
    Malformed,
}

#[derive(Clone, Debug)]
pub enum Ask {
    Post(u8),
    Get(Pick),
    AsOf(Pick, Pick),
    Patch(Pick, Vec<Edit>),
    /// A diff that is none.
    Nonsense(Pick, u8),
    Delete(Pick),
    Undelete(Pick),
    Subscribe(Pick),
    Unsubscribe,
    History {
        from: Pick,
        to: Pick,
        before: Pick,
        limit: Option<u8>,
        person: Option<u8>,
        field: Option<u8>,
    },
    Changes(Pick, Pick),
}

fn who() -> impl Strategy<Value = Who> {
    (0..3_u8, 0..2_u8, weighted(0.25, 0..2_u8)).prop_map(|(person, browser, impersonator)| Who {
        person,
        browser,
        impersonator,
    })
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        3 => Just(Wait::Still),
        4 => (1..2_000_u16).prop_map(Wait::Micros),
        3 => (-1..=1_i8).prop_map(Wait::Edge),
        1 => (1..8_000_u16).prop_map(Wait::Back),
        1 => (1..30_u8).prop_map(Wait::Hours),
    ]
}

/// An instant of `asOf`, `from` or `to`.
fn instant() -> impl Strategy<Value = Pick> {
    prop_oneof![
        8 => (any::<u16>(), -1..=1_i8).prop_map(|(at, beside)| Pick::Begin(at, beside)),
        2 => any::<u16>().prop_map(Pick::Version),
        1 => Just(Pick::Future),
        1 => Just(Pick::Missing),
        1 => Just(Pick::Malformed),
    ]
}

/// A version, which is the current one as often as not.
fn version() -> impl Strategy<Value = Pick> {
    prop_oneof![
        8 => Just(Pick::Current),
        8 => any::<u16>().prop_map(Pick::Version),
        2 => any::<u16>().prop_map(Pick::End),
        1 => (any::<u16>(), -1..=1_i8).prop_map(|(at, beside)| Pick::Begin(at, beside)),
        1 => Just(Pick::Future),
        1 => Just(Pick::Missing),
        1 => Just(Pick::Malformed),
    ]
}

/// A version of a request that need not name one.
fn maybe() -> impl Strategy<Value = Pick> {
    prop_oneof![Just(Pick::Missing), version()]
}

fn history() -> impl Strategy<Value = Ask> {
    let rare = || prop_oneof![6 => Just(Pick::Missing), 2 => instant()];
    let (limit, field) = (weighted(0.7, 0..6_u8), weighted(0.4, any::<u8>()));
    (rare(), rare(), rare(), limit, weighted(0.4, 0..3_u8), field).prop_map(
        |(from, to, before, limit, person, field)| Ask::History {
            from,
            to,
            before,
            limit,
            person,
            field,
        },
    )
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        2 => (0..6_u8).prop_map(Ask::Post),
        2 => maybe().prop_map(Ask::Get),
        2 => (instant(), prop_oneof![9 => Just(Pick::Missing), 1 => version()])
            .prop_map(|(at, held)| Ask::AsOf(at, held)),
        16 => (version(), edits()).prop_map(|(version, edits)| Ask::Patch(version, edits)),
        1 => (version(), any::<u8>()).prop_map(|(version, kind)| Ask::Nonsense(version, kind)),
        1 => maybe().prop_map(Ask::Delete),
        3 => maybe().prop_map(Ask::Undelete),
        2 => maybe().prop_map(Ask::Subscribe),
        1 => Just(Ask::Unsubscribe),
        3 => history(),
        2 => (instant(), instant()).prop_map(|(from, to)| Ask::Changes(from, to)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let fails = || weighted(0.06, 0..3_u8);
    prop_oneof![
        40 => (who(), wait(), fails(), ask())
            .prop_map(|(who, wait, fails, ask)| Step::Ask { who, wait, fails, ask }),
        5 => (any::<u16>(), weighted(0.2, Just(())), wait(), fails()).prop_map(
            |(which, other, wait, fails)| Step::Repeat { which, other: other.is_some(), wait, fails }
        ),
        4 => Just(Step::Evict),
        2 => (0..3_u8, weighted(0.8, Just(())), weighted(0.1, Just(()))).prop_map(
            |(person, taken, fails)| Step::Outcome {
                person,
                taken: taken.is_some(),
                fails: fails.is_some(),
            }
        ),
        1 => (0..9_u8).prop_map(|method| Step::OtherType { method }),
    ]
}

/// Nearly every run begins with an entity.
fn with_post(steps: impl Strategy<Value = Vec<Step>>) -> impl Strategy<Value = Vec<Step>> {
    (who(), weighted(0.9, Just(())), steps).prop_map(|(who, post, mut steps)| {
        if post.is_some() {
            steps.insert(0, Step::Ask { who, wait: Wait::Still, fails: None, ask: Ask::Post(2) });
        }
        steps
    })
}

/// A run of up to so many steps.
pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    with_post(vec(step(), 1..most))
}

/// A run in which some edits come in masses.
pub fn long_steps() -> impl Strategy<Value = Vec<Step>> {
    let burst = (who(), 30..160_u16).prop_map(|(who, count)| Step::Burst { who, count });
    with_post(vec(prop_oneof![6 => step(), 1 => burst], 20..60))
}
