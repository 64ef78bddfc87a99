//! One person with fifty browsers: each hears of every change but those that it made.

use std::collections::BTreeSet;

use serde_json::json;
use temporal_entity_core::message::{Downstream, Push, Request};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::client::{Session, patch};

use super::reader::Reader;
use crate::common::{assert_same, cbor, person, posted_card, server, titled, unique, version};

const BROWSERS: usize = 50;

/// Edits that each browser sends at once, when all do.
const EDITS: usize = 2;

fn browsers(ada: &Session, entity: &temporal_entity_core::message::EntityRef) -> Vec<Reader> {
    (0..BROWSERS).map(|number| Reader::of(ada, &format!("b{number}"), entity)).collect()
}

#[test]
fn each_of_fifty_browsers_hears_of_every_change_but_its_own() {
    let server = server();
    let (card, _) = posted_card(&mut person(&server, "ben"));
    let ada = Session::login(&server, &unique("ada"));
    let mut browsers = browsers(&ada, &card);
    for writer in 0..BROWSERS {
        let version = browsers[writer].edit(titled(&format!("by number {writer}")));
        browsers.iter_mut().for_each(|reader| reader.read_to(version));
    }
    for reader in &mut browsers {
        // Its own change came as a reply, and as that alone.
        assert_eq!((reader.pushes, reader.told_again), (BROWSERS - 1, 0));
        reader.hears_nothing_more();
    }
}

/// A browser that edits at the same time as all others: what it sent, what versions that made, what it was sent.
struct Editor {
    reader: Reader,
    asked: Vec<Request>,
    made: BTreeSet<Stamp>,
    heard: Vec<Push>,
}

impl Editor {
    fn new(reader: Reader) -> Editor {
        Editor { reader, asked: Vec::new(), made: BTreeSet::new(), heard: Vec::new() }
    }

    fn send(&mut self, number: usize) {
        for edit in 0..EDITS {
            let label = format!("b{number:02}-{edit}");
            let diff = cbor(json!({ "votes": [4, 1], "labels": { label: "red" } }));
            let edit = patch(&self.reader.entity, self.reader.held, diff);
            self.reader.browser.send(&edit);
            self.asked.push(edit);
        }
    }

    fn next(&mut self) {
        match self.reader.message() {
            Some(Downstream::Push(push)) => self.heard.push(push),
            Some(Downstream::Reply(reply)) => {
                assert_eq!((reply.status, reply.since), (200, Some(self.reader.held)), "{reply:?}");
                let asked = &self.asked[self.made.len()];
                assert_eq!(reply.id, Some(asked.id), "replies come in order");
                self.made.insert(version(&reply));
            }
            other => panic!("{other:?}"),
        }
    }

    /// The versions that its pushes led over.
    fn led_over(&self, all: &BTreeSet<Stamp>) -> Vec<Stamp> {
        let covered = |push: &Push| {
            all.range(push.since..=push.meta.modified)
                .skip_while(
                    // The first is the one that it leads away from.
                    |version| **version == push.since,
                )
                .copied()
                .collect::<Vec<_>>()
        };
        self.heard.iter().flat_map(covered).collect()
    }
}

#[test]
fn fifty_browsers_that_edit_at_once_hear_of_every_change() {
    let server = server();
    let mut ben = person(&server, "ben");
    let (card, first) = posted_card(&mut ben);
    let ada = Session::login(&server, &unique("ada"));
    let mut editors: Vec<_> = browsers(&ada, &card).into_iter().map(Editor::new).collect();
    for (number, editor) in editors.iter_mut().enumerate() {
        editor.send(number);
    }
    for editor in &mut editors {
        while editor.made.len() < EDITS {
            editor.next();
        }
    }
    let all: BTreeSet<_> = editors.iter().flat_map(|editor| &editor.made).copied().collect();
    assert_eq!(all.len(), BROWSERS * EDITS);
    let whole = ben.get(&card, None);
    for editor in &mut editors {
        let answered = editor.made.last().copied();
        while editor.heard.last().map(|push| push.meta.modified).max(answered) < all.last().copied()
        {
            editor.next();
        }
        let led_over = editor.led_over(&all);
        assert!(led_over.is_sorted_by(|one, next| one < next), "each once and in order");
        // An answer leads from the beginning, and what it leads over needs no push. Past eight pieces the person's changes
        // are told together, also to the browser that made some of them.
        let told = |version: &&Stamp| Some(**version) <= answered || led_over.contains(version);
        assert_eq!(all.iter().filter(told).count(), all.len(), "nothing is missing");
        let reader = &mut editor.reader;
        reader.held = version(&whole);
        reader.hears_nothing_more();
    }
    // Whoever asks what changed since the beginning is led to the same value.
    let mut reader = editors.remove(0).reader;
    reader.held = first;
    let since = reader.browser.get(&card, Some(first));
    reader.follow(&since);
    assert_same(&reader.value, &whole.value.expect("it exists"));
}
