//! The published test cases of RFC 6902, which the JSON world holds its implementations against: each JSON Patch
//! becomes a patch that does the same, and that patch a JSON Patch again.

use serde_json::Value as Json;
use temporal_entity_core::json::{
    JsonError, JsonPatch, from_json, from_json_patch, to_json, to_json_patch,
};
use temporal_entity_core::patch::{apply, is_empty};
use temporal_entity_core::schema::Kind;
use temporal_entity_tests::workerd::root;

/// Cases that cannot pass, by their comments, with the reason. (What the corpus calls disabled is run.)
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "A.13 Invalid JSON Patch Document",
        "the second `op` is not in the file, only in the RFC's text",
    ),
    ("duplicate ops", "the second `op` is not in the file, only in its comment"),
];

fn cases(file: &str) -> Vec<Json> {
    let path = root().join("node_modules/json-patch-test-suite").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}: `cargo xtask test unit` installs it", path.display())
    });
    serde_json::from_str(&text).expect("a list of cases")
}

/// What a case comes to; `Err` where the patch is refused.
fn outcome(document: &Json, patch: &Json) -> Result<Json, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let patch: JsonPatch = serde_json::from_value(patch.clone()).map_err(|e| said(&e))?;
    let before = from_json(&Kind::Json, document).map_err(|e| said(&e))?;
    let ours = from_json_patch(&Kind::Json, &before, &patch).map_err(|e| said(&e))?;
    let mut after = before.clone();
    // The patch that changes nothing is one of a map, and fits no list.
    if !is_empty(&ours) {
        apply(&mut after, &ours).map_err(|e| said(&e))?;
    }
    let after = to_json(&Kind::Json, &after).expect("JSON stays JSON");

    // And back: as a JSON Patch of ours it leads to the same document.
    let back = match is_empty(&ours) {
        true => JsonPatch(Vec::new()),
        false => to_json_patch(&Kind::Json, &before, &ours).expect("a patch that fits"),
    };
    let mut document = document.clone();
    json_patch::patch(&mut document, &back).expect("a patch of ours");
    assert_eq!(document, after, "{back}");
    Ok(after)
}

fn check(case: &Json) -> Result<(), String> {
    let result = outcome(&case["doc"], &case["patch"]);
    match (&result, case.get("expected"), case.get("error")) {
        (Ok(after), Some(expected), _) if after == expected => Ok(()),
        // A case without either says that the patch can be made.
        (Ok(_), None, None) | (Err(_), None, Some(_)) => Ok(()),
        _ => Err(format!("{case}\ncame to {result:?}")),
    }
}

fn run(file: &str) {
    let (mut passed, mut failed) = (0, Vec::new());
    for case in cases(file) {
        let text =
            case["comment"].as_str().map_or_else(|| case["patch"].to_string(), str::to_owned);
        let excepted = EXCEPTIONS.iter().any(|(of, _)| *of == text);
        if case.get("patch").is_none() || excepted {
            continue;
        }
        match check(&case) {
            Ok(()) => passed += 1,
            Err(wrong) => failed.push(wrong),
        }
    }
    assert!(failed.is_empty(), "{} of {file} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(passed > 10, "only {passed} cases in {file}");
}

#[test]
fn the_examples_of_the_rfc() {
    run("spec_tests.json");
}

#[test]
fn the_published_corpus() {
    run("tests.json");
}

/// The outcome of operations on a document, which an app may have from anybody.
fn refused(document: &Json, operations: &[Json]) -> bool {
    let value = from_json(&Kind::Json, document).expect("JSON");
    let patch: JsonPatch = serde_json::from_value(operations.into()).expect("operations");
    matches!(from_json_patch(&Kind::Json, &value, &patch), Err(JsonError::TooMuch))
}

#[test]
fn operations_that_move_too_much_are_refused() {
    let list = |count: usize| Json::from(vec![0; count]);
    let first = serde_json::json!({ "op": "add", "path": "/0", "value": 1 });
    assert!(!refused(&list(1_000), &vec![first.clone(); 1_000]));
    assert!(refused(&list(20_000), &vec![first; 20_000]));
    let last = serde_json::json!({ "op": "add", "path": "/0/-", "value": 1 });
    assert!(!refused(&serde_json::json!([list(1)]), &vec![last; 5_000]));
    let double =
        |at: usize| serde_json::json!({ "op": "copy", "from": "", "path": format!("/{at}") });
    let doubles: Vec<_> = (0..40).map(double).collect();
    assert!(refused(&serde_json::json!({ "a": list(10) }), &doubles));
}

#[test]
fn operations_that_nest_too_deep_are_refused() {
    let mut operations = Vec::new();
    for at in 0..5_000 {
        let (into, from) = (format!("/{}", at + 1), format!("/{at}"));
        operations.push(serde_json::json!({ "op": "add", "path": into, "value": {} }));
        operations.push(serde_json::json!({ "op": "move", "from": from, "path": into + "/x" }));
    }
    assert!(refused(&serde_json::json!({ "0": {} }), &operations));
    assert!(!refused(&serde_json::json!({ "0": {} }), &operations[..40]));
}
