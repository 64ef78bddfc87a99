//! The figures as tables and as JSON.

use serde_json::{Value, json};
use temporal_entity_bench::{Group, OPT_LEVEL};

use crate::figures::{Entity, Figure, Place, Spread};
use crate::goals::{self, Goal};
use crate::node::About;

/// The times for an entity of one size: a line for each contender, natively and in Node.
pub fn print_entity(entity: &Entity, node: &About) {
    let Entity { name, records, cbor_bytes, json_bytes, .. } = entity;
    println!();
    println!("{name}: {records} records, {cbor_bytes} bytes of CBOR, {json_bytes} of JSON");
    let wasm = format!("in Node (ours: wasm, opt-level {})", node.opt_level);
    println!("{:34} {:>36} {wasm:>36}", "µs: median (lowest - highest)", "native");
    for group in Group::ALL {
        println!("{}", group.name());
        for name in names(entity, group) {
            let cell = |place| entity.find(group.name(), name, place).map(cell).unwrap_or_default();
            println!("  {name:32} {:>36} {:>36}", cell(Place::Native), cell(Place::Node));
        }
    }
}

/// The contenders of a group, in the order in which they were measured.
fn names(entity: &Entity, group: Group) -> Vec<&str> {
    let mut names = Vec::new();
    for figure in entity.figures.iter().filter(|figure| figure.group == group.name()) {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    names
}

fn cell(Spread { low, median, high }: Spread) -> String {
    let range = format!("({} - {})", micros(low), micros(high));
    format!("{} {range:>22}", micros(median))
}

/// With three digits at least.
fn micros(nanos: f64) -> String {
    let micros = nanos / 1e3;
    match micros {
        0.0..10.0 => format!("{micros:.2}"),
        10.0..100.0 => format!("{micros:.1}"),
        _ => format!("{micros:.0}"),
    }
}

/// What the names in the tables stand for.
pub fn print_legend() {
    println!();
    println!("typed: with the Rust type. generic: on a tree of values, as a hub or a tool has it.");
    println!("built, set: the edit is known, nothing is compared, and the bytes to send are made.");
    println!("apply: a diff in memory, there and back by turns; ours also finds what undoes it.");
    println!("encode, decode: the whole value.");
}

/// How long the diff of the edit is, in each one's form.
pub fn print_bytes(entities: &[Entity]) {
    println!();
    print!("{:41}", "bytes of the diff of one field");
    entities.iter().for_each(|entity| print!(" {:>8}", entity.name));
    println!();
    let rows = entities.first().map_or(&[][..], |entity| &entity.diff_bytes);
    for (at, (name, _)) in rows.iter().enumerate() {
        print!("  {name:39}");
        entities.iter().for_each(|entity| print!(" {:>8}", entity.diff_bytes[at].1));
        println!();
    }
}

/// Everything, for the file.
pub fn json(entities: &[Entity], node: &About, goals: &[Goal]) -> Value {
    let entities: Vec<_> = entities.iter().map(entity_json).collect();
    json!({
        "node": node.version,
        "peers": node.peers,
        "optLevel": { "native": OPT_LEVEL, "wasm": node.opt_level },
        "entities": entities,
        "goals": goals::json(goals),
    })
}

fn entity_json(entity: &Entity) -> Value {
    let figure = |figure: &Figure| {
        let Spread { low, median, high } = figure.spread();
        json!({
            "operation": figure.group,
            "contender": figure.name,
            "place": match figure.place { Place::Native => "native", Place::Node => "node" },
            "nanos": { "low": low, "median": median, "high": high, "rounds": figure.rounds },
        })
    };
    let bytes = |(name, bytes): &(String, usize)| json!({ "form": name, "bytes": bytes });
    json!({
        "entity": entity.name,
        "records": entity.records,
        "cborBytes": entity.cbor_bytes,
        "jsonBytes": entity.json_bytes,
        "times": entity.figures.iter().map(figure).collect::<Value>(),
        "diffBytes": entity.diff_bytes.iter().map(bytes).collect::<Value>(),
    })
}
