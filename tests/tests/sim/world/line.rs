//! Direct lines: sockets between hubs and entities' objects, and what `runtime/src/server/lines.rs` does with them.

use temporal_entity::Stamp;
use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::message::{EntityRef, Reason, Reply, Request, Sender};
use temporal_entity_core::object::{LineEffect, LineId, LineOutcome, TICKET_SECONDS};

use super::bug::Bug;
use super::entity::Failed;
use super::event::{Event, Link};
use super::mishap::Mishap;
use super::{SECOND, World};

/// A direct line.
pub struct Line {
    pub browser: usize,
    pub life: u32,
    /// By which number the hub knows it.
    pub number: u32,
    pub entity: EntityRef,
    /// The browser that the ticket is for, and when it was signed.
    holder: usize,
    issued: Stamp,
    /// Bytes that were sent and not read.
    pub unread: usize,
    /// Whether what the hub sends is lost.
    pub cut_up: bool,
    /// Whether what the entity sends is lost.
    pub cut_down: bool,
}

/// What an entity's object finds in the attachment of a line.
pub struct Attachment {
    pub sender: Sender,
    /// The handle, once the browser has subscribed.
    pub subscribed: Option<Option<u32>>,
    /// When the ticket was signed.
    pub issued: Stamp,
}

impl World {
    /// A Person signs a ticket for a browser. An object that is a Person has no lines.
    pub(super) fn sign(
        &mut self,
        browser: usize,
        entity: &EntityRef,
    ) -> Result<String, Box<Reply>> {
        if self.persons.contains_key(&entity.id) {
            let refusal = Reply::refusal(404, Reason::UnknownType, "a Person has no lines");
            return Err(Box::new(refusal));
        }
        // No two have the same instant: it is by which the entity tells them apart.
        self.signed = Stamp::next(Some(self.signed), self.now);
        let (EntityRef { name, id }, issued) = (entity, self.signed.micros());
        Ok(format!("{name}\n{id}\n{browser}\n{issued}"))
    }

    pub(super) fn open_line(&mut self, browser: usize, number: u32, ticket: &str) {
        let parts: Vec<&str> = ticket.split('\n').collect();
        let [name, id, holder, issued] = parts.try_into().expect("a ticket");
        let entity = EntityRef::new(name, id).expect("a ticket");
        let issued = issued.parse().ok().and_then(Stamp::from_micros).expect("a ticket");
        let holder = holder.parse().expect("a ticket");
        let life = self.browsers[browser].life;
        let (cut_up, cut_down, unread) = (false, false, 0);
        let line = Line { browser, life, number, entity, holder, issued, cut_up, cut_down, unread };
        let id = self.lines.len() as LineId;
        self.lines.insert(id, line);
        let before = self.browsers[browser].lines.insert(number, id);
        assert_eq!(before, None, "the line is open already");
        self.over(Link::LineUp(id), Event::LineAccept(id));
    }

    pub(super) fn line_accept(&mut self, id: LineId) {
        if self.goes_wrong(Mishap::UpgradeFails) {
            return self.at(self.now, Event::LineHubNotices(id));
        }
        let Some(line) = self.lines.get(&id).filter(|line| !line.cut_up) else { return };
        let (now, number, mut issued) = (self.now, line.browser, line.issued);
        let (browser, entity) = (&self.browsers[number], line.entity.clone());
        let sender = Sender::new(browser.person.clone(), browser.name.clone());
        let is_good = line.holder == number && now.since(issued) < TICKET_SECONDS * SECOND;
        let ticket = (number, issued);
        if self.bug == Some(Bug::TicketTwice) {
            issued = now;
        }
        let gate = self.entity(&entity).gate(now);
        let admitted = match is_good {
            true => gate.open(now, id, (&sender.person, &sender.browser), issued).ok(),
            false => None,
        };
        let Some(older) = admitted else {
            return self.over(Link::LineDown(id), Event::LineHubNotices(id));
        };
        let attachment = Attachment { sender: sender.clone(), subscribed: None, issued };
        let object = self.entity(&entity);
        object.watch_ticket(&entity, ticket);
        object.lines.insert(id, attachment);
        if let Some(machine) = &mut object.machine {
            machine.line_opened(id, sender);
        }
        if let Some(older) = older {
            self.lose_line(&entity, older);
        }
        self.watch_lines(&entity, id);
        self.over(Link::LineDown(id), Event::LineOpened(id));
    }

