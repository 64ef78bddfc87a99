//! What is asked at the end of a run, of a machine that is read from the disk: all of the past.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Envelope, Method, Reply, Request, Sender, Token};
use temporal_entity_core::patch::apply;
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::{Value, same};

use crate::asks::entity;
use crate::kinds::Subject;
use crate::run::Run;

impl<T: Subject, S: Storage + Clone> Run<T, S> {
    fn read(&mut self, method: Method, fill: impl FnOnce(&mut Request)) -> Reply {
        let mut request = Request::new(0, method, entity::<T>());
        fill(&mut request);
        let envelope = Envelope { sender: Sender::new("reader", "b"), request };
        self.ask(envelope, None).expect("a disk without faults")
    }

    /// All that can be read of a run, each answer compared with the model.
    pub fn finish(&mut self) {
        self.evict();
        self.model.check();
        self.read(Method::Get, |_| {});
        if self.model.current().is_none() {
            return;
        }
        let count = self.model.versions.len();
        for version in self.model.versions.clone().iter().skip(count.saturating_sub(30)) {
            let held = Token::At(version.meta.modified);
            self.read(Method::Get, |request| request.if_modified_since = held);
        }
        self.page_through();
        self.fold();
    }

    /// Every snapshot is in one page, and the newest also if there are few in each.
    fn page_through(&mut self) {
        for limit in [1, 3, 200] {
            let (mut listed, mut before): (Vec<Stamp>, Option<Stamp>) = (Vec::new(), None);
            loop {
                let reply = self.read(Method::History, |request| {
                    request.past.before = before.into();
                    request.past.limit = Some(limit);
                });
                listed.extend(reply.history.iter().flatten().map(|meta| meta.modified));
                match reply.before {
                    Some(next) => {
                        assert!(before.is_none_or(|before| next < before), "a page leads on");
                        before = Some(next);
                    }
                    None => break,
                }
                if listed.len() > 25 && limit < 200 {
                    break;
                }
            }
            let all = self.model.snapshots();
            let all = all.iter().rev().map(|snapshot| snapshot.meta.modified);
            let count = if limit < 200 { listed.len() } else { all.len() };
            assert_eq!(listed, all.take(count).collect::<Vec<_>>());
        }
    }

    /// The changes from snapshot to snapshot, one after the other, lead from the first value to the present one: where a
    /// deletion is between two of them, over it.
    fn fold(&mut self) {
        let snapshots = self.model.snapshots();
        let mut shown = snapshots.iter().filter(|snapshot| !snapshot.meta.deleted);
        let Some(first) = shown.next() else { return };
        let (mut at, mut value): (Stamp, Value) = (first.meta.valid_from, first.value.clone());
        // In up to twenty strides.
        let rest: Vec<_> = shown.collect();
        let stride = rest.len().div_ceil(20).max(1);
        for snapshot in rest.iter().rev().step_by(stride).rev() {
            let (from, to) = (at, snapshot.meta.valid_from);
            let reply = self.read(Method::Changes, |request| {
                request.past.from = Token::At(from);
                request.past.to = Token::At(to);
            });
            apply(&mut value, &reply.diff.expect("a diff")).expect("it fits");
            assert!(same(&value, &snapshot.value), "no change is lost");
            at = to;
        }
    }
}
