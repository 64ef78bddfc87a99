//! Who may open lines to an entity and how fast a person asks on them, as the entity's object remembers it; and what must
//! hold of the lines of an attacker.

use std::collections::BTreeSet;

use temporal_entity::Stamp;
use temporal_entity_core::message::{EntityRef, Sender};
use temporal_entity_core::object::{LineGate, LineId, LineLimits, LineUnread};

use super::entity::EntityObject;
use super::line::{Attachment, Line};
use super::{SECOND, World};

/// The gate of an entity's lines, and what it let through of the attacker.
pub struct Gate {
    gate: LineGate,
    /// When the requests that were answered would have come at the pace that is allowed.
    due: Stamp,
    /// The tickets that opened a line, by browser and instant.
    used: BTreeSet<(usize, Stamp)>,
}

/// What the gate lets through at once, and a little more.
const BURST: u64 = 110;

/// What the lines of one person may have waiting, and one answer more.
const MOST_UNREAD: usize = 10 << 20;

impl EntityObject {
    /// The gate; one that was forgotten is made of the lines that are open.
    pub fn gate(&mut self, now: Stamp) -> &mut LineGate {
        let lines = &self.lines;
        let gate = self.gate.get_or_insert_with(|| {
            let mut gate = LineGate::new(now, LineLimits::default());
            for (id, Attachment { sender, issued, .. }) in lines {
                gate.woke(*id, &sender.person, &sender.browser, Some(*issued));
            }
            Gate { gate, due: now, used: BTreeSet::new() }
        });
        &mut gate.gate
    }

    /// A ticket opens one line, as long as the object remembers it.
    pub fn watch_ticket(&mut self, entity: &EntityRef, ticket: (usize, Stamp)) {
        let Some(gate) = &mut self.gate else { return };
        assert!(gate.used.insert(ticket), "a ticket of {entity} opens two lines");
    }
}

impl World {
    /// What waits to be read on the lines of an entity: on those of the person who has this one, and on all.
    pub(super) fn unread_on_lines(&self, entity: &EntityRef, id: LineId) -> LineUnread {
        let person = |line: &Line| &self.browsers[line.browser].person;
        let own = person(&self.lines[&id]);
        let of_all = self.lines.values().filter(|line| line.entity == *entity);
        let of_person = of_all.clone().filter(|line| person(line) == own);
        let unread = |line: &Line| line.unread;
        LineUnread { of_person: of_person.map(unread).sum(), of_all: of_all.map(unread).sum() }
    }

    /// A browser has one line to an entity, and a person a bounded number.
    pub(super) fn watch_lines(&self, entity: &EntityRef, id: LineId) {
        let Some(opened) = self.entities[entity].lines.get(&id) else { return };
        let Sender { person, browser, .. } = &opened.sender;
        let lines = self.entities[entity].lines.values();
        let of_person = lines.clone().filter(|line| line.sender.person == *person).count();
        let of_browser = lines.filter(|line| line.sender.browser == *browser).count();
        assert_eq!(of_browser, 1, "the lines of {browser} to {entity}");
        let most = LineLimits::default().per_person;
        assert!(of_person <= most, "{person} has {of_person} lines to {entity}");
    }

    /// The attacker's lines are answered at a bounded pace, and what it does not read is bounded.
    pub(super) fn watch_line_pace(&mut self, entity: &EntityRef, id: LineId) {
        if !self.is_attackers(self.lines[&id].browser) {
            return;
        }
        let (now, unread) = (self.now, self.unread_on_lines(entity, id).of_all);
        assert!(unread < MOST_UNREAD, "{unread} bytes of {entity} are not read");
        // Whoever wakes the object begins with a whole burst again.
        let Some(gate) = &mut self.entity(entity).gate else { return };
        let interval = SECOND / u64::from(LineLimits::default().requests_per_second);
        gate.due = gate.due.max(now).plus(interval);
        let ahead = gate.due.since(now) / interval;
        assert!(ahead <= BURST, "lines of {entity} are answered {ahead} times at once");
    }
}
