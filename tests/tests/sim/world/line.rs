//! Direct lines: sockets between hubs and entities' objects, and what `runtime/src/server/lines.rs` does with them.

use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::message::{EntityRef, Reason, Reply, Request, Sender};
use temporal_entity_core::object::{LineEffect, LineId};

use super::World;
use super::entity::Failed;
use super::event::{Event, Link};
use super::mishap::Mishap;

/// A direct line.
pub struct Line {
    pub browser: usize,
    pub life: u32,
    /// By which number the hub knows it.
    pub number: u32,
    pub entity: EntityRef,
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
}

impl World {
    /// A Person signs a ticket. An object that is a Person has no lines.
    pub(super) fn sign(&self, entity: &EntityRef) -> Result<String, Box<Reply>> {
        if self.persons.contains_key(&entity.id) {
            let refusal = Reply::refusal(404, Reason::UnknownType, "a Person has no lines");
            return Err(Box::new(refusal));
        }
        Ok(format!("{}\n{}", entity.name, entity.id))
    }

    pub(super) fn open_line(&mut self, browser: usize, number: u32, ticket: &str) {
        let (name, id) = ticket.split_once('\n').expect("a ticket");
        let entity = EntityRef::new(name, id).expect("a ticket");
        let life = self.browsers[browser].life;
        let line = Line { browser, life, number, entity, cut_up: false, cut_down: false };
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
        let (browser, entity) = (&self.browsers[line.browser], line.entity.clone());
        let sender = Sender::new(browser.person.clone(), browser.name.clone());
        let attachment = Attachment { sender: sender.clone(), subscribed: None };
        let object = self.entity(&entity);
        object.lines.insert(id, attachment);
        if let Some(machine) = &mut object.machine {
            machine.line_opened(id, sender);
        }
        self.over(Link::LineDown(id), Event::LineOpened(id));
    }

    pub(super) fn line_frame(&mut self, id: LineId, frame: &[u8]) {
        let Some(line) = self.lines.get(&id).filter(|line| !line.cut_up) else { return };
        let entity = line.entity.clone();
        if !self.entity(&entity).lines.contains_key(&id) {
            return;
        }
        let request = Request::decode(frame, MAX_MESSAGE_BYTES).expect("a request");
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
                self.over(Link::LineDown(id), Event::LineToHub(id, reply));
            }
            Err(Failed::Disk) => self.close_line(&entity, id),
            Err(Failed::Killed) => return,
        }
        self.send_pushes(&entity);
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
                    self.over(Link::LineDown(line), Event::LineToHub(line, frame.to_vec()));
                    any = true;
                }
                Some(LineEffect::Close { line, .. }) => self.close_line(entity, line),
                None => return any,
            }
        }
    }

    fn close_line(&mut self, entity: &EntityRef, id: LineId) {
        self.entity(entity).lines.remove(&id);
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
        (line.cut_up, line.cut_down) = (true, true);
        let entity = line.entity.clone();
        let object = self.entity(&entity);
        if object.lines.remove(&id).is_some() {
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