    pub(super) fn line_frame(&mut self, id: LineId, frame: &[u8]) {
        let Some(line) = self.lines.get(&id).filter(|line| !line.cut_up) else { return };
        let (now, entity, here) = (self.now, line.entity.clone(), line.unread);
        if !self.entity(&entity).lines.contains_key(&id) {
            return;
        }
        let unpaced = self.bug == Some(Bug::LineUnpaced);
        let paced = self.entity(&entity).gate(now).frame(now, id, frame);
        if paced != LineOutcome::Passes && !unpaced {
            return self.refuse_on_line(&entity, id, paced);
        }
        let request = Request::decode(frame, MAX_MESSAGE_BYTES).expect("a request");
        let waits = self.entity(&entity).gate(now).request(request.id, here);
        if waits != LineOutcome::Passes && !unpaced {
            return self.refuse_on_line(&entity, id, waits);
        }
        let handle = request.handle;
        let answered = self.entity_step(&entity, |machine, disk, now| {
            machine.line_request(disk, now, id, request)
        });
        let bytes = answered.as_ref().map_or(0, |(reply, _)| reply.len());
        self.watch_work(&entity, frame.len() + bytes);
        match answered {
            Ok((reply, subscribed)) => {
                let attachment = self.entity(&entity).lines.get_mut(&id);
                if let (true, Some(attachment)) = (subscribed, attachment) {
                    attachment.subscribed = Some(handle);
                }
                self.watch_line_pace(&entity, id);
                let unread = self.unread_on_lines(&entity, id);
                match self.entity(&entity).gate(now).answer(reply.len(), unread) {
                    LineOutcome::Passes => self.send_on_line(id, reply),
                    refused => self.refuse_on_line(&entity, id, refused),
                }
            }
            Err(Failed::Disk | Failed::Full) => self.close_line(&entity, id),
            Err(Failed::Killed) => return,
        }
        self.send_pushes(&entity);
    }

    fn refuse_on_line(&mut self, entity: &EntityRef, id: LineId, outcome: LineOutcome) {
        match outcome {
            LineOutcome::Passes => {}
            LineOutcome::Instead(refusal) => {
                let (now, here) = (self.now, self.lines[&id].unread);
                match self.entity(entity).gate(now).request(0, here) {
                    LineOutcome::Close(..) => self.lose_line(entity, id),
                    _ => self.send_on_line(id, refusal),
                }
            }
            LineOutcome::Close(..) => self.lose_line(entity, id),
        }
    }

    fn lose_line(&mut self, entity: &EntityRef, id: LineId) {
        self.close_line(entity, id);
        if let Some(machine) = &mut self.entity(entity).machine {
            machine.line_closed(id);
        }
        self.send_pushes(entity);
    }

    /// Sends a frame. The attacker does not read it.
    fn send_on_line(&mut self, id: LineId, frame: Vec<u8>) {
        if self.is_attackers(self.lines[&id].browser) {
            self.lines.get_mut(&id).expect("a line").unread += frame.len();
        }
        self.over(Link::LineDown(id), Event::LineToHub(id, frame));
    }

    /// What the machine has for the lines goes out at once, and then not before others had their turn.
    pub(super) fn send_to_lines(&mut self, entity: &EntityRef) {
        if self.entity(entity).lines_rest || !self.send_what_is_due(entity) {
            return;
        }
        // As the clock has it: that leaves what else happens by chance as it is.
        let pause = (self.now.micros() % 7).saturating_sub(3);
        if pause > 0 {
            let object = self.entity(entity);
            object.lines_rest = true;
            let life = object.life;
            self.after(pause * 500, Event::LinesRested { entity: entity.clone(), life });
        }
    }

    pub(super) fn lines_rested(&mut self, entity: &EntityRef, life: u32) {
        let object = self.entity(entity);
        if object.life == life {
            object.lines_rest = false;
            self.send_to_lines(entity);
        }
    }

