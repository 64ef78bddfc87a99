//! Databases that a release has written are opened by every later one.
//!
//! Each folder in `tests/fixtures` holds what the first release of a layout of the tables, or of a version of a schema,
//! left on the disk, and what it answered. `FIXTURES=write` adds the folder of the current one, and never touches another.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use temporal_entity::Stamp;
use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{
    EntityRef, Envelope, Meta, Method, Reply, Request, Sender, Token,
};
use temporal_entity_core::storage::MemoryStorage;
use temporal_entity_tests::notation::{BASE, parse, write};
use temporal_entity_tests::notes::{Note, Page};
use temporal_entity_tests::transcript::{Event, watch};
use temporal_entity_tests::workerd::{TEST, UNWIND, Workerd};

/// Tables of layout 3, and values of version 1 of every schema.
const CURRENT: &str = "layout-3";

/// Small rows, so that values and changes are cut.
const VARIABLES: [(&str, &str); 3] =
    [("ENVIRONMENT", "test"), ("TEST_PART_BYTES", "64"), ("TEST_VALUE_BYTES", "1000")];

const HOUR: u64 = 3_600_000_000;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn at(hours: u64) -> Stamp {
    Stamp::from_micros(BASE + hours * HOUR).unwrap()
}

fn entity(name: &str, id: &str) -> EntityRef {
    EntityRef::new(name, id).unwrap()
}

fn ask(
    server: &Workerd,
    (now, person, id): (Stamp, &str, u64),
    entity: &EntityRef,
    method: Method,
    fill: impl FnOnce(&mut Request),
) -> Reply {
    let mut request = Request::new(id, method, entity.clone());
    fill(&mut request);
    server.message(entity, now, &Envelope { sender: Sender::new(person, "laptop"), request })
}

/// Repeats a transcript with the real object.
fn play<T: Entity>(server: &Workerd, transcript: &str, id: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/entity").join(transcript);
    let entity = entity(T::ENTITY, id);
    watch::<T, _>(MemoryStorage::default(), &fs::read_to_string(path).unwrap(), |event| {
        if let Event::Asked(now, envelope, _) = event {
            server.message(&entity, now, envelope);
        }
    });
    server.evict(&entity);
}

/// An entity of which a later deployment has another version of the schema.
fn make_fragile(server: &Workerd) {
    let fragile = entity("Fragile", "a");
    let posted = ask(server, (at(0), "ada", 1), &fragile, Method::Post, |request| {
        request.value = Some(parse(r#"{"breaks": "", "note": "0", "material": "glass"}"#));
    });
    let mut version = posted.meta.unwrap().modified;
    for hour in 1..=6_u64 {
        let person = ["ada", "bob"][usize::try_from(hour % 2).unwrap()];
        let method = match hour {
            3 => Method::Delete,
            4 => Method::PatchUndelete,
            _ => Method::PatchDiff,
        };
        let reply = ask(server, (at(hour), person, hour), &fragile, method, |request| {
            request.if_unmodified_since = Token::At(version);
            request.diff = Some(parse(&format!(r#"{{"note": "{hour}"}}"#)));
        });
        assert_eq!(reply.status, 200);
        version = reply.meta.unwrap().modified;
    }
    server.evict(&fragile);
}

/// What an entity answers: what it is, its history, and what it was at each moment of that.
fn answers(server: &Workerd, entity: &EntityRef) -> String {
    let mut out = format!("{entity}\n");
    let mut put = |reply: &Reply| writeln!(out, "{}", write(&reply.to_value())).unwrap();
    let reader = (at(1_000), "eve", 0);
    put(&ask(server, reader, entity, Method::Get, |_| {}));
    let history = ask(server, reader, entity, Method::History, |request| {
        request.past.limit = Some(200);
    });
    put(&history);
    for Meta { valid_from, .. } in history.history.unwrap() {
        put(&ask(server, reader, entity, Method::Get, |request| {
            request.past.as_of = Token::At(valid_from);
        }));
    }
    out
}

fn all_answers(server: &Workerd) -> String {
    [("Note", "timeline"), ("Note", "life"), ("Note", "chunks"), ("Page", "merges")]
        .map(|(name, id)| answers(server, &entity(name, id)))
        .join("\n")
}

fn write_current() {
    let (server, to) = (Workerd::start(TEST, &VARIABLES), folder(CURRENT));
    assert!(!to.exists(), "{CURRENT} was written by an earlier release: name another folder");
    for transcript in ["timeline", "life", "chunks"] {
        play::<Note>(&server, &format!("{transcript}.txt"), transcript);
    }
    play::<Page>(&server, "page/merges.txt", "merges");
    make_fragile(&server);
    let fragile = entity("Fragile", "a");
    let texts =
        [("answers.txt", all_answers(&server)), ("fragile.txt", answers(&server, &fragile))];
    for (name, id) in
        [("Note", "timeline"), ("Note", "life"), ("Note", "chunks"), ("Page", "merges")]
    {
        server.evict(&entity(name, id));
    }
    server.evict(&fragile);
    server.save(&to.join("databases"));
    for (name, text) in texts {
        fs::write(to.join(name), text).unwrap();
    }
}

/// The folders of all releases, that of the current one included.
fn releases() -> Vec<PathBuf> {
    static WRITTEN: Once = Once::new();
    if std::env::var("FIXTURES").is_ok_and(|how| how == "write") {
        WRITTEN.call_once(write_current);
    }
    assert!(folder(CURRENT).is_dir(), "FIXTURES=write writes what later releases have to open");
    let all = fs::read_dir(folder("")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = all.filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

fn expected(release: &Path, name: &str) -> String {
    fs::read_to_string(release.join(name)).unwrap()
}

#[test]
fn databases_of_every_release_are_opened() {
    for release in releases() {
        let server = Workerd::start_with(TEST, &VARIABLES, &release.join("databases"));
        assert_eq!(all_answers(&server), expected(&release, "answers.txt"));
        let fragile = entity("Fragile", "a");
        assert_eq!(answers(&server, &fragile), expected(&release, "fragile.txt"));
    }
}

#[test]
fn values_of_an_earlier_schema_are_opened_by_a_later_deployment() {
    for release in releases() {
        let mut server = Workerd::start_with(UNWIND, &VARIABLES, &release.join("databases"));
        let fragile = entity("Fragile", "a");
        // The step changes nothing but the version.
        let before = expected(&release, "fragile.txt")
            .replace(r#""schemaVersion": 1"#, r#""schemaVersion": 2"#);
        assert_eq!(answers(&server, &fragile), before);
        let edited =
            ask(&server, (at(2_000), "ada", 100), &fragile, Method::PatchDiff, |request| {
                request.if_unmodified_since = Token::At(at(6));
                request.diff = Some(parse(r#"{"note": "later"}"#));
            });
        assert_eq!((edited.status, edited.meta.unwrap().schema_version), (200, 2));
        server.evict(&fragile);
        // All that was before is after it what it was; only the last snapshot has got an end.
        let after = answers(&server, &fragile);
        let past = |text: &str| text.lines().skip(4).map(str::to_owned).collect::<Vec<_>>();
        assert!(past(&after).ends_with(&past(&before)), "{after}\n\n{before}");
        // The deployment before knows nothing of that version, and leaves it alone.
        server.redeploy(TEST);
        let refused = ask(&server, (at(3_000), "ada", 101), &fragile, Method::Get, |_| {});
        assert_eq!(refused.status, 500);
        server.redeploy(UNWIND);
        assert_eq!(answers(&server, &fragile), after);
    }
}
