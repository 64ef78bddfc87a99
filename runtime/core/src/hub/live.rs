//! One entity in the hub: what is shown of it, the edits that are not confirmed, and the request that is under
//! way. Requests of one entity go out one after the other, so an answer always fits what the hub holds.

use std::rc::Rc;

use ciborium::Value;

use crate::hub::bridge::Bridge;
use crate::hub::line::Line;
use crate::local::{Facts, MAX_PROBLEMS, Problem, Refusal, State, Topic};
use crate::message::{Meta, Method, Push, Request};
use crate::overlay::Overlay;
use crate::patch::empty;
use crate::sorted::Sorted;
use crate::time::Stamp;

/// The most edits of one entity that can wait for confirmation.
pub const MAX_EDITS: usize = 10_000;

/// The most pushes that are held while a request is under way. Past that the hub asks for what it missed.
const MAX_HELD: usize = 256;

/// Where an edit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its number at this entity.
    pub number: u64,
    /// Its number in its store.
    pub edit: u64,
}

/// A request of a tab that waits for its turn, or for its answer.
#[derive(Clone, Debug)]
pub struct Call {
    /// The tab, and the number of the call there; `None` for a creation that no tab waits for.
    pub from: Option<(u32, u32)>,
    /// What is asked.
    pub method: Method,
    /// The value of `post`.
    pub value: Option<Value>,
}

/// What a request under way is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// To become current.
    Read,
    /// To get a ticket for a direct line.
    Ticket,
    /// To confirm the edits up to a number; how many these are.
    Edits {
        /// The last one.
        last: Label,
        /// How many.
        count: usize,
    },
    /// A tab asked.
    Call(Call),
}

/// A request under way, as it has to be repeated after the connection was lost.
#[derive(Clone, Debug)]
pub struct Outstanding {
    /// The request.
    pub request: Request,
    /// What for.
    pub purpose: Purpose,
}

/// An entity that a tab of this browser shows, or did a moment ago.
#[derive(Default)]
pub struct Live {
    /// The value with the edits, if there is one; kept while the entity is deleted.
    pub overlay: Option<Overlay<Label>>,
    /// Meta of the confirmed version.
    pub meta: Option<Meta>,
    /// What is known.
    pub state: State,
    /// What stands in the way of the next request.
    pub problem: Option<Problem>,
    /// The refused edits that nobody has dismissed, the oldest first.
    problems: Vec<Refusal>,
    /// Whether these are others than the tabs were told last.
    problems_changed: bool,
    /// The first value, if the entity is to be created where it does not exist.
    pub first: Option<Value>,
    /// Number of the last update.
    pub seq: u64,
    /// The tabs that show it, each with the number of its last edit.
    pub tabs: Sorted<u32, u64>,
    /// The request under way.
    pub outstanding: Option<Outstanding>,
    /// Whether it was read on this connection, so that pushes come.
    pub current: bool,
    /// Edits are sent one by one, because several together were refused.
    pub one_by_one: bool,
    /// Calls that wait.
    pub calls: Vec<Call>,
    /// When to go on after a passing failure.
    pub retry_at: Option<Stamp>,
    /// Passing failures in a row.
    pub failures: u32,
    /// Since when no tab shows it.
    pub idle_since: Option<Stamp>,
    /// When the request under way is repeated if there is no answer until then.
    pub answer_by: Option<Stamp>,
    /// What each tab may not have seen yet.
    bridges: Sorted<u32, Bridge>,
    /// The number by which the server names the entity in pushes.
    pub handle: u32,
    /// The direct line.
    pub line: Line,
    /// Whether the last question went by it.
    pub by_line: bool,
    /// When the next direct line may be opened.
    pub line_after: Stamp,
    held: Vec<Push>,
    /// The latest version of which a push was left.
    missed: Stamp,
    last_number: u64,
}

impl Live {
    /// An entity of which nothing is known, which no tab shows, and whose updates are numbered from `seq`.
    pub fn new(now: Stamp, seq: u64, handle: u32) -> Live {
        Live { seq, handle, idle_since: Some(now), ..Live::default() }
    }

    /// The confirmed version.
    pub fn version(&self) -> Option<Stamp> {
        self.overlay.as_ref()?;
        self.meta.as_ref().map(|meta| meta.modified)
    }

    /// Keeps a refused edit until somebody dismisses it.
    pub fn keep_refusal(&mut self, refusal: Refusal) {
        if self.problems.iter().any(|known| known.id() == refusal.id()) {
            return;
        }
        if self.problems.len() >= MAX_PROBLEMS {
            self.problems.remove(0);
        }
        self.problems.push(refusal);
        self.problems_changed = true;
    }

