//! What the hub does when time has passed.

use crate::hub::live::Live;
use crate::hub::{HubEffect, HubMachine};
use crate::time::Stamp;

/// How long an entity that no tab shows is kept up to date, in microseconds: a page that reloads finds it ready.
const IDLE_GRACE: u64 = 30_000_000;

impl HubMachine {
    /// The time that was set has come.
    pub fn timer(&mut self, now: Stamp) {
        self.now = now;
        self.timer = None;
        if self.link.is_due(now) {
            self.effects.push_back(HubEffect::OpenSocket);
        }
        let topics: Vec<_> = self.entities.keys().cloned().collect();
        for topic in topics {
            let Some(live) = self.entities.get_mut(&topic) else { continue };
            if live.answer_by.is_some_and(|at| at <= now) {
                // Pushes that the Person's object held until the answer are gone with it.
                live.current = false;
            }
            if live.retry_at.or(live.answer_by).is_some_and(|at| at <= now) {
                (live.retry_at, live.answer_by) = (None, None);
                let repeat = live.outstanding.as_ref().map(|o| o.request.clone());
                match repeat {
                    Some(request) if self.link.is_ready() => self.send(topic.clone(), &request),
                    // What was to be repeated is not waited for any more, and what is next waited for that.
                    _ => self.ask_next(&topic),
                }
            }
            let Some(live) = self.entities.get(&topic) else { continue };
            let idle = live.idle_since.is_some_and(|since| since.plus(IDLE_GRACE) <= now);
            if idle && !live.has_unconfirmed() {
                self.last_seq = self.last_seq.max(live.seq);
                if live.line.has_socket() {
                    self.effects.push_back(HubEffect::CloseLine(live.handle));
                }
                // It may have been asked for, and nobody waits for the answer.
                let asked = self.entities.remove(&topic).and_then(|live| live.outstanding);
                asked.map(|asked| self.requests.remove(&asked.request.id));
                if self.topics(&topic.entity).next().is_none() {
                    self.unsubscribe(topic.entity);
                }
            }
        }
        self.set_timer();
    }

    /// What is kept for later: edits and calls, requests under way, and pushes that wait. For tests, which look whether it
    /// is bounded.
    #[doc(hidden)]
    pub fn kept_len(&self) -> usize {
        self.entities.values().map(Live::kept_len).fold(self.requests.len(), usize::saturating_add)
    }

    /// Sets the timer for what comes first.
    pub(super) fn set_timer(&mut self) {
        let retries = self.entities.values().filter_map(|live| live.retry_at.or(live.answer_by));
        let idle = self.entities.values().filter(|live| !live.has_unconfirmed());
        let idle = idle.filter_map(|live| live.idle_since).map(|since| since.plus(IDLE_GRACE));
        let Some(next) = retries.chain(idle).chain(self.link.deadline()).min() else { return };
        // One that is set for earlier looks again when it has come.
        if self.timer.is_none_or(|timer| next < timer) {
            self.timer = Some(next);
            self.effects.push_back(HubEffect::SetTimer(next));
        }
    }
}
