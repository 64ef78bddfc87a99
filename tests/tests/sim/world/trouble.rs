//! What breaks.

use super::SECOND;
use super::World;
use super::event::{Event, Link};
use super::hostile::ATTACKER;

impl World {
    /// Something breaks.
    pub(super) fn trouble(&mut self) {
        if self.calm {
            return;
        }
        match self.chance.below(26) {
            0..5 => self.break_a_socket(),
            5..7 => {
                let browser = self.chance.below(self.browsers.len() as u64) as usize;
                self.end_hub(browser);
            }
            7..10 => {
                let person = self.some_person();
                self.end_person(&person);
                if self.chance.below(3) == 0 {
                    // Not evicted but killed: then the sockets are gone as well.
                    self.close_sockets(&person);
                }
            }
            10..13 => {
                let entity = self.some_entity();
                self.end_entity(&entity);
            }
            13..15 => {
                let entity = self.some_entity();
                self.entity(&entity).let_go();
            }
            15..18 => self.turn_a_clock(),
            18..20 => {
                let tab = self.some_tab();
                self.freeze(tab);
            }
            20 => self.lose_a_browser(),
            24..26 => self.cut_a_line(),
            21 => {
                let tab = self.some_tab();
                self.close_tab(tab);
            }
            22 => {
                let person = self.some_person();
                if self.browsers.len() < 12 {
                    self.add_browser(&person, 1);
                }
            }
            _ => {
                let browser = self.chance.below(self.browsers.len() as u64) as usize;
                if !self.browsers[browser].gone && self.tabs.len() < 24 {
                    self.add_tab(browser);
                }
            }
        }
        if self.fills {
            let (entity, full) = (self.some_entity(), self.chance.below(3) == 0);
            self.entity(&entity).full = full;
        }
        self.watch_memory();
        self.after(self.size.quiet, Event::Trouble);
    }

    fn some_person(&mut self) -> String {
        // The attacker has other troubles.
        let persons = self.persons.keys().filter(|person| *person != ATTACKER);
        let persons: Vec<_> = persons.cloned().collect();
        self.chance.pick(&persons).expect("a person")
    }

    fn some_tab(&mut self) -> usize {
        self.chance.below(self.tabs.len() as u64) as usize
    }

    fn break_a_socket(&mut self) {
        let open: Vec<_> = self.browsers.iter().filter_map(|browser| browser.socket).collect();
        let Some(socket) = self.chance.pick(&open) else { return };
        match self.chance.below(4) {
            0 => self.cut(socket, true, false),
            1 => self.cut(socket, false, true),
            2 => {
                // Nothing is lost, but everything comes late.
                let link = if self.chance.below(2) == 0 { Link::Up } else { Link::Down };
                let until = self.now.plus(self.chance.below(20 * SECOND));
                let last = self.links.entry(link(socket)).or_default();
                *last = until.max(*last);
            }
            _ => self.cut(socket, true, true),
        }
    }

    fn turn_a_clock(&mut self) {
        let jumps = [1_000, 100_000, 5_000_000, 300_000_000];
        let far = self.chance.pick(&jumps).expect("a jump");
        let turn = self.chance.below(5);
        let (now, browser) = (self.now, self.chance.below(self.browsers.len() as u64) as usize);
        let entity = self.some_entity();
        let clock = match self.chance.below(3) {
            0 => &mut self.browsers[browser].clock,
            _ => &mut self.entity(&entity).clock,
        };
        match turn {
            0 => clock.run(),
            1 => clock.jump(far),
            2..4 => clock.jump(-far),
            _ => clock.stand_still(now),
        }
    }

    fn lose_a_browser(&mut self) {
        let left: Vec<usize> =
            (0..self.browsers.len()).filter(|browser| !self.browsers[*browser].gone).collect();
        if left.len() > 1
            && let Some(browser) = self.chance.pick(&left)
        {
            self.vanish(browser);
        }
    }

    /// Nothing breaks any more, and all clocks run.
    pub(super) fn come_to_calm(&mut self) {
        self.calm = true;
        self.attacker_leaves();
        self.entities.values_mut().for_each(|entity| entity.full = false);
        self.browsers.iter_mut().for_each(|browser| browser.clock.run());
        self.entities.values_mut().for_each(|entity| entity.clock.run());
    }
}
