//! A connection on which nothing happens costs nothing.

use std::thread::sleep;
use std::time::Duration;

use temporal_entity_core::message::EntityRef;

use super::thousand::{everyone_has, gather};
use crate::common::{own_server, person, posted_card, titled, version};

const PERSONS: usize = 48;

/// A little more than the platform lets pass before it evicts an object without events.
const IDLE: Duration = Duration::from_secs(11);

/// For so long the processor's time is looked at.
const SILENCE: Duration = Duration::from_secs(5);

/// Neither alarms nor timers nor anything else wakes an object while nobody edits: all go by themselves, their sockets
/// stay, and the next edit finds everybody.
#[test]
fn nobody_runs_while_nobody_edits() {
    let server = own_server();
    let mut writer = person(&server, "ada");
    let (card, first) = posted_card(&mut writer);
    let mut crowd = gather(&server, &card, PERSONS);
    let mut held = version(&writer.patch(&card, first, titled("Paint it red")));
    crowd.iter_mut().for_each(|reader| reader.read_to(held));

    // Half of the objects are asked, which wakes them; the others are left alone until the edit.
    let persons = crowd.iter().map(|reader| reader.object());
    let asked: Vec<EntityRef> = persons.step_by(2).chain([card.clone()]).collect();
    // Rows are counted since an object woke: where there are none, it was really gone.
    let wrote = |object: &&EntityRef| server.rows_written(object) > 0;
    assert!(asked.iter().all(|object| wrote(&object)), "all are in memory");
    loop {
        sleep(IDLE);
        let before = server.cpu_time();
        sleep(SILENCE);
        let used = server.cpu_time() - before;
        println!("{used:?} of the processor in {SILENCE:?}, with {PERSONS} sockets");
        if !asked.iter().any(|object| wrote(&object)) {
            break;
        }
        // An alarm of that edit was still to come, or the machine is slow.
    }
    for object in &asked {
        assert!(!server.has_alarm(object), "{object} would wake by itself");
    }
    held = version(&writer.patch(&card, held, titled("Paint it blue")));
    crowd.iter_mut().for_each(|reader| reader.read_to(held));
    everyone_has(&mut crowd, held, &writer.get(&card, None).value.expect("it exists"));
}
