//! What the answer to a request of the hub does to the entity.

use ciborium::Value;

use crate::hub::live::{Call, Label, Live, Outstanding, Purpose, first_of};
use crate::local::{Problem, Refusal, State};
use crate::message::{Meta, Push, Reason, Reply};
use crate::overlay::Overlay;
use crate::patch::{diff_like, empty, overlap};
use crate::time::Stamp;

/// What the tabs have to be told.
#[derive(Debug, PartialEq)]
pub enum Shown {
    /// Nothing: all is as they know it.
    Same,
    /// What is shown changed by a patch (empty where only the facts changed).
    Changed(Value),
    /// Something else is shown.
    Replaced,
}

/// A call of a tab, and its result.
pub type Settled = (Call, Result<Meta, Problem>);

impl Live {
    /// Takes the answer to the request under way; a call's caller gets the second result.
    pub fn answered(
        &mut self,
        now: Stamp,
        outstanding: Outstanding,
        reply: Reply,
    ) -> (Shown, Option<Settled>) {
        let Outstanding { request, purpose } = &outstanding;
        let stuck = match reply.reason {
            Some(Reason::Schema) => Some(State::Outdated),
            Some(reason) if reason.needs_a_deploy() => Some(State::Failed),
            _ => None,
        };
        let is_ticket = matches!(purpose, Purpose::Ticket);
        match stuck {
            _ if is_ticket => return (Shown::Same, None),
            None if matches!(reply.status, 429 | 500 | 503) => {
                return (self.failed(now, outstanding, reply), None);
            }
            None => {}
            Some(state) => self.stick(state, problem(&reply)),
        }
        self.failures = 0;
        if !self.state.is_stuck() {
            self.problem = None;
        }
        let id = request.id;
        match outstanding.purpose {
            Purpose::Call(call) => {
                let (shown, result) = self.answered_call(reply);
                if let (None, Err(problem)) = (call.from, &result)
                    && problem.reason != Reason::Exists.name()
                {
                    self.keep_refusal(Refusal::of_value(id, problem, call.value.clone()));
                }
                (if stuck.is_some() { Shown::Replaced } else { shown }, Some((call, result)))
            }
            _ if stuck.is_some() => (Shown::Replaced, None),
            Purpose::Edits { last, count } => {
                (self.answered_edits(last.number, count, reply), None)
            }
            Purpose::Read | Purpose::Ticket => (self.answered_read(reply), None),
        }
    }

    /// No request is of use any more, for which the hub asks once in each connection. The value that was read stays. The
    /// edits of an outdated page stay as well, and are sent if the server is found to have the schema again; those of an
    /// entity that the server cannot read are refused.
    fn stick(&mut self, state: State, problem: Problem) {
        self.current = true;
        self.state = state;
        if state == State::Failed {
            self.drop_edits(&problem);
        }
        self.problem = Some(problem);
    }

    /// A passing failure: the same request is sent again after a while.
    fn failed(&mut self, now: Stamp, outstanding: Outstanding, reply: Reply) -> Shown {
        const FIRST_WAIT: u64 = 250_000;
        const MAX_DOUBLINGS: u32 = 6;
        let wait = FIRST_WAIT.saturating_mul(1 << self.failures.min(MAX_DOUBLINGS));
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(now.plus(reply.retry_after.unwrap_or(wait)));
        self.problem = Some(problem(&reply));
        self.outstanding = Some(outstanding);
        Shown::Changed(empty())
    }

    fn answered_read(&mut self, reply: Reply) -> Shown {
        if !matches!(reply.status, 200 | 304 | 404) {
            self.stick(State::Failed, problem(&reply));
            return Shown::Replaced;
        }
        self.current = true;
        self.problem = None;
        match (reply.status, reply.meta, reply.value, reply.diff) {
            (304, ..) => {
                let was = std::mem::replace(&mut self.state, State::Live);
                if was == State::Live { Shown::Changed(empty()) } else { Shown::Replaced }
            }
            (200, Some(meta), Some(value), _) => self.replaced(meta, value),
            // It may have been undeleted meanwhile.
            (200, Some(meta), None, Some(diff)) => self.moved(reply.since, meta, &diff),
            (_, meta, ..) => self.refused_as_gone(reply.reason, meta),
        }
    }

