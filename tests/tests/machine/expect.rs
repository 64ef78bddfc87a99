//! What an answer has to be, and what is told of one that is something else.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Meta, Reason, Reply};
use temporal_entity_core::patch::apply;
use temporal_entity_core::value::{Value, get, same};
use temporal_entity_tests::notation::write;

use crate::model::{Snapshot, Version};

/// An answer. Sentences, the forms of diffs and the number of chunks are left open.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    pub status: u16,
    pub reason: Option<Reason>,
    pub about: About,
    pub since: Option<Stamp>,
    /// The values that `diff` leads from and to.
    pub leads: Option<(Value, Value)>,
    pub value: Option<Value>,
    pub page: Option<Page>,
}

/// What `meta` is about.
#[derive(Clone, Debug, Default)]
pub enum About {
    #[default]
    Nothing,
    /// A version, without what is only told of the past.
    Version(Meta),
    /// A snapshot, with what leads to the one before.
    Snapshot(Box<Snapshot>),
}

/// A page of the history.
#[derive(Clone, Debug)]
pub struct Page {
    /// All snapshots that are asked for, the newest first, whatever the limit; whether each of them has to be listed.
    pub snapshots: Vec<(Snapshot, bool)>,
    pub limit: usize,
}

/// What comes of an answer.
#[derive(Clone, Debug)]
pub enum Effect {
    Nothing,
    Accepts(Box<Version>),
    Subscribes(String),
    Unsubscribes(String),
}

/// An answer and what comes of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub reply: Expected,
    pub effect: Effect,
}

impl Expected {
    pub fn ok(status: u16) -> Expected {
        Expected { status, ..Expected::default() }
    }

    pub fn refusal(status: u16, reason: Reason) -> Expected {
        Expected { reason: Some(reason), ..Expected::ok(status) }
    }

    pub fn about(self, version: &Version) -> Expected {
        Expected { about: About::Version(version.meta.clone()), ..self }
    }

    /// With the diff from one version to another.
    pub fn leading(self, from: &Version, to: &Version) -> Expected {
        let leads = Some((from.value.clone(), to.value.clone()));
        Expected { since: Some(from.meta.modified), leads, ..self.about(to) }
    }

    /// With the value of a version.
    pub fn whole(self, version: &Version) -> Expected {
        Expected { value: Some(version.value.clone()), ..self.about(version) }
    }

    pub fn and(self, effect: Effect) -> Vec<Outcome> {
        vec![Outcome { reply: self, effect }]
    }

    pub fn only(self) -> Vec<Outcome> {
        self.and(Effect::Nothing)
    }

    /// Whether `reply` is this answer.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(&self, reply: &Reply) -> Result<(), String> {
        equal("status", &reply.status, &self.status)?;
        equal("reason", &reply.reason, &self.reason)?;
        equal("a message", &reply.message.is_some(), &self.reason.is_some())?;
        match (&self.about, &reply.meta) {
            (About::Nothing, None) => {}
            (About::Version(expected), Some(meta)) => check_meta(meta, expected)?,
            (About::Snapshot(snapshot), Some(meta)) => check_snapshot(meta, snapshot)?,
            (about, meta) => return Err(format!("meta {meta:?} instead of {about:?}")),
        }
        equal("since", &reply.since, &self.since)?;
        match (&self.leads, &reply.diff) {
            (None, None) => {}
            (Some((from, to)), Some(diff)) => leads("diff", from, diff, to)?,
            (expected, found) => return Err(format!("diff {found:?} instead of {expected:?}")),
        }
        match (&self.value, &reply.value) {
            (None, None) => {}
            (Some(expected), Some(found)) if same(expected, found) => {}
            (expected, found) => return Err(format!("value {found:?} instead of {expected:?}")),
        }
        match (&self.page, &reply.history) {
            (None, None) => equal("before", &reply.before, &None),
            (Some(page), Some(metas)) => page.check(metas, reply.before),
            (_, metas) => Err(format!("history {metas:?}")),
        }
    }
}

impl Page {
    fn check(&self, metas: &[Meta], before: Option<Stamp>) -> Result<(), String> {
        if metas.len() > self.limit {
            return Err(format!("{} snapshots of {}", metas.len(), self.limit));
        }
        if let Some(next) = before
            && let Some(twice) = metas.iter().find(|meta| meta.modified < next)
        {
            return Err(format!("the next page begins before {next}, with {twice:?} once more"));
        }
        let mut listed = metas.iter().peekable();
        for (snapshot, has_to_be) in &self.snapshots {
            let modified = snapshot.meta.modified;
            match listed.next_if(|meta| meta.modified == modified) {
                Some(meta) => check_snapshot(meta, snapshot)?,
                // Behind the end of the page.
                None if before.is_some_and(|before| modified < before) => {}
                None if !has_to_be => {}
                None => return Err(format!("{:?} is not listed", snapshot.meta)),
            }
        }
        match listed.next() {
            Some(meta) => Err(format!("{meta:?} is listed, too")),
            None => Ok(()),
        }
    }
}

/// Whether a snapshot of the past is told as it was.
pub fn check_snapshot(meta: &Meta, snapshot: &Snapshot) -> Result<(), String> {
    let plain = Meta { previous_values: None, ..meta.clone() };
    check_meta(&plain, &snapshot.meta)?;
    match (&snapshot.before, &meta.previous_values) {
        (None, None) => Ok(()),
        (Some(before), Some(previous)) => {
            leads("previousValues", &snapshot.value, previous, before)
        }
        (before, previous) => Err(format!("previousValues {previous:?} where {before:?} was")),
    }
}

pub fn check_meta(meta: &Meta, expected: &Meta) -> Result<(), String> {
    equal("meta", &Meta { chunks: 0, ..meta.clone() }, expected)
}

/// Whether a diff leads from one value to the other.
pub fn leads(what: &str, from: &Value, diff: &Value, to: &Value) -> Result<(), String> {
    let mut value = from.clone();
    let told = || format!("{what} {} of {} to {}", write(diff), write(from), write(to));
    apply(&mut value, diff).map_err(|misfit| format!("{} does not fit: {misfit}", told()))?;
    match same(&value, to) {
        true => Ok(()),
        false => Err(format!("{} leads to {}", told(), write(&value))),
    }
}

fn equal<V: PartialEq + std::fmt::Debug>(
    what: &str,
    found: &V,
    expected: &V,
) -> Result<(), String> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found:?} instead of {expected:?}")),
    }
}

/// What is at a place of a value, keys with dots between.
pub fn at<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(value, get)
}