    /// Lets go of a refused edit, or of all.
    pub fn dismiss(&mut self, id: Option<u64>) {
        self.problems.retain(|refusal| id.is_some_and(|id| id != refusal.id()));
        self.problems_changed = true;
    }

    /// Whether the refused edits changed since the tabs were told; from now on they are told. Edits that were refused
    /// meanwhile were so now.
    pub fn take_problems_changed(&mut self, now: Stamp) -> bool {
        self.problems.iter_mut().for_each(|refusal| refusal.note_time(now));
        std::mem::take(&mut self.problems_changed)
    }

    /// What tabs are told beside the value, with the refused edits or without them.
    pub fn facts(&self, with_problems: bool) -> Facts {
        let pending = self.overlay.as_ref().map_or(0, Overlay::len);
        Facts {
            state: self.state,
            meta: self.meta.clone(),
            pending: u32::try_from(pending).unwrap_or(u32::MAX),
            first: self.overlay.iter().flat_map(Overlay::edits).next().map(|(label, _)| label.edit),
            problem: self.problem.clone(),
            problems: with_problems.then(|| self.problems.clone()),
        }
    }

    /// The value that tabs are shown; of a deleted, outdated or failed entity the last one that was read.
    pub fn shown(&self) -> Option<&Value> {
        let held = !matches!(self.state, State::Loading | State::Absent);
        self.overlay.as_ref().filter(|_| held).map(Overlay::view)
    }

    /// Takes an edit of a tab, which had seen the update `seq` when it was made. Returns it as it is made here, after
    /// what the tab had not seen.
    pub fn edit(&mut self, tab: u32, edit: u64, seq: u64, patch: Value) -> Result<Value, Problem> {
        let overlay = match (&mut self.overlay, self.state) {
            // A page that does not know yet that it is outdated: what it edits is shown, and not sent.
            (Some(overlay), State::Live | State::Outdated) => overlay,
            (_, state) => {
                let message = format!("the entity cannot be edited: it is {}", state.name());
                return Err(Problem::new(404, state.name(), message));
            }
        };
        if overlay.len() >= MAX_EDITS {
            let message = format!("{MAX_EDITS} edits wait for confirmation already");
            return Err(Problem::new(429, "tooMany", message));
        }
        let bridge = self.bridges.get_or_insert_with(tab, Bridge::default);
        let patch = bridge.carry(overlay.view(), seq, patch)?;
        let number = self.last_number.saturating_add(1);
        let label = Label { number, edit };
        overlay
            .push(label, patch.clone())
            .map_err(|misfit| Problem::new(400, "shape", misfit.to_string()))?;
        self.last_number = number;
        if let Some(last) = self.tabs.get_mut(&tab) {
            *last = edit;
        }
        Ok(patch)
    }

    /// Notes that the update `seq` goes out to the tabs; `by` is the one whose edit it is.
    pub fn published(&mut self, patch: Option<&Value>, by: Option<u32>) {
        let patch = patch.map(|patch| Rc::new(patch.clone()));
        self.bridges.retain(|tab| self.tabs.contains_key(tab));
        for tab in self.tabs.keys().filter(|tab| Some(**tab) != by) {
            self.bridges.get_or_insert_with(*tab, Bridge::default).push(self.seq, patch.clone());
        }
    }

    /// Whether edits or calls wait for their answer: then the entity must not be let go.
    pub fn has_unconfirmed(&self) -> bool {
        let reads = |o: &Outstanding| matches!(o.purpose, Purpose::Read | Purpose::Ticket);
        let asked = self.outstanding.as_ref().is_some_and(|o| !reads(o));
        asked || !self.calls.is_empty() || self.overlay.as_ref().is_some_and(|o| !o.is_empty())
    }

    /// Edits, calls, and pushes that wait for an answer.
    pub fn kept_len(&self) -> usize {
        let edits = self.overlay.as_ref().map_or(0, Overlay::len);
        edits.saturating_add(self.calls.len()).saturating_add(self.held.len())
    }

    /// What has to be asked next, if anything.
    pub fn next_purpose(&mut self) -> Option<Purpose> {
        if self.outstanding.is_some() || self.retry_at.is_some() {
            return None;
        }
        if !self.current || self.line == Line::Open {
            return Some(Purpose::Read);
        }
        if self.line == Line::Offered {
            return Some(Purpose::Ticket);
        }
        if let (Some(overlay), State::Live) = (&self.overlay, self.state) {
            // Together go edits that one store made one after the other: so the entity knows them again, in whichever
            // parts another hub sends them.
            let most = if self.one_by_one { 1 } else { usize::MAX };
            let (mut last, mut count) = (None, 0_usize);
            for (label, _) in overlay.edits().take(most) {
                if last.is_some_and(|last: Label| last.edit.wrapping_add(1) != label.edit) {
                    break;
                }
                (last, count) = (Some(*label), count.wrapping_add(1));
            }
            if let Some(last) = last {
                return Some(Purpose::Edits { last, count });
            }
        }
        if let (Some(value), State::Absent) = (self.first.take(), self.state) {
            // Once: if it is refused, the tabs are told.
            let (method, value) = (Method::Post, Some(value));
            return Some(Purpose::Call(Call { from: None, method, value }));
        }
        // Few at once: a deque for them would cost every browser more than it saves.
        (!self.calls.is_empty()).then(|| Purpose::Call(self.calls.remove(0)))
    }

