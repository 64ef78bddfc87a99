//! A browser that stops reading. The others get everything in time, and what waits for it is bounded.

use serde_json::json;
use temporal_entity_core::message::EntityRef;
use temporal_entity_tests::client::Session;
use temporal_entity_tests::workerd::Workerd;

use super::reader::Reader;
use crate::common::{assert_same, cbor, own_server, person, posted_card, unique};

/// How much each reader is sent: far more than the system keeps for a socket.
const BYTES: usize = 60_000_000;

/// What one edit is about.
const EDIT: usize = 300_000;

/// How far the process may grow meanwhile. What the system keeps for the sockets is not in it; what an object keeps for
/// one that does not read, and what is on its way to those that do, is.
const GROWTH_MAX: u64 = 40_000_000;

/// A person with a browser that reads and one that does not, a person with one that reads, and who edits.
struct Scene {
    silent: Reader,
    readers: [Reader; 2],
    writer: Reader,
}

impl Scene {
    fn new(server: &Workerd) -> Scene {
        let (card, _) = posted_card(&mut person(server, "ada"));
        let ben = Session::login(server, &unique("ben"));
        let silent = Reader::of(&ben, "asleep", &card);
        let readers = [Reader::of(&ben, "awake", &card), Reader::new(server, &card)];
        Scene { silent, readers, writer: Reader::new(server, &card) }
    }

    /// An edit that everybody who reads has read.
    fn edit(&mut self, number: usize) {
        let text: String = ('a'..='z').cycle().skip(number % 26).take(EDIT).collect();
        let version = self.writer.edit(cbor(json!({ "title": text })));
        self.readers.iter_mut().for_each(|reader| reader.read_to(version));
    }

    fn edits(&mut self) {
        for number in 0..BYTES / EDIT {
            self.edit(number);
        }
    }
}

#[test]
fn a_browser_that_does_not_read_hurts_nobody() {
    let server = own_server();
    let mut scene = Scene::new(&server);
    scene.edit(0);
    let (_, wasm) = memory(&server, &scene.silent.entity);
    scene.edits();
    let (_, wasm_then) = memory(&server, &scene.silent.entity);
    let Scene { readers, writer, mut silent } = scene;
    for mut reader in readers {
        assert_eq!((reader.held, reader.told_again), (writer.held, 0));
        assert_same(&reader.value, &writer.value);
        reader.hears_nothing_more();
    }
    // It wakes up, by a new socket, and has what there is.
    silent.come_back();
    assert_same(&silent.value, &writer.value);
    assert!(wasm_then < wasm + GROWTH_MAX, "wasm's memory grew from {wasm} to {wasm_then}");
}

#[test]
fn what_waits_for_a_browser_that_does_not_read_is_bounded() {
    let server = own_server();
    let mut scene = Scene::new(&server);
    // At first all read, so that what the server needs for that is there before it is measured.
    for number in 0..BYTES / EDIT {
        scene.edit(number);
        scene.silent.read_to(scene.writer.held);
    }
    let (before, _) = memory(&server, &scene.silent.entity);
    scene.edits();
    let (after, _) = memory(&server, &scene.silent.entity);
    println!("{before} bytes when all read, {after} when one did not");
    assert!(after < before + GROWTH_MAX, "the process grew from {before} to {after}");
}

#[test]
#[ignore = "it does: workerd evicts no object while a frame of its waits to be written"]
fn a_browser_that_does_not_read_does_not_keep_its_object_awake() {
    let server = own_server();
    let mut scene = Scene::new(&server);
    scene.edits();
    server.evict(&scene.silent.object());
}

/// Bytes of the process that are in use, and of wasm.
fn memory(server: &Workerd, entity: &EntityRef) -> (u64, u64) {
    (server.resident_bytes(), server.wasm_bytes(entity))
}