    /// Sends all; whether there was anything.
    fn send_what_is_due(&mut self, entity: &EntityRef) -> bool {
        let mut any = false;
        loop {
            match self.entity(entity).poll(entity, |machine| machine.poll_line()).flatten() {
                Some(LineEffect::Send { line, frame }) => {
                    let (now, unread) = (self.now, self.lines[&line].unread);
                    any = true;
                    if unread > self.entity(entity).gate(now).unread_bound() {
                        self.close_line(entity, line);
                        if let Some(machine) = &mut self.entity(entity).machine {
                            machine.line_closed(line);
                        }
                        continue;
                    }
                    self.send_on_line(line, frame.to_vec());
                }
                Some(LineEffect::Close { line, .. }) => self.close_line(entity, line),
                None => return any,
            }
        }
    }

    fn close_line(&mut self, entity: &EntityRef, id: LineId) {
        let now = self.now;
        let object = self.entity(entity);
        object.gate(now).closed(id);
        object.lines.remove(&id);
        self.over(Link::LineDown(id), Event::LineHubNotices(id));
    }

    /// The process of an entity is gone, and its sockets with it.
    pub(super) fn close_lines(&mut self, entity: &EntityRef) {
        for id in self.entity(entity).lines.keys().copied().collect::<Vec<_>>() {
            self.close_line(entity, id);
        }
    }

    pub(super) fn line_server_notices(&mut self, id: LineId) {
        let Some(line) = self.lines.get_mut(&id) else { return };
        (line.cut_up, line.cut_down, line.unread) = (true, true, 0);
        let (entity, now) = (line.entity.clone(), self.now);
        let object = self.entity(&entity);
        if object.lines.remove(&id).is_some() {
            object.gate(now).closed(id);
            if let Some(machine) = &mut object.machine {
                machine.line_closed(id);
            }
            self.send_pushes(&entity);
        }
    }

    /// The hub that a line belongs to, if it is still the one in use, and the line's number there.
    fn line_user(&self, id: LineId) -> Option<(usize, u32)> {
        let line = self.lines.get(&id)?;
        let browser = &self.browsers[line.browser];
        let in_use = browser.life == line.life && browser.lines.get(&line.number) == Some(&id);
        (in_use && !browser.gone).then_some((line.browser, line.number))
    }

    pub(super) fn line_opened(&mut self, id: LineId) {
        if let Some((browser, number)) = self.line_user(id)
            && !self.lines[&id].cut_down
        {
            self.with_hub(browser, |hub, now| hub.line_opened(now, number));
        }
    }

    pub(super) fn line_to_hub(&mut self, id: LineId, frame: &[u8]) {
        let Some((browser, _)) = self.line_user(id) else { return };
        if self.lines[&id].cut_down {
            return;
        }
        self.hear(browser, frame);
    }

    pub(super) fn line_hub_notices(&mut self, id: LineId) {
        if let Some((browser, number)) = self.line_user(id) {
            self.browsers[browser].lines.remove(&number);
            self.with_hub(browser, |hub, now| hub.line_closed(now, number));
        }
    }

    /// The shell closes a line.
    pub(super) fn leave_line(&mut self, browser: usize, number: u32) {
        if let Some(id) = self.browsers[browser].lines.remove(&number) {
            self.over(Link::LineUp(id), Event::LineServerNotices(id));
        }
    }

    /// A browser's lines go without a word; entities notice within so many milliseconds.
    pub(super) fn lose_lines(&mut self, browser: usize, within: u64) {
        for id in std::mem::take(&mut self.browsers[browser].lines).into_values() {
            let line = self.lines.get_mut(&id).expect("a line");
            (line.cut_up, line.cut_down) = (true, true);
            self.after(within, Event::LineServerNotices(id));
        }
    }

    /// From now on nothing gets through in these directions. Both sides notice, sooner or later.
    pub(super) fn cut_a_line(&mut self) {
        let open = self.browsers.iter().flat_map(|browser| browser.lines.values().copied());
        let open: Vec<LineId> = open.collect();
        let Some(id) = self.chance.pick(&open) else { return };
        let way = self.chance.below(3);
        let line = self.lines.get_mut(&id).expect("a line");
        line.cut_up |= way != 0;
        line.cut_down |= way != 1;
        self.after(5000, Event::LineServerNotices(id));
        self.after(2000, Event::LineHubNotices(id));
    }
}
