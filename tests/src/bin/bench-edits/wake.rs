//! How long an entity takes to answer that nobody has used for a while, or that is on a machine which just started.

use std::time::Instant;

use serde_json::{Value, json};
use temporal_entity_core::message::{EntityRef, Method, Reply};
use temporal_entity_core::time::Stamp;
use temporal_entity_tests::bench::{megabytes, millis, record_id, records, tree};
use temporal_entity_tests::client::{Browser, Session, patch, request};
use temporal_entity_tests::workerd::{BENCH, START, Workerd};

const WAKES: usize = 20;

const STARTS: usize = 15;

/// Edits that are under way at once while the history is made.
const WINDOW: usize = 16;

/// An entity to wake: its size, its records, its edits, and within how many milliseconds it is to answer.
struct Case {
    size: &'static str,
    records: usize,
    edits: usize,
    aim: f64,
}

const CASES: [Case; 2] = [
    Case { size: "100 KB", records: 1_000, edits: 10_000, aim: 25.0 },
    Case { size: "1 MB", records: 10_000, edits: 10_000, aim: 60.0 },
];

/// What was measured, in milliseconds; medians.
pub struct Wake {
    size: &'static str,
    edits: usize,
    aim: f64,
    /// From a request of who has the version, to the answer, after an eviction.
    held: f64,
    /// The same of who has nothing, to the whole value.
    whole: f64,
    /// The same of an object that is awake.
    awake: f64,
    /// From the start of the process to the answer to who has the version.
    start_held: f64,
    /// From the start of the process to the whole value.
    start: f64,
    /// From the start of the process to the answer of an entity that does not exist.
    start_alone: f64,
    /// Megabytes of wasm's memory after the evictions.
    wasm: f64,
    /// Megabytes of the database.
    stored: f64,
}

/// Measures all.
pub fn run() -> Vec<Wake> {
    CASES.iter().map(measure).collect()
}

fn measure(case: &Case) -> Wake {
    eprintln!("waking {} with {} edits", case.size, case.edits);
    let mut server = Workerd::start(BENCH, &[("ENVIRONMENT", "test")]);
    let session = Session::login(&server, "reader");
    let mut browser = session.connect("browser");
    let doc = EntityRef::new("Doc", "doc").expect("it is a name and an id");
    let version = make(&mut browser, &doc, case);
    let mut whole = || ask(&mut browser, &doc, None);
    let awake = median(WAKES, || time(&mut whole));
    let whole = median(WAKES, || {
        server.evict(&doc);
        time(&mut whole)
    });
    let held = median(WAKES, || {
        server.evict(&doc);
        time(|| ask(&mut browser, &doc, Some(version)))
    });
    let nothing = EntityRef::new("Doc", "nothing").expect("it is a name and an id");
    let (wasm, stored) = (server.wasm_bytes(&doc), server.stored_bytes(&doc));
    server.redeploy(START);
    let mut restarted = |entity: &EntityRef, held: Option<Stamp>| {
        server.kill();
        time(|| {
            server.restart();
            ask(&mut session.connect("browser"), entity, held)
        })
    };
    let start_alone = median(STARTS, || restarted(&nothing, None));
    let start_held = median(STARTS, || restarted(&doc, Some(version)));
    let start = median(STARTS, || restarted(&doc, None));
    Wake {
        size: case.size,
        edits: case.edits,
        aim: case.aim,
        held,
        whole,
        awake,
        start_held,
        start,
        start_alone,
        wasm: megabytes(wasm),
        stored: megabytes(stored),
    }
}

/// Posts the document and edits it; the last version.
fn make(browser: &mut Browser, doc: &EntityRef, case: &Case) -> Stamp {
    let value = tree(&json!({ "records": records(case.records) }));
    let mut held = version(&browser.post(doc, value));
    for number in 0..case.edits + WINDOW {
        if number >= WINDOW {
            held = version(&browser.reply());
        }
        if number < case.edits {
            let record = record_id(number % case.records);
            let diff = json!({ "records": { record: { "quantity": number + 1 } } });
            browser.send(&patch(doc, held, tree(&diff)));
        }
    }
    held
}

fn version(reply: &Reply) -> Stamp {
    assert!(reply.is_success(), "{reply:?}");
    reply.meta.as_ref().expect("a write is answered with meta").modified
}

/// A `get`, whose answer is not looked at: the time is the server's.
fn ask(browser: &mut Browser, entity: &EntityRef, held: Option<Stamp>) {
    let mut get = request(Method::Get, entity);
    get.if_modified_since = held.into();
    browser.send(&get);
    browser.frame();
}

fn time(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    millis(began.elapsed())
}

fn median(times: usize, mut measure: impl FnMut() -> f64) -> f64 {
    let mut all: Vec<_> = (0..times).map(|_| measure()).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The table.
pub fn print(wakes: &[Wake]) {
    println!();
    println!("Waking up: milliseconds from a request to its answer, p50.");
    println!();
    println!(
        "{:7} {:>7} {:>9} {:>9} {:>9} {:>5} {:>15} {:>13} {:>13} {:>6} {:>6}",
        "entity",
        "edits",
        "version",
        "value",
        "awake",
        "aim",
        "version, start",
        "value, start",
        "start alone",
        "wasm",
        "stored"
    );
    for wake in wakes {
        println!(
            "{:7} {:>7} {:>9.1} {:>9.1} {:>9.1} {:>5.0} {:>15.1} {:>13.1} {:>13.1} {:>6.0} {:>6.1}",
            wake.size,
            wake.edits,
            wake.held,
            wake.whole,
            wake.awake,
            wake.aim,
            wake.start_held,
            wake.start,
            wake.start_alone,
            wake.wasm,
            wake.stored,
        );
    }
    println!();
    println!(
        "version, value: the object was evicted; asked by who has the version, and by who has nothing."
    );
    println!("awake: the value, when the object was not evicted. aim: of all these.");
    println!(
        "start: the same from the start of the process, with a binary configuration of one entity type and no certificates;\n    alone: of an entity that is not there."
    );
    println!("wasm, stored: megabytes of wasm's memory and of the database.");
}

/// The same for machines.
pub fn json(wakes: &[Wake]) -> Value {
    let wake = |wake: &Wake| {
        json!({
            "entity": wake.size,
            "edits": wake.edits,
            "aimMs": wake.aim,
            "versionMs": wake.held,
            "valueMs": wake.whole,
            "awakeMs": wake.awake,
            "versionStartMs": wake.start_held,
            "valueStartMs": wake.start,
            "startAloneMs": wake.start_alone,
            "wasmMegabytes": wake.wasm,
            "storedMegabytes": wake.stored,
        })
    };
    wakes.iter().map(wake).collect()
}
