//! Who hears of the changes of an entity, and what each was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::message::{Delivery, EntityRef, Meta, Push};
use crate::object::log::{Log, LoggedChange, Recent, compose_changes};
use crate::object::ping;
use crate::time::Stamp;

/// How often a delivery that failed is tried again at once. After that it is left to the next change or alarm.
const MAX_TRIES: u8 = 3;

/// The most pushes in which what waits for a person is told, one after the other.
const MAX_PIECES: usize = 8;

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// At least one browser of the person wants the entity.
    Taken,
    /// None does.
    Unwanted,
    /// The person's object could not be reached.
    Failed,
    /// It did not answer in time.
    Unanswered,
}

#[derive(Debug)]
struct Subscriber {
    /// The version that the person was brought to.
    sent: Stamp,
    /// The push under way.
    in_flight: Option<InFlight>,
    /// Failed tries in a row.
    failed: u8,
    /// Whether `sent` is known, and not only what is likely because it was the version when the object was read.
    sure: bool,
    /// Whether it subscribed or took a push since the last ping.
    heard: bool,
    /// Whether it has to be asked even if there is nothing to tell.
    asked: bool,
    /// When it was first not to be reached, if it was not heard of since. It is stored.
    silent_since: Option<Stamp>,
}

/// What the outcome of a push makes of its subscriber, for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As before.
    Same,
    /// No browser of the person wants the entity.
    Unwanted,
    /// It cannot be reached, whatever was tried.
    Silent,
    /// It is heard of again.
    Back,
}

#[derive(Debug)]
struct InFlight {
    /// The version that it brings the person to.
    through: Stamp,
    /// Whether the person subscribed again meanwhile: that nobody wanted the push is then old news.
    renewed: bool,
}

/// The subscribers. At most one push is under way to each; what happens meanwhile is composed when the next one
/// is made, so a slow subscriber costs a version, not a queue.
#[derive(Debug, Default)]
pub struct Subscribers {
    all: BTreeMap<String, Subscriber>,
    /// Those who may have a push to come.
    due: BTreeSet<String>,
    /// The last delivery that others may share, while there are some who are due.
    shared: Option<Shared>,
    /// The ping that all are sent, while there are some who are due.
    ping: Option<Rc<Delivery>>,
}

/// A delivery that is the same for everyone who was brought to the same version and made none of the changes since.
#[derive(Debug)]
struct Shared {
    sent: Stamp,
    /// Who made the changes.
    authors: BTreeSet<String>,
    delivery: Rc<Delivery>,
}

impl Shared {
    fn suits(&self, person: &str, sent: Stamp) -> bool {
        self.sent == sent && !self.authors.contains(person)
    }
}

