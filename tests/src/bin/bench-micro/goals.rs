//! What is aimed at. It is only told, never asserted: a loaded machine is no reason to fail.

use serde_json::{Value, json};

use crate::figures::{Entity, Place, Spread};

/// How many times as fast as the fastest JSON diff ours is to be.
const TIMES_NATIVE: f64 = 10.0;
const TIMES_WASM: f64 = 4.0;

/// The longest that a diff by hand may take, and how much longer for a large entity than for a small one.
const BUILT_NANOS: f64 = 2_000.0;
const BUILT_GROWTH: f64 = 1.25;

/// The bytes that a diff of one field must stay under.
const DIFF_BYTES: f64 = 48.0;

const TYPED: &str = "ours, typed";
const BUILT: &str = "ours, built and encoded";

/// Those that find a diff between two JSON values.
const JSON_NATIVE: [&str; 1] = ["json-patch (Rust)"];
const JSON_IN_NODE: [&str; 3] = ["fast-json-patch", "jsondiffpatch", "deep-object-diff"];

/// One aim, and what became of it.
pub struct Goal {
    what: String,
    met: bool,
    reached: f64,
    aim: f64,
    /// The two as people read them.
    told: String,
}

/// All of them.
pub fn of(entities: &[Entity]) -> Vec<Goal> {
    let mut goals: Vec<_> = entities.iter().flat_map(typed_goals).collect();
    let built = |entity: &Entity| median(entity, BUILT, Place::Native);
    if let [small, .., large] = entities {
        goals.push(below(format!("built diff, {}, in ns", large.name), built(large), BUILT_NANOS));
        let growth = built(large) / built(small);
        goals.push(below(
            format!("built diff, {} to {}, growth", small.name, large.name),
            growth,
            BUILT_GROWTH,
        ));
    }
    let bytes = |entity: &Entity| entity.diff_bytes.first().map(|(_, bytes)| *bytes as f64);
    if let Some((entity, bytes)) = entities.last().and_then(|e| Some((e, bytes(e)?))) {
        goals.push(below(
            format!("diff of one field, {}, in bytes", entity.name),
            bytes,
            DIFF_BYTES,
        ));
    }
    goals
}

/// Natively against the fastest of all, in Node against the fastest that a browser can have.
fn typed_goals(entity: &Entity) -> [Goal; 2] {
    let in_node = JSON_IN_NODE.map(|name| (name, median(entity, name, Place::Node)));
    let native = JSON_NATIVE.map(|name| (name, median(entity, name, Place::Native)));
    let all: Vec<_> = native.into_iter().chain(in_node).collect();
    let goal = |place: &str, ours: f64, others: &[(&str, f64)], aim: f64| {
        let fastest = others.iter().min_by(|(_, a), (_, b)| a.total_cmp(b));
        let (name, nanos) = fastest.copied().unwrap_or(("nothing", f64::NAN));
        let times = nanos / ours;
        Goal {
            what: format!("typed diff, {}, {place}", entity.name),
            met: times >= aim,
            reached: times,
            aim,
            told: format!("{times:.1} times as fast as {name}, aim {aim}"),
        }
    };
    [
        goal("native", median(entity, TYPED, Place::Native), &all, TIMES_NATIVE),
        goal("wasm", median(entity, TYPED, Place::Node), &in_node, TIMES_WASM),
    ]
}

fn below(what: String, reached: f64, aim: f64) -> Goal {
    let told = format!("{reached:.2}, aim under {aim} (ratio {:.2})", reached / aim);
    Goal { what, met: reached < aim, reached, aim, told }
}

fn median(entity: &Entity, name: &str, place: Place) -> f64 {
    entity.find("diff", name, place).map_or(f64::NAN, |Spread { median, .. }| median)
}

/// A line for each.
pub fn print(goals: &[Goal]) {
    println!();
    for Goal { what, met, told, .. } in goals {
        println!("{:7} {what:36} {told}", if *met { "met" } else { "missed" });
    }
}

/// For the file.
pub fn json(goals: &[Goal]) -> Value {
    let goal = |goal: &Goal| json!({ "what": goal.what, "met": goal.met, "reached": goal.reached, "aim": goal.aim });
    goals.iter().map(goal).collect()
}
