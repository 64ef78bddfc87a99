//! The half that runs in Node: `tests/bench-micro/peers.mjs`.

use std::env;
use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::json;
use temporal_entity_tests::workerd::root;

use crate::figures::{Entity, Figure, Place, Spread};
use crate::measure::{ROUNDS, SAMPLE};

/// What Node says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    #[serde(rename = "node")]
    pub version: String,
    /// The peers among its packages, with their versions.
    pub libraries: Vec<String>,
    /// Of our wasm.
    pub opt_level: String,
    sizes: Vec<Measured>,
}

#[derive(Deserialize)]
struct Measured {
    figures: Vec<Sampled>,
    bytes: Vec<(String, usize)>,
}

#[derive(Deserialize)]
struct Sampled {
    group: String,
    name: String,
    nanos: Vec<f64>,
}

/// Runs it and adds what it measured to the entities.
pub fn measure(entities: &mut [Entity]) -> Node {
    let mut node = run(&task(entities));
    for (entity, measured) in entities.iter_mut().zip(node.sizes.drain(..)) {
        let figures = measured.figures.into_iter().map(|Sampled { group, name, nanos }| Figure {
            group,
            name,
            place: Place::Node,
            nanos: Spread::of(nanos),
        });
        entity.figures.extend(figures);
        entity.diff_bytes.extend(measured.bytes);
    }
    node
}

fn task(entities: &[Entity]) -> String {
    let wasm = env::var("BENCH_WASM").expect("`cargo xtask bench micro` says where the wasm is");
    let size = |entity: &Entity| {
        let [old, edited] = &entity.json;
        json!({
            "records": entity.records,
            "editedKey": entity.edited,
            "old": old,
            "edited": edited,
            "ours": entity.ours,
        })
    };
    let sizes: Vec<_> = entities.iter().map(size).collect();
    let sample_nanos = u64::try_from(SAMPLE.as_nanos()).expect("a sample is short");
    json!({ "wasm": wasm, "rounds": ROUNDS, "sampleNanos": sample_nanos, "sizes": sizes })
        .to_string()
}

fn run(task: &str) -> Node {
    let mut command = Command::new("node");
    command.arg(root().join("tests/bench-micro/peers.mjs"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = command.spawn().expect("node can be started");
    // It reads to the end before it writes, so neither waits for the other.
    let mut input = node.stdin.take().expect("standard input is piped");
    input.write_all(task.as_bytes()).expect("node reads its task");
    drop(input);
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("node answers with its figures")
}
