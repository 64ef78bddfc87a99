//! The hub's connection as the tabs hear of it: whether it is there, and who is logged in.

use crate::hub::HubMachine;
use crate::hub::answer::Shown;
use crate::hub::link::CLOSE_SESSION_OVER;
use crate::hub::live::Call;
use crate::local::{HubMessage, Problem};
use crate::message::Meta;
use crate::time::Stamp;

impl HubMachine {
    /// The socket closed, or could not be opened; `code` is the close code. (That it opened is not news: requests go
    /// out when the server has said who is logged in.)
    pub fn socket_closed(&mut self, now: Stamp, code: u16) {
        self.now = now;
        let was_ready = self.link.is_ready();
        self.link.lost(now, code);
        self.requests.clear();
        self.close_lines();
        for live in self.entities.values_mut() {
            live.disconnected();
        }
        self.signed_out |= code == CLOSE_SESSION_OVER;
        if was_ready || self.signed_out {
            self.tell_linked();
        }
        self.set_timer();
    }

    /// Resumes: repeats what was under way, and asks for what changed meanwhile.
    pub(super) fn welcome(&mut self, person: String) {
        if self.person.as_ref().is_some_and(|before| *before != person) {
            self.forget_person();
        }
        self.person = Some(person);
        self.signed_out = false;
        self.link.ready();
        self.tell_linked();
        let topics: Vec<_> = self.entities.keys().cloned().collect();
        for topic in topics {
            let repeat = self.entities.get(&topic).and_then(|live| live.outstanding.as_ref());
            match repeat.map(|outstanding| outstanding.request.clone()) {
                Some(request) => self.send(topic, &request),
                None => self.ask_next(&topic),
            }
        }
    }

    /// Somebody else logged in: what the one before saw and did not get confirmed is not theirs.
    fn forget_person(&mut self) {
        self.requests.clear();
        let message = "somebody else logged in before this was confirmed";
        let problem = Problem::new(401, "person", message);
        let topics: Vec<_> = self.entities.keys().cloned().collect();
        for topic in topics {
            let Some(live) = self.entities.get_mut(&topic) else { continue };
            let calls = live.forget(&problem);
            self.publish(&topic, Shown::Replaced, None);
            for call in calls {
                self.post_result(&call, Err(problem.clone()));
            }
        }
    }

    /// Tells the tab that asked what became of its call.
    pub(super) fn post_result(&mut self, call: &Call, result: Result<Meta, Problem>) {
        if let Some((tab, call)) = call.from {
            self.post(tab, &HubMessage::Answered { call, result });
        }
    }

    pub(super) fn linked(&self, tab: u32) -> HubMessage {
        HubMessage::Linked {
            tab,
            epoch: self.epoch,
            connected: self.link.is_ready(),
            person: self.person.clone(),
            signed_out: self.signed_out,
        }
    }

    fn tell_linked(&mut self) {
        let tabs: Vec<u32> = self.tabs.keys().copied().collect();
        for tab in tabs {
            self.post(tab, &self.linked(tab));
        }
    }
}
