//! Objects lose their memory and nobody notices: sockets stay open, and what is stored is read again.

use std::thread::sleep;
use std::time::Duration;

use temporal_entity_core::message::EntityRef;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, Session};
use temporal_entity_tests::workerd::Workerd;

use crate::common::{field, own_server, posted_card, server, titled, unique, version};

/// A little more than what workerd waits for.
const IDLE: Duration = Duration::from_secs(11);

/// A person with two browsers and another with one, all subscribed to a card.
struct Scene {
    card: EntityRef,
    persons: Vec<EntityRef>,
    laptop: Browser,
    phone: Browser,
    ben: Browser,
}

impl Scene {
    fn new(server: &Workerd) -> Scene {
        let (ada, ben) = (unique("ada"), unique("ben"));
        let (ada, ben) = (Session::login(server, &ada), Session::login(server, &ben));
        let persons =
            [&ada, &ben].map(|session| EntityRef::new("Person", session.person.as_str()).unwrap());
        let (mut laptop, mut phone) = (ada.connect("laptop"), ada.connect("phone"));
        let mut ben = ben.connect("laptop");
        let (card, _) = posted_card(&mut laptop);
        for browser in [&mut laptop, &mut phone, &mut ben] {
            assert_eq!(browser.subscribe(&card, None).status, 200);
        }
        Scene { card, persons: persons.into(), laptop, phone, ben }
    }

    /// Everyone in turn edits, and everyone else hears of it.
    fn everyone_hears_everyone(&mut self) {
        let Scene { card, laptop, phone, ben, .. } = self;
        for turn in 0..3 {
            let mut browsers = [&mut *laptop, &mut *phone, &mut *ben];
            browsers.rotate_left(turn);
            let [writer, others @ ..] = browsers;
            let held = version(&writer.get(card, None));
            let title = unique("title");
            let edited = writer.patch(card, held, titled(&title));
            assert_eq!((edited.status, edited.since), (200, Some(held)), "{edited:?}");
            for other in others {
                let push = other.push();
                assert_eq!((push.since, push.meta.modified), (held, version(&edited)));
                assert_eq!(push.diff, titled(&title));
                assert_eq!(field(&other.get(card, None), "title"), &Value::from(title.as_str()));
            }
        }
    }
}

#[test]
fn an_evicted_entity_is_read_again() {
    let server = server();
    let mut scene = Scene::new(&server);
    scene.everyone_hears_everyone();
    server.evict(&scene.card);
    scene.everyone_hears_everyone();
}

#[test]
fn an_evicted_person_still_has_its_sockets_and_what_they_want() {
    let server = server();
    let mut scene = Scene::new(&server);
    for person in &scene.persons {
        server.evict(person);
    }
    scene.everyone_hears_everyone();
}

#[test]
fn all_can_be_evicted_at_once_and_again() {
    let server = server();
    let mut scene = Scene::new(&server);
    for _ in 0..3 {
        scene.persons.iter().chain([&scene.card]).for_each(|object| server.evict(object));
        scene.everyone_hears_everyone();
    }
}

#[test]
fn versions_from_before_an_eviction_are_still_known() {
    let server = server();
    let mut scene = Scene::new(&server);
    let held = version(&scene.ben.get(&scene.card, None));
    scene.laptop.patch(&scene.card, held, titled("Paint it red"));
    server.evict(&scene.card);
    let diff = scene.ben.get(&scene.card, Some(held));
    assert_eq!((diff.since, diff.diff), (Some(held), Some(titled("Paint it red"))));
}

/// The platform evicts after ten seconds without an event. A server of its own, so that nothing else happens.
#[test]
fn objects_that_were_idle_wake_up_for_the_next_edit() {
    let server = own_server();
    let mut scene = Scene::new(&server);
    let objects: Vec<_> = scene.persons.iter().chain([&scene.card]).collect();
    // Rows are counted since an object woke: none means that it was really gone.
    let gone = |object: &&EntityRef| server.rows_written(object) == 0;
    while !objects.iter().all(gone) {
        sleep(IDLE);
    }
    // Asking for the rows woke them.
    sleep(IDLE);
    scene.everyone_hears_everyone();
}
