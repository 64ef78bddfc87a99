//! Requests that come again, among very many whose numbers nobody foresaw.

use temporal_entity::Stamp;
use temporal_entity_core::fnv::fnv1a;
use temporal_entity_core::message::{
    Content, EntityRef, Envelope, Method, Reason, Reply, Request, Sender,
};
use temporal_entity_core::object::LoggedChange;
use temporal_entity_core::storage::{ChangeKey, MemoryStorage, Storage};
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notation::parse;
use temporal_entity_tests::notes::Note;

use super::host::{Cost, Host, at};

/// One of 2^53 numbers, the same for the same place.
fn random(place: u64) -> u64 {
    let mut number = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11
}

/// A write of a sender's with this number.
fn write(
    host: &mut Host<Note>,
    sender: &Sender,
    (id, edits): (u64, u64),
    title: &str,
) -> (Reply, Cost) {
    let mut request = Request::new(id, Method::PatchDiff, EntityRef::new("Note", "a").unwrap());
    request.if_unmodified_since = host.version.into();
    request.edits = edits;
    request.diff = Some(parse(&format!(r#"{{"title": "{title}"}}"#)));
    let envelope = Envelope { sender: sender.clone(), request };
    let now = at(host.now);
    let (reply, cost) =
        host.step(|machine, disk| machine.request(disk, now, envelope).expect("a disk"));
    if reply.is_success() {
        host.version = host.version.max(reply.meta.as_ref().map(|meta| meta.modified));
    }
    (reply, cost)
}

fn modified(reply: &Reply) -> Option<Stamp> {
    reply.meta.as_ref().map(|meta| meta.modified)
}

fn new() -> Host<Note> {
    Host::<Note>::new(r#"{"title": "new"}"#)
}

#[test]
fn numbers_at_random_cost_no_more_however_many_are_remembered() {
    let sender = Sender::new("eve", "laptop");
    let mut waking = Vec::new();
    for count in [2_000, 4_000, 8_000] {
        let mut host = new();
        let mut sum = 0;
        let mut versions = Vec::new();
        for place in 0..count {
            host.now += 1000;
            let (reply, cost) = write(&mut host, &sender, (random(place), 0), &place.to_string());
            assert_eq!(reply.status, 200, "{reply:?}");
            assert!(cost.rows < 1_000 && cost.bytes < 200_000, "{place} of {count}: {cost:?}");
            sum += cost.writes;
            versions.push(modified(&reply));
        }
        assert!(sum <= 2 * count as usize + count as usize / 100, "{sum} rows of {count}");
        let memory = host.machine.as_ref().expect("it is awake").memory_bytes();
        assert!(memory < 400_000, "{memory}");
        host.reload();
        // Whoever asks first after waking: one who is known, and one who is not.
        let known = write(&mut host, &sender, (random(3), 0), "3");
        assert_eq!((known.0.status, modified(&known.0)), (200, versions[3]));
        host.reload();
        let other = write(&mut host, &Sender::new("bob", "x"), (7, 0), "bob");
        assert_eq!(other.0.status, 200);
        waking.push((known.1, other.1));
        for place in (0..count).step_by(97) {
            let (reply, cost) = write(&mut host, &sender, (random(place), 0), &place.to_string());
            assert_eq!(modified(&reply), versions[usize::try_from(place).unwrap()]);
            assert!(cost.rows < 20 && cost.writes == 0, "{cost:?}");
        }
        let (reply, _) = write(&mut host, &sender, (random(count - 1), 0), "another");
        assert_eq!((reply.status, reply.reason), (400, Some(Reason::Malformed)));
    }
    for (known, other) in waking {
        // A write that is new also reads what persons wrote since the checkpoint, for the quota of a day.
        assert!(known.rows < 1_000 && other.rows < 2_000, "{known:?} {other:?}");
    }
}

#[test]
fn numbers_that_count_up_add_few_rows_and_ask_the_disk_for_nothing() {
    let senders = ["ada", "bob"].map(|person| Sender::new(person, "laptop"));
    let mut host = new();
    let (mut rows, mut writes) = (0, 0);
    const COUNT: u64 = 5_000;
    for number in 0..COUNT {
        host.now += 1000;
        let sender = &senders[usize::try_from(number % 2).unwrap()];
        // Two stores of a browser, which began far from each other.
        let start = random(number / 2 % 2) & !0xffff;
        let (reply, cost) = write(&mut host, sender, (start + 3 * number, 3), &number.to_string());
        assert_eq!(reply.status, 200, "{reply:?}");
        rows += cost.rows;
        writes += cost.writes;
    }
    assert!(writes < 5_000 * 103 / 100, "{writes}");
    assert!(rows < 5_000 / 10, "{rows}");
}

#[test]
fn edits_are_known_again_by_each_of_their_numbers_wherever_they_are_stored() {
    let sender = Sender::new("ada", "laptop");
    let mut host = new();
    // Its numbers reach over several pages, and over the parts of which gaps are kept.
    let last = (1 << 20) + 4_000;
    let (first, _) = write(&mut host, &sender, (last, 9_000), "many");
    for reloads in [false, true] {
        for id in [last - 8_999, last - 4_000, last - 1, last] {
            if reloads {
                host.reload();
            }
            let (reply, _) = write(&mut host, &sender, (id, 1), "again");
            assert_eq!(modified(&reply), modified(&first), "{id}");
        }
        for place in 0..600 {
            host.now += 1000;
            let person = Sender::new("bob", "x");
            let (reply, _) = write(&mut host, &person, (random(place), 0), &place.to_string());
            assert_eq!(reply.status, 200);
        }
        let (reply, _) = write(&mut host, &sender, (last - 8_900, 20), "some");
        assert_eq!((reply.status, modified(&reply)), (200, modified(&first)));
        let (reply, _) = write(&mut host, &sender, (last - 8_990, 200), "some");
        assert_eq!((reply.status, reply.reason), (400, Some(Reason::Malformed)));
    }
    let (reply, _) = write(&mut host, &sender, (last + 1, 1), "new");
    assert_eq!(reply.status, 200);
    assert_ne!(modified(&reply), modified(&first));
    let (reply, _) = write(&mut host, &sender, (last - 9_000, 1), "also new");
    assert_eq!(reply.status, 200);
    assert_eq!(host.version, modified(&reply));
}

/// These two have the same 53 bits of FNV-1a, by which a sender was told from others before.
#[test]
fn a_browser_that_was_named_for_it_hides_nobodys_requests() {
    let ada = Sender::new("ada", "vlikmmnhj4c");
    let eve = Sender::new("eve", "z5zjnwv55lf");
    let mut host = new();
    let (first, _) = write(&mut host, &ada, (100, 60), "ada's");
    write(&mut host, &eve, (50, 1), "eve's");
    // So that the recent changes do not tell.
    for place in 0..600 {
        host.now += 1000;
        write(&mut host, &Sender::new("bob", "x"), (place + 1, 0), &place.to_string());
    }
    host.reload();
    let (again, _) = write(&mut host, &ada, (100, 60), "ada's");
    assert_eq!(modified(&again), modified(&first));
}

#[test]
fn what_a_write_says_is_stored_as_a_digest() {
    let mut host = new();
    write(&mut host, &Sender::new("ada", "x"), (1, 0), "a");
    let stored = host.disk.inner.changes_before(Stamp::END_OF_TIME, 1).expect("a disk");
    let (version, bytes) = stored.first().expect("a change");
    let change = LoggedChange::decode(*version, bytes).expect("it can be read");
    assert!(matches!(change.content, Content::Digest(_)), "{:?}", change.content);
}

/// The disk as a release left it that told senders and contents by other hashes, and had no pages.
fn as_before(disk: &MemoryStorage) -> MemoryStorage {
    let mut before = MemoryStorage::default();
    let checkpoint = disk.latest_checkpoint().expect("a disk").expect("an entity");
    let parts: Vec<&[u8]> = checkpoint.parts.iter().map(Vec::as_slice).collect();
    before.write_checkpoint(checkpoint.version, &checkpoint.head, &parts).expect("a disk");
    for (version, bytes) in disk.changes_from(Stamp::default(), usize::MAX).expect("a disk") {
        let mut change = LoggedChange::decode(version, &bytes).expect("it can be read");
        let name = change.meta.person.bytes().chain([b'\n']).chain(change.browser.bytes());
        let hash = fnv1a(name);
        let sender = (hash >> 53) ^ (hash & ((1 << 53) - 1));
        if let Some(title) = temporal_entity_core::value::get(&change.diff, "title") {
            change.content = Content::Hash(hash_before(title.as_text().expect("a title")));
        }
        let key = ChangeKey { version, sender, request: change.request };
        before.append_change(key, &[&change.encode().expect("bytes")]).expect("a disk");
    }
    before
}

/// What a release before stored of a `patchDiff` that sets the title.
fn hash_before(title: &str) -> u64 {
    let text = |text: &str| fnv1a([b'"'].into_iter().chain(text.bytes()));
    let mixed = |kind: u8, hashes: &[u64]| {
        fnv1a([kind].into_iter().chain(hashes.iter().flat_map(|hash| hash.to_be_bytes())))
    };
    let entry = mixed(b'e', &[text("title"), text(title)]);
    let written = mixed(b'm', &[entry]);
    fnv1a("patchDiff".bytes().chain(written.to_be_bytes()))
}

#[test]
fn what_an_earlier_release_stored_is_known_again() {
    let ada = Sender::new("ada", "laptop");
    let mut host = new();
    let (first, _) = write(&mut host, &ada, (7, 0), "one");
    for place in 0..700 {
        host.now += 1000;
        write(&mut host, &Sender::new("bob", "x"), (random(place), 0), &place.to_string());
    }
    host.disk = Faulty::new(as_before(&host.disk.inner));
    host.reload();
    for _ in 0..2 {
        let (again, _) = write(&mut host, &ada, (7, 0), "one");
        assert_eq!((again.status, modified(&again)), (200, modified(&first)));
        let (other, _) = write(&mut host, &ada, (7, 0), "two");
        assert_eq!((other.status, other.reason), (400, Some(Reason::Malformed)));
        let bob = Sender::new("bob", "x");
        let (again, cost) = write(&mut host, &bob, (random(650), 0), "650");
        assert!(again.status == 200 && cost.writes == 0, "{again:?}");
        // From now on what it writes is in pages.
        for place in 0..600 {
            host.now += 1000;
            write(&mut host, &ada, (1_000 + place, 0), &format!("n{place}"));
        }
        host.reload();
    }
}
