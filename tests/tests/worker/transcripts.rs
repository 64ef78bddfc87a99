//! The transcripts of the entity machine, once more with the real object on its real tables: every request is answered
//! as the machine in this process answers it on a disk in memory, `reload` being an eviction.
//!
//! What a transcript tells of pushes is left out, as there is no Person behind the real object that would take them.

use std::fs;
use std::path::Path;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_core::value::same;
use temporal_entity_tests::notes::{Note, Page, Sheet};
use temporal_entity_tests::transcript::{Event, watch};
use temporal_entity_tests::workerd::{TEST, Workerd};

/// The bounds that transcripts are written for.
const LIMITS: [(&str, &str); 2] = [("TEST_PART_BYTES", "64"), ("TEST_VALUE_BYTES", "1000")];

/// Repeats all transcripts in a folder; how many requests there were.
fn repeat<T: Entity>(server: &Workerd, folder: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut requests = 0;
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !file.is_file() {
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        let entity = EntityRef::new(T::ENTITY, name).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        watch::<T, _>(MemoryStorage::default(), &text, |event| match event {
            Event::Reloaded => server.evict(&entity),
            Event::Asked(now, envelope, expected) => {
                let reply = server.message(&entity, now, envelope);
                assert!(
                    same(&reply.to_value(), &expected.to_value()),
                    "{name}: {envelope:?}\nis answered with\n{reply:?}\nand not with\n{expected:?}"
                );
                requests += 1;
            }
        });
    }
    requests
}

#[test]
fn transcripts_come_out_the_same_on_real_tables() {
    let variables: Vec<_> = [("ENVIRONMENT", "test")].into_iter().chain(LIMITS).collect();
    let server = Workerd::start(TEST, &variables);
    let requests = repeat::<Note>(&server, "tests/entity")
        + repeat::<Page>(&server, "tests/entity/page")
        + repeat::<Sheet>(&server, "tests/entity/sheet");
    assert!(requests > 100, "{requests} requests");
}
