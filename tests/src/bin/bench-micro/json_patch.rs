//! The crate `json-patch`: the native peer.

use json_patch::{diff, patch};
use serde_json::Value;
use temporal_entity_bench::{Contender, Group, turns};

/// Its operations, and those of the codec that goes with it.
pub fn contenders(json: &[Value; 2]) -> Vec<Contender> {
    let [old, new] = json.clone();
    let patches = [diff(&old, &new), diff(&new, &old)];
    let (value, text) = (old.clone(), old.to_string());
    let (mut patched, mut turn) = (old.clone(), turns());
    vec![
        Contender::new(Group::Diff, "json-patch (Rust)", move || diff(&old, &new)),
        // There and back, so that each one changes something.
        Contender::new(Group::Apply, "json-patch (Rust)", move || {
            patch(&mut patched, &patches[turn()]).expect("the patch fits")
        }),
        Contender::new(Group::Encode, "serde_json, generic", move || value.to_string()),
        Contender::new(Group::Decode, "serde_json, generic", move || {
            serde_json::from_str::<Value>(&text).expect("it was JSON")
        }),
    ]
}

/// The bytes of its diff of the edit.
pub fn diff_bytes([old, new]: &[Value; 2]) -> usize {
    serde_json::to_vec(&diff(old, new)).expect("a patch is JSON").len()
}