    /// The request for a purpose.
    pub fn request(&self, id: u64, topic: &Topic, purpose: &Purpose) -> Request {
        let method = match purpose {
            Purpose::Read => Method::Subscribe,
            Purpose::Ticket => Method::Line,
            Purpose::Edits { .. } => Method::PatchDiff,
            Purpose::Call(call) => call.method,
        };
        let mut request = Request::new(id, method, topic.entity.clone());
        request.schema = topic.schema;
        match purpose {
            Purpose::Read => {
                request.handle = Some(self.handle);
                request.if_modified_since = self.version().into();
            }
            Purpose::Edits { last, count } => {
                (request.id, request.edits) = (last.edit, *count as u64);
                request.if_unmodified_since = self.version().into();
                request.diff = self
                    .overlay
                    .as_ref()
                    .map(|overlay| overlay.composed(|label| label.number <= last.number));
            }
            Purpose::Ticket => {}
            Purpose::Call(call) => request.value = call.value.clone(),
        }
        request
    }

    /// Keeps a push for when the request under way is answered.
    pub fn hold(&mut self, push: Push) {
        if self.held.len() < MAX_HELD {
            self.held.push(push);
        } else {
            self.held.clear();
            self.miss(push.meta.modified);
        }
    }

    /// Leaves a push, which may say something new. (Whether it does is seen when the entity was read.)
    pub fn miss(&mut self, modified: Stamp) {
        self.missed = self.missed.max(modified);
    }

    /// The pushes that were held. If some were left that lead further, the entity has to be read.
    pub fn take_held(&mut self) -> Vec<Push> {
        let known = self.meta.as_ref().map(|meta| meta.modified).unwrap_or_default();
        if std::mem::take(&mut self.missed) > known {
            self.current = false;
        }
        std::mem::take(&mut self.held)
    }

    /// The connection was lost: what was asked to become current has to be asked again; edits and calls are
    /// repeated as they were.
    pub fn disconnected(&mut self) {
        self.current = false;
        self.retry_at = None;
        self.answer_by = None;
        self.failures = 0;
        self.held.clear();
        self.leave_reading();
    }

    /// What was asked to become current is not waited for any more.
    pub fn leave_reading(&mut self) -> Option<Outstanding> {
        let reads = |o: &mut Outstanding| matches!(o.purpose, Purpose::Read | Purpose::Ticket);
        self.outstanding.take_if(reads)
    }

    /// Starts over, for another person, who sees nothing of the one before. Returns the calls that nobody answers now.
    pub fn forget(&mut self, problem: &Problem) -> Vec<Call> {
        let mut calls = std::mem::take(&mut self.calls);
        if let Some(Outstanding { purpose: Purpose::Call(call), .. }) = self.outstanding.take() {
            calls.push(call);
        }
        let first = self.overlay.as_ref().and_then(|overlay| overlay.edits().next());
        let first = first.map(|(label, _)| label.edit);
        let Live { seq, handle, .. } = *self;
        let tabs = std::mem::take(&mut self.tabs);
        *self = Live { tabs, seq, handle, problems_changed: true, ..Live::default() };
        if let Some(edit) = first {
            self.keep_refusal(Refusal::of_value(edit, problem, None));
        }
        calls
    }

    /// Drops all edits, and keeps the refusal if there were any.
    pub fn drop_edits(&mut self, problem: &Problem) {
        let Some(overlay) = &mut self.overlay else { return };
        let Some((id, lost)) = first_of(overlay, u64::MAX) else { return };
        let undo = match overlay.rebase(&empty(), |_| true, |_, _| false) {
            Ok(rebased) => rebased.undo,
            Err(_) => empty(),
        };
        let shown = (overlay.view(), &undo);
        let refusal = Refusal::of_edit(id, problem, &lost, shown, false);
        self.keep_refusal(refusal);
    }
}

/// The number of the first edit, if its number is not above `through`, and what the edits up to there change.
pub fn first_of(overlay: &Overlay<Label>, through: u64) -> Option<(u64, Value)> {
    let (first, _) = overlay.edits().next().filter(|(label, _)| label.number <= through)?;
    Some((first.edit, overlay.composed(|label| label.number <= through)))
}
