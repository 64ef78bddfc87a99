//! The plain model: every accepted version in full, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity::Stamp;
use temporal_entity_core::message::{Envelope, Meta, Method, Request, Sender};
use temporal_entity_core::patch::{compose, empty, settle};
use temporal_entity_core::schema::Kind;
use temporal_entity_core::value::{Value, same};

/// Changes that a token is known for at the least, besides the last of every snapshot.
const LOG: usize = 100;
/// Requests of one browser that are remembered at the least, for this long in microseconds.
const REMEMBERED: usize = 64;
const REMEMBERED_FOR: u64 = 24 * 3_600_000_000;

/// An accepted version.
#[derive(Clone, Debug)]
pub struct Version {
    /// The version before; `None` for the creation.
    pub since: Option<Stamp>,
    /// Without `chunks`, which is the storage's affair.
    pub meta: Meta,
    pub value: Value,
    pub diff: Value,
    pub undo: Value,
    /// Whether it is an edit or the creation, which others can join.
    pub joins: bool,
    pub sender: Sender,
    pub request: Request,
}

/// A snapshot in full.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// With `validTo`.
    pub meta: Meta,
    pub value: Value,
    /// The value of the one before.
    pub before: Option<Value>,
}

/// How sure it is that something old is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    Surely,
    Perhaps,
    No,
}

/// What the entity has to be.
pub struct Model {
    pub kind: &'static Kind,
    pub granularity: u64,
    pub schema_version: u32,
    /// A patch of a value without what changes nothing in it. The tests of the algebra say what that is.
    pub tighten: fn(&Value, &Value) -> Value,
    /// The largest value, in bytes.
    pub value_bytes: usize,
    pub versions: Vec<Version>,
    pub subscribers: BTreeSet<String>,
}

impl Model {
    pub fn current(&self) -> Option<&Version> {
        self.versions.last()
    }

    fn place(&self, token: Stamp) -> Option<usize> {
        self.versions.iter().position(|version| version.meta.modified == token)
    }

    pub fn version(&self, token: Stamp) -> Option<&Version> {
        self.versions.get(self.place(token)?)
    }

    /// Whether a token is known: as the last `modified` of a snapshot, or as one of the recent changes.
    pub fn knows(&self, token: Stamp) -> Memory {
        let Some(at) = self.place(token) else { return Memory::No };
        let next = self.versions.get(at + 1);
        let ends = next.is_none_or(|next| next.meta.valid_from == next.meta.modified);
        if self.versions.len() - at <= LOG || ends { Memory::Surely } else { Memory::Perhaps }
    }

    /// What was changed since a version: as its diffs say it, one after the other.
    pub fn others(&self, token: Stamp) -> Value {
        let from = self.place(token).map_or(self.versions.len(), |at| at + 1);
        let (mut diff, mut undo) = (empty(), empty());
        for version in &self.versions[from..] {
            diff = compose(diff, version.diff.clone());
            undo = compose(version.undo.clone(), undo);
        }
        settle(diff, &undo)
    }

    /// The version that this browser's request made, and whether it is remembered.
    pub fn made_by(&self, envelope: &Envelope, now: Stamp) -> Option<(&Version, Memory)> {
        let (sender, id) = (&envelope.sender, envelope.request.id);
        let of_browser = |version: &&Version| {
            version.sender.person == sender.person && version.sender.browser == sender.browser
        };
        let mut own = self.versions.iter().rev().filter(of_browser);
        let place = own.clone().position(|version| version.request.id == id)?;
        let version = own.nth(place)?;
        let promised = place < REMEMBERED && now.since(version.meta.modified) < REMEMBERED_FOR;
        Some((version, if promised { Memory::Surely } else { Memory::Perhaps }))
    }

    /// Meta of the version that a change makes.
    pub fn next_meta(&self, sender: &Sender, now: Stamp, edits: bool, deleted: bool) -> Meta {
        let last = self.current();
        let least = last.map_or(0, |last| last.meta.modified.micros() + 1);
        let modified = Stamp::from_micros(now.micros().max(least)).expect("an instant");
        let joined = last.filter(|last| {
            edits
                && last.joins
                && last.meta.person == sender.person
                && last.meta.impersonator == sender.impersonator
                && modified.micros() - last.meta.valid_from.micros() < self.granularity
        });
        Meta {
            valid_from: joined.map_or(modified, |last| last.meta.valid_from),
            modified,
            person: sender.person.clone(),
            impersonator: sender.impersonator.clone(),
            deleted,
            schema_version: self.schema_version,
            ..Meta::default()
        }
    }

    /// The timeline, the oldest first.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        let mut snapshots: Vec<Snapshot> = Vec::new();
        for Version { meta, value, .. } in &self.versions {
            let (meta, value) = (meta.clone(), value.clone());
            match snapshots.last_mut() {
                Some(last) if last.meta.valid_from == meta.valid_from => {
                    last.meta = meta;
                    last.value = value;
                }
                last => {
                    let before = last.map(|last| {
                        last.meta.valid_to = Some(meta.valid_from);
                        last.value.clone()
                    });
                    snapshots.push(Snapshot { meta, value, before });
                }
            }
        }
        snapshots
    }

    /// The snapshot as of an instant.
    pub fn as_of(&self, instant: Stamp) -> Option<Snapshot> {
        self.snapshots().into_iter().rev().find(|snapshot| snapshot.meta.valid_from <= instant)
    }

    /// What holds of every chain of versions, whatever was asked.
    pub fn check(&self) {
        for pair in self.versions.windows(2) {
            assert!(pair[0].meta.modified < pair[1].meta.modified, "versions increase");
            assert_eq!(pair[1].since, Some(pair[0].meta.modified));
        }
    }
}

/// Whether two requests ask for the same: the version that they name tells where, not what.
pub fn same_content(a: &Request, b: &Request) -> bool {
    let alike = |a: &Option<Value>, b: &Option<Value>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.method == b.method && alike(&a.diff, &b.diff) && alike(&a.value, &b.value)
}

/// The leaves of a note, each under its place: a second way to tell what a change touches.
pub fn leaves(value: &Value) -> BTreeMap<String, String> {
    fn collect(place: String, value: &Value, leaves: &mut BTreeMap<String, String>) {
        match value {
            Value::Map(entries) => {
                for (key, inner) in entries {
                    let key = key.as_text().unwrap_or_default();
                    collect(format!("{place}.{key}"), inner, leaves);
                }
            }
            leaf => {
                leaves.insert(place, format!("{leaf:?}"));
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(String::new(), value, &mut found);
    found
}

/// Whether it is a write that is remembered if it changes something.
pub fn is_write(method: Method) -> bool {
    matches!(method, Method::Post | Method::PatchDiff | Method::Delete | Method::PatchUndelete)
}