    fn answered_edits(&mut self, through: u64, count: usize, reply: Reply) -> Shown {
        match (reply.status, reply.meta.clone(), reply.value.clone(), reply.diff.clone()) {
            (200, Some(meta), _, Some(diff)) => {
                self.one_by_one = false;
                self.advanced(reply.since, meta, &diff, Done::Confirmed(through))
            }
            // Repeated so late that the server has no diff any more: the edits are in, and the value is read anew.
            (200, ..) => {
                self.current = false;
                self.without_edits(through, None)
            }
            // Several edits went together, and some of them are in conflict: those are dropped.
            (409, Some(meta), _, Some(diff)) if count > 1 => {
                let before = self.overlay.as_ref().map(Overlay::len);
                let shown = self.advanced(reply.since, meta, &diff, Done::None);
                self.one_by_one = before == self.overlay.as_ref().map(Overlay::len);
                shown
            }
            (409, Some(meta), _, Some(diff)) => {
                let done = Done::Refused(through, problem(&reply));
                self.advanced(reply.since, meta, &diff, done)
            }
            (412, Some(meta), Some(value), _) => self.replaced(meta, value),
            (404, meta, ..) => self.refused_as_gone(reply.reason, meta),
            _ if count > 1 => {
                self.one_by_one = true;
                Shown::Same
            }
            _ => self.without_edits(through, Some(problem(&reply))),
        }
    }

    /// The edits up to a number leave, because they are refused if there is a problem, and the confirmed version stays.
    fn without_edits(&mut self, through: u64, refused: Option<Problem>) -> Shown {
        let Some(overlay) = &mut self.overlay else { return Shown::Replaced };
        let lost = first_of(overlay, through);
        let leaves = |label: &Label| label.number <= through;
        let Ok(rebased) = overlay.rebase(&empty(), leaves, |_, _| false) else {
            return Shown::Replaced;
        };
        if let Some(((id, lost), problem)) = lost.zip(refused) {
            let shown = (overlay.view(), &rebased.undo);
            let refusal = Refusal::of_edit(id, &problem, &lost, shown, true);
            self.keep_refusal(refusal);
        }
        Shown::Changed(rebased.patch)
    }

    fn answered_call(&mut self, reply: Reply) -> (Shown, Result<Meta, Problem>) {
        let Some(meta) = reply.meta.clone().filter(|_| reply.is_success()) else {
            // Refused, so this browser may know less than it thinks.
            self.current = self.state.is_stuck();
            return (Shown::Same, Err(problem(&reply)));
        };
        let shown = match reply.diff {
            Some(diff) => self.moved(reply.since, meta.clone(), &diff),
            // Created: the value is read as the server has it.
            None => {
                self.current = false;
                Shown::Same
            }
        };
        (shown, Ok(meta))
    }

    /// Takes a push.
    pub fn pushed(&mut self, push: Push) -> Shown {
        if self.state.is_stuck() {
            return Shown::Same;
        }
        let Some(meta) = &self.meta else {
            self.current = false;
            return Shown::Same;
        };
        if push.meta.modified <= meta.modified {
            return Shown::Same;
        }
        if push.meta.schema_version != meta.schema_version {
            // The value that is held may have another shape than the diff: the server knows whether this page can read
            // the new one.
            self.current = false;
            return Shown::Same;
        }
        self.moved(Some(push.since), push.meta, &push.diff)
    }

    /// The entity moves on by a diff, and may be deleted or undeleted by it.
    fn moved(&mut self, since: Option<Stamp>, meta: Meta, diff: &Value) -> Shown {
        if meta.deleted {
            self.drop_edits_as(State::Deleted);
        }
        let (was, was_current) = (self.state, self.current);
        let fits = self.version().is_some() && self.version() == since;
        let deleted = meta.deleted.then(|| meta.clone());
        let shown = self.advanced(since, meta, diff, Done::None);
        match deleted {
            Some(meta) => {
                if !fits {
                    // The value below is of an older version; it is read again should the entity come back. There is
                    // no more to ask for now, unless something later was missed before.
                    self.overlay = None;
                    self.current = was_current;
                }
                self.meta = Some(meta);
                self.state = State::Deleted;
                Shown::Replaced
            }
            None if was == State::Live || !self.current => shown,
            None => {
                self.state = State::Live;
                Shown::Replaced
            }
        }
    }

