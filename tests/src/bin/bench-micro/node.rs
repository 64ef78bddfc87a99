//! The half that runs in Node: `tests/bench-micro/peers.mjs`.

use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use temporal_entity_tests::workerd::root;

use crate::figures::{Figure, Place};
use crate::measure::SAMPLE;

/// What Node says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    pub version: String,
    /// The packages that are measured, with their versions.
    pub peers: Vec<String>,
    /// Of our wasm.
    pub opt_level: String,
    /// Groups and names.
    contenders: Vec<(String, String)>,
    /// The diff's size in the form of each peer.
    pub diff_bytes: Vec<(String, usize)>,
}

impl About {
    /// One for each contender.
    pub fn figures(&self) -> impl Iterator<Item = Figure> {
        self.contenders.iter().map(|(group, name)| Figure::new(group, name, Place::Node))
    }
}

/// A running Node, killed when dropped.
pub struct Node {
    child: Child,
    input: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Begins with an entity, before and after the edit. `ours` are the groups and names of our list, which the wasm
    /// has without them.
    pub fn start(
        records: usize,
        json: &[Value; 2],
        edited: &str,
        ours: &[(&str, &str)],
    ) -> (Self, About) {
        let wasm = env::var("BENCH_WASM").expect("`cargo xtask bench` says where the wasm is");
        let task = json!({
            "wasm": wasm,
            "sampleNanos": SAMPLE.as_secs_f64() * 1e9,
            "records": records,
            "old": json[0],
            "edited": json[1],
            "editedKey": edited,
            "ours": ours,
        });
        let mut command = Command::new("node");
        command.arg(root().join("tests/bench-micro/peers.mjs"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node can be started");
        let mut input = child.stdin.take().expect("standard input is piped");
        let output = child.stdout.take().expect("standard output is piped");
        let mut answers = BufReader::new(output).lines();
        let about = ask(&mut input, &mut answers, &task.to_string());
        (Self { child, input, answers }, about)
    }

    /// A sample of each: nanoseconds per call.
    pub fn round(&mut self) -> Vec<f64> {
        ask(&mut self.input, &mut self.answers, "round")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask<T: DeserializeOwned>(
    input: &mut ChildStdin,
    answers: &mut Lines<BufReader<ChildStdout>>,
    line: &str,
) -> T {
    writeln!(input, "{line}").expect("node reads what it is asked");
    let answer = answers.next().expect("node answers, or said why not").expect("node writes text");
    serde_json::from_str(&answer).expect("node answers what it was asked")
}
