//! `cargo xtask bench micro`: diff, apply and codec times for values of 15 KB and 350 KB with one field of one record
//! changed; ours natively and as wasm in Node, beside what a user would pick instead.
//!
//! Ours are listed in the package `temporal-entity-bench`, which is built twice. The values are made there too: Node
//! gets them from here as JSON. `BENCH_SHORT` makes it one turn of `cargo xtask bench micro --against DIR`.

mod figures;
mod goals;
mod json_patch;
mod measure;
mod node;
mod report;

use temporal_entity_bench::{OPT_LEVEL, built_diff, doc, edited, ours};
use temporal_entity_core::codec::encode;
use temporal_entity_tests::bench::{is_short, write_json};

use crate::figures::Entity;
use crate::measure::{Native, ROUNDS, SHORT_ROUNDS};
use crate::node::{About, Node};

/// Sizes of the entity: a name, and how many records of a hundred bytes.
const SIZES: [(&str, usize); 2] = [("15 KB", 150), ("350 KB", 3_500)];

fn main() {
    let [(small, node), (large, _)] = SIZES.map(|(name, records)| measured(name, records));
    let entities = [small, large];
    let goals = goals::of(&entities);

    println!("Natively with opt-level {OPT_LEVEL}, and in Node {}.", node.version);
    println!("Peers: {}.", node.peers.join(", "));
    for entity in &entities {
        report::print_entity(entity, &node);
    }
    report::print_legend();
    report::print_bytes(&entities);
    goals::print(&goals);
    write_json(&report::json(&entities, &node, &goals));
}

/// Everything for an entity of so many records, and what Node said of itself.
fn measured(name: &'static str, records: usize) -> (Entity, About) {
    eprintln!("measuring with {name}");
    let (old, new, edited) = (doc(records, 0), doc(records, 1), edited(records));
    let json = [&old, &new].map(|doc| serde_json::to_value(doc).expect("a document is JSON"));
    let mut contenders = ours(records);
    let names: Vec<_> = contenders.iter().map(|c| (c.group.name(), c.name)).collect();
    let short = is_short();
    if !short {
        contenders.extend(json_patch::contenders(&json));
    }
    let mut native = Native::new(contenders);
    let (mut node, about) = Node::start(records, &json, &edited, &names);

    // Every contender once per round, so that a disturbance of the machine meets them all.
    let mut figures: Vec<_> = native.figures().chain(about.figures()).collect();
    for _ in 0..if short { SHORT_ROUNDS } else { ROUNDS } {
        let nanos = native.round().into_iter().chain(node.round());
        figures.iter_mut().zip(nanos).for_each(|(figure, nanos)| figure.rounds.push(nanos));
    }

    let mut diff_bytes = vec![
        ("ours, as CBOR".to_owned(), built_diff(&edited).len()),
        ("json-patch (Rust), as JSON".to_owned(), json_patch::diff_bytes(&json)),
    ];
    diff_bytes.append(&mut about.diff_bytes.clone());
    let entity = Entity {
        name,
        records,
        cbor_bytes: encode(&old).expect("a document has a CBOR form").len(),
        json_bytes: json[0].to_string().len(),
        figures,
        diff_bytes,
    };
    (entity, about)
}
