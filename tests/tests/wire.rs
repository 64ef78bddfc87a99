//! CBOR with the other side: the real cbor-x, under node, in the two ways in which it is set up (`wire/modes.mjs`).

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use temporal_entity::{EntityField, Timestamp};
use temporal_entity_core::codec::{MAX_MESSAGE_BYTES, decode, encode, encode_value};
use temporal_entity_core::field;
use temporal_entity_core::message::{Downstream, Request};
use temporal_entity_core::schema::encode_typed;
use temporal_entity_core::value::{Value, same};
use temporal_entity_tests::notation::{from_hex, parse, to_hex, write};
use temporal_entity_tests::workerd::root;

/// What cbor-x wrote: one case in one mode.
struct Written {
    kind: String,
    mode: String,
    name: String,
    bytes: Vec<u8>,
    /// The tree that is expected, or what is said.
    expected: String,
}

fn node(script: &str, input: &str) -> String {
    let mut node = Command::new("node");
    node.arg(root().join("tests/wire").join(script)).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().expect("node can be started");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // Beside reading, because pipes hold little.
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node {script}: {}", output.status);
    writing.join().expect("written").expect("node reads all");
    String::from_utf8(output.stdout).expect("text")
}

fn written() -> Vec<Written> {
    let read = |line: &str| {
        let json: Json = serde_json::from_str(line).expect("a line is JSON");
        let part = |key: &str| json[key].as_str().map(str::to_owned);
        Written {
            kind: part("kind").expect("a kind"),
            mode: part("mode").expect("a mode"),
            name: part("name").expect("a name"),
            bytes: from_hex(&part("hex").expect("bytes")),
            expected: part("tree").or(part("says")).expect("a tree"),
        }
    };
    node("write.mjs", "").lines().map(read).collect()
}

/// Fails with all that `problem` finds wrong, and if there are fewer than `at_least` cases.
fn check(kind: &str, at_least: usize, problem: impl Fn(&Written) -> Option<String>) {
    let cases: Vec<_> = written().into_iter().filter(|case| case.kind == kind).collect();
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let problems = cases.iter().filter_map(|case| {
        let Written { mode, name, bytes, .. } = case;
        Some(format!("{mode}: {name}: {}\n  {}", problem(case)?, to_hex(bytes)))
    });
    let problems: Vec<_> = problems.collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn read(bytes: &[u8]) -> Result<Value, String> {
    decode(bytes, MAX_MESSAGE_BYTES).map_err(|error| error.to_string())
}

#[test]
fn what_cbor_x_writes_is_read() {
    check("value", 100, |case| match read(&case.bytes) {
        Ok(tree) if same(&tree, &parse(&case.expected)) => None,
        Ok(tree) => Some(format!("{} instead of {}", write(&tree), case.expected)),
        Err(error) => Some(error),
    });
}

/// What reads it back as an object renames it (`ours` in `wire/cases.mjs`); who writes it does not.
#[test]
fn the_key_that_cbor_x_renames_is_written_as_it_is() {
    check("proto", 2, |case| match read(&case.bytes) {
        Ok(tree) if same(&tree, &parse(&case.expected)) => None,
        Ok(tree) => Some(write(&tree)),
        Err(error) => Some(error),
    });
}

#[test]
fn what_has_no_tree_is_refused() {
    check("refused", 10, |case| match read(&case.bytes) {
        Err(error) if error.contains(&case.expected) => None,
        Err(error) => Some(error),
        Ok(_) => Some("is read".to_owned()),
    });
}

/// Values by chance, for what nobody thought of: both ways to write one are the same tree.
#[test]
fn both_modes_mean_the_same() {
    let cases: Vec<_> = written().into_iter().filter(|case| case.kind == "chance").collect();
    let (clone, recipe): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.mode == "clone");
    assert!(clone.len() >= 100 && clone.len() == recipe.len());
    for (clone, recipe) in clone.into_iter().zip(recipe) {
        let trees = [clone, recipe].map(|case| read(&case.bytes).expect(&case.name));
        let [a, b] = &trees;
        assert!(same(a, b), "{}: {} and {}", clone.name, write(a), write(b));
        assert!(same(a, &read(&encode_value(a).expect("bytes")).expect("our own")));
    }
}

#[test]
fn requests_by_cbor_x_are_read() {
    check("request", 12, |case| match Request::decode(&case.bytes, MAX_MESSAGE_BYTES) {
        Ok(request) => differs(&request.to_value(), &case.expected),
        Err(error) => Some(error.message),
    });
}

/// Nobody sends these by cbor-x, but a server in JavaScript would.
#[test]
fn replies_and_pushes_by_cbor_x_are_read() {
    check("downstream", 20, |case| {
        let bytes = Downstream::decode(&case.bytes).map(|message| message.encode());
        match bytes {
            Ok(Ok(bytes)) => differs(&read(&bytes).expect("our own"), &case.expected),
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        }
    });
}

fn differs(message: &Value, expected: &str) -> Option<String> {
    let expected = parse(expected);
    let unlike = encode_value(message) != encode_value(&expected);
    unlike.then(|| format!("{} instead of {}", write(message), write(&expected)))
}

#[test]
fn what_is_written_cbor_x_reads() {
    let mut lines = String::new();
    let mut count = 0;
    for Written { kind, mode, name, expected, .. } in written() {
        if kind != "value" && kind != "ours" {
            continue;
        }
        let tree = parse(&expected);
        let bytes = encode_value(&tree).expect("bytes");
        assert_eq!(encode(&tree).as_ref(), Ok(&bytes), "by serde: {name}");
        let case = json!({ "kind": kind, "mode": mode, "name": name, "hex": to_hex(&bytes) });
        lines += &format!("{case}\n");
        count += 1;
    }
    assert_eq!(node("read.mjs", &lines), format!("read {count}\n"));
}

/// A `Date` of any year becomes a [`Timestamp`], and a `Timestamp` becomes a `Date`.
#[test]
fn instants_are_read_on_both_sides() {
    let (mut lines, mut count) = (String::new(), 0);
    for Written { mode, name, bytes, .. } in
        written().into_iter().filter(|case| case.kind == "instant")
    {
        let mut tree = read(&bytes).expect("an item");
        Timestamp::KIND.conform(&mut tree).expect("an instant");
        let time: Timestamp = field::read(tree).expect("an instant");
        assert_eq!(time.as_millis().to_string(), name, "{mode}");
        let typed = encode_typed(&time, 0).expect("bytes");
        assert_eq!(encode_value(&field::write(&time)).as_ref(), Ok(&typed), "{name}");
        let case = json!({ "kind": "instant", "mode": mode, "name": name, "hex": to_hex(&typed) });
        lines += &format!("{case}\n");
        count += 1;
    }
    assert!(count >= 30, "{count} instants");
    assert_eq!(node("read.mjs", &lines), format!("read {count}\n"));
}
