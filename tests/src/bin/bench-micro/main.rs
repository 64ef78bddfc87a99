//! `cargo xtask bench micro`: diff, apply and codec times for values of 15 KB and 350 KB with one field of one record
//! changed; ours natively and as wasm in Node, beside what a user would pick instead.
//!
//! Ours are listed in the package `temporal-entity-bench`, which is built twice. The values are made there too: Node
//! gets them from here as JSON.

mod figures;
mod goals;
mod json_patch;
mod measure;
mod node;
mod report;

use temporal_entity_bench::{OPT_LEVEL, built_diff, doc, edited, ours};
use temporal_entity_core::codec::encode;
use temporal_entity_tests::bench::write_json;

use crate::figures::{Entity, Figure, Place};
use crate::measure::measure;

/// Sizes of the entity: a name, and how many records of a hundred bytes.
const SIZES: [(&str, usize); 2] = [("15 KB", 150), ("350 KB", 3_500)];

fn main() {
    let mut entities: Vec<_> = SIZES.into_iter().map(natively).collect();
    let node = node::measure(&mut entities);
    let goals = goals::of(&entities);

    println!("Natively with opt-level {OPT_LEVEL}, and in Node {}.", node.version);
    println!("Peers: {}.", node.libraries.join(", "));
    for entity in &entities {
        report::print_entity(entity, &node);
    }
    report::print_bytes(&entities);
    goals::print(&goals);
    write_json(&report::json(&entities, &node, &goals));
}

/// What needs no Node.
fn natively((name, records): (&'static str, usize)) -> Entity {
    let (old, new) = (doc(records, 0), doc(records, 1));
    let json = [&old, &new].map(|doc| serde_json::to_value(doc).expect("a document is JSON"));
    let mut contenders = ours(records);
    let ours: Vec<_> = contenders.iter().map(|c| (c.group.name(), c.name)).collect();
    contenders.extend(json_patch::contenders(&json));

    let measured = measure(&mut contenders);
    let figures = contenders.iter().zip(measured);
    let figures = figures.map(|(contender, nanos)| Figure {
        group: contender.group.name().to_owned(),
        name: contender.name.to_owned(),
        place: Place::Native,
        nanos,
    });
    Entity {
        name,
        records,
        edited: edited(records),
        cbor_bytes: encode(&old).expect("a document has a CBOR form").len(),
        json_bytes: json[0].to_string().len(),
        figures: figures.collect(),
        diff_bytes: vec![
            ("ours, as CBOR".to_owned(), built_diff(&edited(records)).len()),
            ("JSON Patch of json-patch, as JSON".to_owned(), json_patch::diff_bytes(&json)),
        ],
        ours,
        json,
    }
}
