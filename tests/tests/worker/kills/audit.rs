//! What must be true of the entity after each kill.

use std::collections::BTreeSet;

use temporal_entity_core::message::{EntityRef, Meta, Method, Reply, Request, Token};
use temporal_entity_core::patch::apply;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{Value, entries, get};
use temporal_entity_tests::chance::Chance;
use temporal_entity_tests::client::{Browser, Session, request};

use super::writer::Writer;
use crate::common::{assert_same, field, version};

/// Moments of the past that are read each time.
const MOMENTS: usize = 3;

pub struct Audit {
    session: Session,
    card: EntityRef,
    /// The value that was posted.
    posted: Value,
    /// What was there the last time.
    known: Vec<String>,
    snapshots: usize,
}

impl Audit {
    pub fn new(session: Session, card: EntityRef) -> Audit {
        let posted = session.connect("laptop").get(&card, None).value.expect("it exists");
        Audit { session, card, posted, known: Vec::new(), snapshots: 0 }
    }

    pub fn summary(&self) -> String {
        format!("{} edits in {} snapshots", self.known.len(), self.snapshots)
    }

    /// Checks everything.
    pub fn check(&mut self, writers: &mut [Writer], chance: &mut Chance) {
        // Before anything else is asked: a repetition must not depend on what a read brought in.
        writers.iter().filter(|writer| writer.repeats).for_each(Writer::repeat_last);
        let mut browser = self.session.connect("laptop");
        let now = browser.get(&self.card, None);
        let there = names(&now);
        self.nothing_twice(&now, &there);
        for writer in &*writers {
            edits_of(writer, &there);
        }
        in_the_order_of_versions(writers, &there, version(&now));
        writers.iter_mut().for_each(|writer| writer.settle(&there));
        self.known = there;
        self.history(&mut browser, &now, chance);
    }

    /// Each edit shows in the counter, in the map and in the list, and what was there stays there.
    fn nothing_twice(&self, now: &Reply, there: &[String]) {
        let all: BTreeSet<_> = there.iter().map(String::as_str).collect();
        assert_eq!(all.len(), there.len(), "an edit is in the list twice");
        assert_eq!(field(now, "votes"), &Value::from(there.len() as u64), "votes");
        let labels = entries(field(now, "labels")).iter();
        assert!(labels.map(|(name, _)| name.as_text().unwrap()).eq(all), "labels");
        assert_eq!(there[..self.known.len()], self.known, "what was there has changed");
    }

    /// The value is what the history adds up to, from either end, and at moments in between.
    fn history(&mut self, browser: &mut Browser, now: &Reply, chance: &mut Chance) {
        let metas = self.metas(browser);
        let mut value = now.value.clone().expect("it exists");
        let mut past = Vec::new();
        let mut end = None;
        for meta in &metas {
            assert_eq!(meta.valid_to, end, "the snapshots have no gap");
            end = Some(meta.valid_from);
            assert!(meta.valid_from <= meta.modified, "{meta:?}");
            past.push((meta.clone(), value.clone()));
            if let Some(previous) = &meta.previous_values {
                apply(&mut value, previous).expect("it fits what was there");
            }
        }
        let later = past.iter().zip(past.iter().skip(1));
        later.for_each(|((later, _), (earlier, _))| assert!(earlier.modified < later.valid_from));
        assert_same(&value, &self.posted);
        self.snapshots = past.len();
        let first = past.last().expect("the creation").0.valid_from;
        for _ in 0..MOMENTS {
            let (meta, then) = chance.pick(&past).expect("there is a snapshot");
            let read = self.as_of(browser, meta.valid_from);
            assert_eq!(version(&read), meta.modified);
            assert_same(read.value.as_ref().expect("a value"), &then);
            let changes = self.changes(browser, first, meta.valid_from);
            let mut value = self.posted.clone();
            apply(&mut value, &changes.diff.expect("a diff")).expect("it fits");
            assert_same(&value, &then);
        }
    }

    /// All of the history, the newest first.
    fn metas(&self, browser: &mut Browser) -> Vec<Meta> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let mut page = self.request(Method::History);
            page.past.limit = Some(200);
            page.past.before = before.into();
            let reply = browser.ask(&page);
            assert_eq!(reply.status, 200, "{reply:?}");
            all.extend(reply.history.expect("a page"));
            before = reply.before;
            if before.is_none() {
                return all;
            }
        }
    }

    fn as_of(&self, browser: &mut Browser, instant: Stamp) -> Reply {
        let mut get = self.request(Method::Get);
        get.past.as_of = Token::At(instant);
        browser.ask(&get)
    }

    fn changes(&self, browser: &mut Browser, from: Stamp, to: Stamp) -> Reply {
        let mut changes = self.request(Method::Changes);
        (changes.past.from, changes.past.to) = (Token::At(from), Token::At(to));
        browser.ask(&changes)
    }

    fn request(&self, method: Method) -> Request {
        request(method, &self.card)
    }
}

/// Names of the edits that are there, in the order in which they were accepted.
fn names(now: &Reply) -> Vec<String> {
    let list = field(now, "checklist").as_array().expect("a list");
    let name = |item| get(item, "id").and_then(Value::as_text).expect("an id").to_owned();
    list.iter().map(name).collect()
}

/// What was acknowledged is there, and beside it only what may be; all of it in the order in which it was sent.
fn edits_of(writer: &Writer, there: &[String]) {
    let own: Vec<_> = there.iter().filter(|name| name.starts_with(&writer.name)).collect();
    assert!(own.is_sorted(), "edits of {} are out of order: {own:?}", writer.name);
    let present: BTreeSet<_> = own.iter().map(|name| name.as_str()).collect();
    let acknowledged: BTreeSet<_> = writer.stored.iter().map(|(name, _)| name.as_str()).collect();
    let lost: Vec<_> = acknowledged.difference(&present).collect();
    assert!(lost.is_empty(), "lost although they were acknowledged: {lost:?}");
    let more: BTreeSet<_> = present.difference(&acknowledged).copied().collect();
    let unanswered = writer.unanswered();
    let unknown: Vec<_> = more.difference(&unanswered).collect();
    assert!(unknown.is_empty(), "there although they were never sent: {unknown:?}");
}

/// The versions that were acknowledged tell the order of the list, and no two edits have one.
fn in_the_order_of_versions(writers: &[Writer], there: &[String], now: Stamp) {
    let mut stored: Vec<_> = writers.iter().flat_map(|writer| &writer.stored).collect();
    stored.sort_by_key(|(_, version)| *version);
    assert!(stored.is_sorted_by(|(_, a), (_, b)| a < b), "two edits made one version");
    assert!(stored.last().is_none_or(|(_, last)| *last <= now), "a version is lost");
    let known: BTreeSet<_> = stored.iter().map(|(name, _)| name).collect();
    let in_list = there.iter().filter(|name| known.contains(name));
    assert!(in_list.eq(stored.iter().map(|(name, _)| name)), "the list has another order");
}
