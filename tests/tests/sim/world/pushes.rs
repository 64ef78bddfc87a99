//! Pushes on their way from the entities to the Persons, and the alarms of entities that owe some.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Delivery, EntityRef};
use temporal_entity_core::object::Delivered;

use super::entity::PATIENCE;
use super::event::Event;
use super::mishap::Mishap;
use super::{MILLI, SECOND, World};

impl World {
    pub(super) fn send_pushes(&mut self, entity: &EntityRef) {
        self.send_to_lines(entity);
        loop {
            if self.goes_wrong(Mishap::EntityEnds) {
                self.end_entity(entity);
            }
            let object = self.entity(entity);
            let life = object.life;
            let next = object.poll(entity, |machine| machine.poll_delivery()).flatten();
            let Some((person, delivery)) = next else { return };
            self.send_push(entity, life, person, Box::new(delivery));
        }
    }

    fn send_push(
        &mut self,
        entity: &EntityRef,
        life: u32,
        person: String,
        delivery: Box<Delivery>,
    ) {
        let through = delivery.push.meta.modified;
        if self.goes_wrong(Mishap::PushTwice) {
            let (entity, person, delivery) = (entity.clone(), person.clone(), delivery.clone());
            self.after(5000, Event::Push { entity, life, person, delivery, echo: true });
        }
        let (entity, mut travel) = (entity.clone(), self.chance.below(20 * MILLI));
        if self.goes_wrong(Mishap::PushSlow) {
            travel = 7 * SECOND + self.chance.below(7 * SECOND);
        }
        let echo = travel > PATIENCE;
        if echo {
            let (entity, person, outcome) = (entity.clone(), person.clone(), Delivered::Unanswered);
            let event = Event::Outcome { entity, life, person, through, outcome };
            self.at(self.now.plus(PATIENCE), event);
        }
        let event = Event::Push { entity, life, person, delivery, echo };
        self.at(self.now.plus(travel), event);
    }

    pub(super) fn outcome(
        &mut self,
        entity: &EntityRef,
        life: u32,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) {
        if self.entity(entity).life == life {
            // If the disk fails, nobody is told: the next push will be of no use either.
            let _ = self.entity_step(entity, |machine, disk, now| {
                machine.delivered(disk, now, person, through, outcome)
            });
            self.watch_work(entity, 0);
            self.send_pushes(entity);
        }
    }

    pub(super) fn alarm(&mut self, entity: &EntityRef) {
        let now = self.now;
        if self.entity(entity).alarm.take_if(|at| *at == now).is_none() {
            return;
        }
        let woken = self.entity_step(entity, |machine, disk, now| machine.woken(disk, now));
        match woken {
            Ok(()) => self.send_pushes(entity),
            Err(_) => {
                // The platform calls again.
                let again = self.now.plus(2 * SECOND);
                self.entity(entity).alarm = Some(again);
                self.at(again, Event::Alarm(entity.clone()));
            }
        }
    }
}
