//! What an entity has to hold: a model that follows its stored changes one by one, and looks at each.

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::message::{EntityRef, Reason, Reply};
use temporal_entity_core::object::LoggedChange;
use temporal_entity_core::patch::{Form, apply, diff_like, form};
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, get};

use super::book::lines;
use super::entity::MAKER;
use super::kinds::Disk;

/// The model of one entity.
pub struct Oracle {
    /// The version that it followed to.
    pub version: Option<Stamp>,
    /// The value, whether it is deleted or not.
    pub value: Value,
    /// What each snapshot came to hold; `None` where it was deleted.
    snapshots: Vec<(Stamp, Option<Value>)>,
    /// The highest number of each line.
    pub lines: BTreeMap<String, i64>,
    /// What was added to the total.
    pub added: i64,
    /// The requests that made changes: by browser the last number that each takes, with the first.
    requests: BTreeMap<(String, u64), u64>,
    /// Whether a former value was brought back: then what people wrote may be gone.
    pub restored: bool,
}

impl Oracle {
    /// Of an entity that will be created with this value.
    pub fn new(value: Value) -> Oracle {
        Oracle {
            version: None,
            value,
            snapshots: Vec::new(),
            lines: BTreeMap::new(),
            added: 0,
            requests: BTreeMap::new(),
            restored: false,
        }
    }

    /// Follows what was stored since. Every version follows on the one before, and nothing was applied twice: no
    /// request made two changes, and the numbers of a line only go up.
    pub fn follow(&mut self, entity: &EntityRef, disk: &Disk) {
        let from = self.version.map(Stamp::after).unwrap_or_default();
        for (stamp, bytes) in disk.changes_from(from, usize::MAX).expect("a disk") {
            let change = LoggedChange::decode(stamp, &bytes).expect("a change");
            assert_eq!((change.since, change.meta.modified), (self.version, stamp), "{entity}");
            self.version = Some(stamp);
            apply(&mut self.value, &change.diff).expect("a diff that fits");
            if change.browser != MAKER {
                self.look(entity, &change);
            }
            let value = (!change.meta.deleted).then(|| self.value.clone());
            match self.snapshots.last_mut().filter(|(from, _)| *from == change.meta.valid_from) {
                Some((_, last)) => *last = value,
                None => self.snapshots.push((change.meta.valid_from, value)),
            }
        }
    }

    fn look(&mut self, entity: &EntityRef, change: &LoggedChange) {
        let (first, last) = change.numbers().into_inner();
        let twice = self.stored(&change.browser, first).is_some_and(|stored| stored <= last);
        assert!(!twice, "{entity}: a request made two changes: {change:?}");
        self.requests.insert((change.browser.clone(), last), first);
        for (key, number) in lines(&change.diff) {
            let before = self.lines.get(&key).copied();
            // What was brought back may be what a request from long ago was made on.
            let up = self.restored || before.is_none_or(|before| before < number);
            assert!(up, "{entity}: line {key} was set to {number} after {before:?}");
            self.lines.insert(key, before.map_or(number, |before| before.max(number)));
        }
        self.added += added(&change.diff);
    }

    /// The first number of the request that made a change which takes this number of a browser's, or the next that one
    /// does.
    pub fn stored(&self, browser: &str, number: u64) -> Option<u64> {
        let from = (browser.to_owned(), number);
        let (_, first) = self.requests.range(from..).next().filter(|((of, _), _)| of == browser)?;
        Some(*first)
    }

    /// That an answer to `get` is the value.
    pub fn check(&self, entity: &EntityRef, reply: &Reply) {
        if let Some(value) = &reply.value {
            let differs = diff_like(&self.value, value, None);
            assert_eq!(differs, None, "{entity} holds something else than its changes led to");
        }
    }

    /// That an answer to `get` with `asOf` is what there was then.
    pub fn check_past(&self, entity: &EntityRef, instant: Stamp, reply: &Reply) {
        if reply.reason == Some(Reason::Compacted) {
            return;
        }
        let then = self.snapshots.iter().rev().find(|(from, _)| *from <= instant);
        match (then, &reply.value) {
            (Some((_, Some(then))), Some(value)) => {
                let differs = diff_like(then, value, None);
                assert_eq!(differs, None, "{entity} as of {instant} was something else");
            }
            (Some((_, None)), None) => assert_eq!(reply.reason, Some(Reason::Deleted), "{entity}"),
            (None, None) => assert_eq!(reply.reason, Some(Reason::Absent), "{entity}"),
            _ => panic!("{entity} as of {instant}: {then:?} is told as {reply:?}"),
        }
    }

    /// When the first and the last snapshot began.
    pub fn span(&self) -> (Stamp, Stamp) {
        let begin = |snapshot: Option<&(Stamp, _)>| snapshot.map(|(from, _)| *from);
        let first = begin(self.snapshots.first()).unwrap_or_default();
        (first, begin(self.snapshots.last()).unwrap_or_default())
    }
}

/// What a diff adds to the total.
pub fn added(diff: &Value) -> i64 {
    match get(diff, "total").map(form) {
        Some(Form::Add(number)) => i64::try_from(number).expect("a small number"),
        Some(_) => panic!("the total is only added to"),
        None => 0,
    }
}
