//! Objects are evicted between edits, and nobody misses a push or gets one twice.

use serde_json::json;

use super::reader::Reader;
use super::thousand::{everyone_has, gather};
use crate::common::{cbor, person, posted_card, server, version};

const PERSONS: usize = 24;

const ROUNDS: usize = 6;

#[test]
fn whoever_is_evicted_between_edits_misses_nothing() {
    let server = server();
    let mut writer = person(&server, "ada");
    let (card, mut held) = posted_card(&mut writer);
    let mut crowd = gather(&server, &card, PERSONS);
    for round in 0..ROUNDS {
        // The entity, every second Person, every third, or all of them.
        for (number, reader) in crowd.iter().enumerate() {
            if number % (1 + round % 3) == 0 {
                server.evict(&reader.object());
            }
        }
        if round % 2 == 0 {
            server.evict(&card);
        }
        // Two at once: the second finds pushes under way.
        for edit in 0..2 {
            let diff = cbor(json!({ "labels": { format!("l{round}-{edit}"): "red" } }));
            held = version(&writer.patch(&card, held, diff));
        }
        crowd.iter_mut().for_each(|reader| reader.read_to(held));
    }
    everyone_has(&mut crowd, held, &writer.get(&card, None).value.expect("it exists"));
}

/// An eviction waits for what is under way, so nobody has to tell again what was told.
#[test]
fn whoever_is_evicted_in_the_middle_of_a_burst_misses_nothing() {
    let server = server();
    let mut writer = person(&server, "ada");
    let (card, first) = posted_card(&mut writer);
    let mut crowd = gather(&server, &card, PERSONS);
    let mut labels = 0..;
    let mut last = first;
    for _ in 0..ROUNDS {
        for _ in 0..5 {
            let label = format!("l{:03}", labels.next().expect("there are more numbers"));
            let diff = cbor(json!({ "votes": [4, 1], "labels": { label: "red" } }));
            writer.send(&temporal_entity_tests::client::patch(&card, first, diff));
        }
        crowd.iter().step_by(3).map(Reader::object).for_each(|object| server.evict(&object));
        server.evict(&card);
        last = version(&(0..5).map(|_| writer.reply()).last().expect("there are five"));
    }
    crowd.iter_mut().for_each(|reader| reader.read_to(last));
    everyone_has(&mut crowd, last, &writer.get(&card, None).value.expect("it exists"));
}