    /// The confirmed version moves on by a diff. Edits that are done leave, and so do those on places that others
    /// changed with it: they were made on what is not there any more.
    fn advanced(&mut self, since: Option<Stamp>, meta: Meta, diff: &Value, done: Done) -> Shown {
        let held = self.version();
        let Some(overlay) = self.overlay.as_mut().filter(|_| held.is_some() && held == since)
        else {
            // The diff leads away from a version that is not held: ask for the one that does.
            self.current = false;
            return Shown::Same;
        };
        let (through, refused) = match done {
            Done::None => (0, None),
            Done::Confirmed(through) => (through, None),
            Done::Refused(through, problem) => {
                (through, first_of(overlay, through).zip(Some(problem)))
            }
        };
        let leaves = |label: &Label| label.number <= through;
        let crosses = |below: &Value, patch: &Value| {
            // What others changed, and not what comes of edits that were not accepted.
            let theirs = if refused.is_some() { diff } else { below };
            !overlap(theirs, patch).is_empty()
        };
        match overlay.rebase(diff, leaves, crosses) {
            Ok(rebased) => {
                self.meta = Some(meta);
                let crossed = rebased.refused.first().map(|label| (label.edit, rebased.lost));
                let shown = (overlay.view(), &rebased.undo);
                let refusals = [refused, crossed.map(|lost| (lost, crossing()))];
                let refusals = refusals.map(|refused| {
                    refused.map(|((id, lost), why)| Refusal::of_edit(id, &why, &lost, shown, true))
                });
                refusals.into_iter().flatten().for_each(|refusal| self.keep_refusal(refusal));
                Shown::Changed(rebased.patch)
            }
            Err(_) => {
                // What is held is not what the server took it for: have it whole.
                self.overlay = None;
                self.current = false;
                Shown::Replaced
            }
        }
    }

    /// The whole value came. Where one is held, it moves on by the difference, as by any other.
    fn replaced(&mut self, meta: Meta, value: Value) -> Shown {
        if let (Some(overlay), State::Live | State::Outdated | State::Failed) =
            (&self.overlay, self.state)
        {
            let edits = overlay.composed(|_| true);
            let diff = diff_like(&overlay.below(), &value, Some(&edits)).unwrap_or_else(empty);
            let was = std::mem::replace(&mut self.state, State::Live);
            let shown = self.advanced(self.version(), meta, &diff, Done::None);
            return if was == State::Live { shown } else { Shown::Replaced };
        }
        self.meta = Some(meta);
        self.state = State::Live;
        self.overlay = Some(Overlay::new(value));
        Shown::Replaced
    }

    /// A request was refused because there is nothing to show.
    fn refused_as_gone(&mut self, reason: Option<Reason>, meta: Option<Meta>) -> Shown {
        let deleted = reason == Some(Reason::Deleted);
        let state = if deleted { State::Deleted } else { State::Absent };
        self.drop_edits_as(state);
        let same = self.version() == meta.as_ref().map(|meta| meta.modified);
        if !deleted || !same {
            self.overlay = None;
        }
        self.state = state;
        self.meta = meta;
        Shown::Replaced
    }

    /// Drops the edits of an entity that cannot be edited any more.
    fn drop_edits_as(&mut self, state: State) {
        self.drop_edits(&Problem::of_lost_edits(state));
    }
}

/// Which of the edits an answer settles, by the number of the last one.
enum Done {
    /// None: somebody else made the change.
    None,
    /// They are in the change.
    Confirmed(u64),
    /// They are refused, for this reason.
    Refused(u64, Problem),
}

fn crossing() -> Problem {
    Problem::new(409, "conflict", "an edit was dropped: others changed the same meanwhile")
}

/// A refusal as the stores report it.
fn problem(reply: &Reply) -> Problem {
    let reason = reply.reason.map_or("", Reason::name);
    Problem::new(reply.status, reason, reply.message.clone().unwrap_or_default())
}
