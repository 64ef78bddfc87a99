//! A thousand persons with a socket each.

use std::thread;
use std::time::Instant;

use serde_json::json;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::patch;
use temporal_entity_tests::workerd::Workerd;

use super::reader::Reader;
use crate::common::{assert_same, cbor, own_server, person, posted_card, titled, version};

const PERSONS: usize = 1_000;

/// Who lets them in: most of it is waiting for disks.
const DOORS: usize = 8;

/// Edits that wait for the last reader of the one before.
const PACED: usize = 10;

/// Edits of several persons who wait for nobody: what they do at once is composed on its way.
const WRITERS: usize = 10;
const BURST: usize = 9;

/// Hundred edits of which everybody hears, once and in order.
#[test]
fn a_thousand_persons_hear_of_every_edit_once_and_in_order() {
    // Nobody else's requests in between: the figures that are printed are of this alone.
    let server = own_server();
    let mut writer = person(&server, "ada");
    let (card, first) = posted_card(&mut writer);
    let began = Instant::now();
    let mut crowd = gather(&server, &card, PERSONS);
    println!("{PERSONS} persons came in {:?}", began.elapsed());

    let mut held = first;
    let began = Instant::now();
    for number in 0..PACED {
        held = version(&writer.patch(&card, held, titled(&format!("paced {number}"))));
        crowd.iter_mut().for_each(|reader| reader.read_to(held));
    }
    println!("{PACED} edits, each read by all before the next: {:?}", began.elapsed());
    // Nothing waited for anybody, so nothing was composed.
    assert!(crowd.iter().all(|reader| reader.pushes == PACED));

    let began = Instant::now();
    held = burst(&server, &card, held);
    crowd.iter_mut().for_each(|reader| reader.read_to(held));
    let pushes: usize = crowd.iter().map(|reader| reader.pushes - PACED).sum();
    let edits = WRITERS * BURST;
    println!("{edits} edits at once: {:?}, {pushes} pushes in all", began.elapsed());
    everyone_has(&mut crowd, held, &writer.get(&card, None).value.expect("it exists"));
    println!("{:.1} MB resident", server.resident_bytes() as f64 / 1e6);
}

/// Several persons edit at once; the last version.
fn burst(server: &Workerd, card: &EntityRef, held: Stamp) -> Stamp {
    let mut writers: Vec<_> = (0..WRITERS).map(|_| person(server, "writer")).collect();
    for number in 0..BURST {
        for (name, writer) in writers.iter_mut().enumerate() {
            let label = format!("l{name}-{number}");
            let diff = cbor(json!({ "votes": [4, 1], "labels": { label: "red" } }));
            writer.send(&patch(card, held, diff));
        }
    }
    let replies = writers.iter_mut().flat_map(|writer| (0..BURST).map(|_| writer.reply()));
    let versions = replies.map(|reply| {
        assert_eq!(reply.status, 200, "{reply:?}");
        version(&reply)
    });
    versions.max().expect("a burst has edits")
}

/// New persons with a browser each, all subscribed.
pub fn gather(server: &Workerd, card: &EntityRef, persons: usize) -> Vec<Reader> {
    let enter = || (0..persons / DOORS).map(|_| Reader::new(server, card)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let doors: Vec<_> = (0..DOORS).map(|_| scope.spawn(enter)).collect();
        doors.into_iter().flat_map(|door| door.join().expect("everybody gets in")).collect()
    })
}

/// Everyone holds this version and this value, and hears of nothing new.
pub fn everyone_has(crowd: &mut [Reader], version: Stamp, value: &Value) {
    for reader in &mut *crowd {
        assert_eq!(reader.held, version, "{}", reader.session.person);
        assert_same(&reader.value, value);
        reader.hears_nothing_more();
    }
    let told_again: usize = crowd.iter().map(|reader| reader.told_again).sum();
    println!("{told_again} pushes told what was known, to {} readers", crowd.len());
}