impl Subscribers {
    /// The subscribers of an entity that is read from storage at `version`. They have it, unless the object was ended
    /// before it had told them.
    pub fn load(persons: Vec<String>, silent: Vec<(String, Stamp)>, version: Stamp) -> Subscribers {
        let mut subscribers = Subscribers::default();
        for person in persons {
            subscribers.add(&person, version);
        }
        for subscriber in subscribers.all.values_mut() {
            (subscriber.sure, subscriber.heard) = (false, false);
        }
        for (person, since) in silent {
            subscribers.note_silence(&person, Some(since));
        }
        subscribers
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds a person that was just answered with `version`; whether it is new.
    pub fn add(&mut self, person: &str, version: Stamp) -> bool {
        if let Some(known) = self.all.get_mut(person) {
            known.heard = true;
            if let Some(in_flight) = &mut known.in_flight {
                in_flight.renewed = true;
            }
            return false;
        }
        let subscriber = Subscriber {
            sent: version,
            in_flight: None,
            failed: 0,
            sure: true,
            heard: true,
            asked: false,
            silent_since: None,
        };
        self.all.insert(person.to_owned(), subscriber);
        true
    }

    /// Removes a person; whether it was there.
    pub fn remove(&mut self, person: &str) -> bool {
        self.due.remove(person);
        self.all.remove(person).is_some()
    }

    /// Since when a person was not to be reached; `None` if it was, or is no subscriber.
    pub fn silent_since(&self, person: &str) -> Option<Stamp> {
        self.all.get(person)?.silent_since
    }

    /// Notes since when a person is not to be reached, or that it was heard of.
    pub fn note_silence(&mut self, person: &str, since: Option<Stamp>) {
        if let Some(subscriber) = self.all.get_mut(person) {
            subscriber.silent_since = since;
        }
    }

    /// A change was stored: everyone is due.
    pub fn changed(&mut self) {
        (self.shared, self.ping) = (None, None);
        let idle = self.all.iter().filter(|(_, subscriber)| subscriber.in_flight.is_none());
        self.due.extend(idle.map(|(person, _)| person.clone()));
    }

    /// The next push that can be sent, and to whom. Persons to whom the same is sent share one. `line`: whether it says
    /// that the entity is crowded.
    pub fn poll(
        &mut self,
        entity: &EntityRef,
        (meta, log): (&Meta, &Log),
        line: bool,
    ) -> Option<(String, Rc<Delivery>)> {
        while let Some(person) = self.due.pop_first() {
            let Some(subscriber) = self.all.get_mut(&person) else {
                continue;
            };
            let suits = |shared: &&Shared| shared.suits(&person, subscriber.sent);
            let delivery = match self.shared.as_ref().filter(suits) {
                Some(shared) => Rc::clone(&shared.delivery),
                None => match next_delivery(entity, &person, subscriber.sent, log, line) {
                    Some(next) if next.suits(&person, subscriber.sent) => {
                        Rc::clone(&self.shared.insert(next).delivery)
                    }
                    Some(next) => next.delivery,
                    None if subscriber.asked => {
                        let make = || ping::delivery(entity, meta, line);
                        Rc::clone(self.ping.get_or_insert_with(make))
                    }
                    None => continue,
                },
            };
            let through = delivery.push.meta.modified;
            subscriber.in_flight = Some(InFlight { through, renewed: false });
            return Some((person, delivery));
        }
        (self.shared, self.ping) = (None, None);
        None
    }

    /// Whether all have what was sent to them.
    pub fn are_current(&self) -> bool {
        self.due.is_empty() && self.all.values().all(|s| s.in_flight.is_none() && s.failed == 0)
    }

    /// Whoever may be behind is due again: with what the person lacks, or at least with the `last` change, from
    /// which a browser sees that it is behind. One that has it leaves it.
    pub fn remind(&mut self, last: &LoggedChange) {
        for (person, subscriber) in &mut self.all {
            if subscriber.in_flight.is_some() || (subscriber.sure && subscriber.failed == 0) {
                continue;
            }
            subscriber.failed = 0;
            subscriber.sent = subscriber.sent.min(last.since.unwrap_or_default());
            subscriber.sure = true;
            self.due.insert(person.clone());
        }
    }

    /// Whoever was not heard of since the last ping is asked. What is told one who is behind asks as well.
    pub fn ask_silent(&mut self) {
        for (person, subscriber) in &mut self.all {
            let heard = std::mem::take(&mut subscriber.heard);
            if heard || subscriber.in_flight.is_some() {
                continue;
            }
            // Also whoever may have been told nothing of the last change: it sees from the ping that it is behind.
            (subscriber.asked, subscriber.sure, subscriber.failed) = (true, true, 0);
            self.due.insert(person.clone());
        }
    }

    /// What became of the push to `person` that led to `through`.
    pub fn delivered(&mut self, person: &str, through: Stamp, outcome: Delivered) -> Standing {
        let Some(subscriber) = self.all.get_mut(person) else {
            return Standing::Same;
        };
        // Another one is under way if the person left and came back, or if this object was read anew.
        let Some(done) = subscriber.in_flight.take_if(|push| push.through == through) else {
            return Standing::Same;
        };
        match outcome {
            Delivered::Unwanted if !done.renewed => return Standing::Unwanted,
            Delivered::Failed if subscriber.failed < MAX_TRIES => {
                subscriber.failed = subscriber.failed.saturating_add(1);
            }
            // Waited for long enough: it is not tried again before the next change or alarm.
            Delivered::Failed | Delivered::Unanswered => {
                subscriber.failed = MAX_TRIES;
                return Standing::Silent;
            }
            Delivered::Taken | Delivered::Unwanted => {
                subscriber.sent = through;
                subscriber.failed = 0;
                (subscriber.sure, subscriber.heard, subscriber.asked) = (true, true, false);
            }
        }
        let is_back = outcome != Delivered::Failed && subscriber.silent_since.is_some();
        self.due.insert(person.to_owned());
        if is_back { Standing::Back } else { Standing::Same }
    }
}

/// The push that follows on `sent`. It does not cross from the changes of one of the person's own browsers to those
/// of others: that browser alone has to be left out, because it had them in its replies.
fn next_delivery(
    entity: &EntityRef,
    person: &str,
    sent: Stamp,
    log: &Log,
    line: bool,
) -> Option<Shared> {
    let own = |recent: &Recent| {
        let change = recent.change();
        (change.meta.person == person).then(|| change.browser.clone())
    };
    let changes: Vec<_> = match log.since(sent) {
        Some(changes) => changes.collect(),
        // Older than the log: the latest change tells the browsers that they are behind.
        None => log.last().into_iter().collect(),
    };
    let first = *changes.first()?;
    let authors: BTreeSet<_> =
        changes.iter().map(|recent| recent.change().meta.person.clone()).collect();
    let mut writers: Vec<_> = changes.iter().map(|recent| own(recent)).collect();
    writers.dedup();
    // Whoever is that far behind catches up at once, and those of its browsers that wrote meanwhile see a gap, and ask.
    let (skip, piece): (_, Vec<_>) = if writers.len() > MAX_PIECES {
        (None, changes)
    } else {
        let skip = own(first);
        let piece = changes.into_iter().take_while(|recent| own(recent) == skip).collect();
        (skip, piece)
    };
    let push = Push {
        entity: entity.clone(),
        since: first.change().since?,
        meta: piece.last()?.change().meta.clone(),
        diff: compose_changes(piece.iter().copied()),
        line,
    };
    Some(Shared { sent, authors, delivery: Rc::new(Delivery { push, skip }) })
}
