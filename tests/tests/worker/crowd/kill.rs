//! workerd is killed in the middle of a burst to a hundred persons. Everyone comes back and converges.

use std::collections::VecDeque;

use serde_json::json;
use temporal_entity_core::message::{Reply, Request};
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Session, patch};

use super::reader::Reader;
use super::thousand::gather;
use crate::common::{assert_same, cbor, own_server, person, posted_card, titled, unique};

const PERSONS: usize = 96;

/// Edits that are sent at once.
const BURST: usize = 40;

/// When the first of the crowd has got so many pushes of a burst the server is killed: some have the last of them, some
/// have not. The first edit goes alone, and the others together while it is under way: so after one push most edits are
/// still to be made, after two most are to be told.
const KILLS: [usize; 3] = [1, 2, 1];

/// Sends edits and repeats those that were not answered, as the hub does.
struct Writer {
    reader: Reader,
    unanswered: VecDeque<Request>,
    made: usize,
}

impl Writer {
    fn send_burst(&mut self) {
        for _ in 0..BURST {
            let label = format!("l{:03}", self.made);
            self.made += 1;
            let diff = cbor(json!({ "votes": [4, 1], "labels": { label: "red" } }));
            let edit = patch(&self.reader.entity, self.reader.held, diff);
            self.reader.browser.send(&edit);
            self.unanswered.push_back(edit);
        }
    }

    fn take_reply(&mut self) -> Reply {
        let asked = self.unanswered.pop_front().expect("something was asked");
        let reply = self.reader.reply_to(&asked);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply
    }

    fn repeat(&mut self) {
        self.reader.come_back();
        let again: Vec<_> = self.unanswered.iter().cloned().collect();
        again.iter().for_each(|edit| self.reader.browser.send(edit));
        while !self.unanswered.is_empty() {
            self.take_reply();
        }
    }
}

#[test]
fn after_a_kill_in_the_middle_of_a_burst_everyone_converges() {
    let mut server = own_server();
    let (card, _) = posted_card(&mut person(&server, "ben"));
    let reader = Reader::of(&Session::login(&server, &unique("ada")), "laptop", &card);
    let mut writer = Writer { reader, unanswered: VecDeque::new(), made: 0 };
    let mut crowd = gather(&server, &card, PERSONS);
    for pushes in KILLS {
        writer.send_burst();
        // Those who subscribed are told in the order of their names.
        let first = crowd.iter_mut().min_by(|a, b| a.session.person.cmp(&b.session.person));
        first.expect("there is a crowd").read(pushes);
        server.kill();
        crowd.iter_mut().for_each(Reader::read_until_gone);
        let furthest = crowd.iter().map(|reader| reader.held).max();
        let behind = crowd.iter().filter(|reader| Some(reader.held) < furthest).count();
        println!("killed after {pushes} pushes: {behind} of {PERSONS} are behind the first");
        server.restart();
        // Half come back before the writer, half after: those find in their answers what they missed.
        let (early, late) = crowd.split_at_mut(PERSONS / 2);
        early.iter_mut().for_each(Reader::come_back);
        writer.repeat();
        late.iter_mut().for_each(Reader::come_back);
    }
    let reader = &mut writer.reader;
    reader.come_back();
    let last = reader.edit(titled("Painted"));
    crowd.iter_mut().for_each(|reader| reader.read_to(last));
    let labels = temporal_entity_core::value::get(&reader.value, "labels").and_then(Value::as_map);
    assert_eq!(labels.map(Vec::len), Some(writer.made), "each edit is there");
    assert_eq!(
        temporal_entity_core::value::get(&reader.value, "votes"),
        Some(&Value::from(writer.made as u64)),
        "and once"
    );
    let told_again: usize = crowd.iter().map(|reader| reader.told_again).sum();
    println!("{told_again} pushes told what was known, to {PERSONS} readers");
    for other in &mut crowd {
        assert_same(&other.value, &reader.value);
    }
}
