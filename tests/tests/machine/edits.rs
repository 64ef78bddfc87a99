//! Edits of notes and pages, and the diffs that say them.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use temporal_entity_core::value::{Value, get};
use temporal_entity_tests::notation::parse;

/// A change of one field. Where it comes from few values, several people do the same now and then.
#[derive(Clone, Debug)]
pub enum Edit {
    Title(u8),
    Line(u8, Option<u8>),
    Lines(Option<u8>),
    Place(Option<u8>),
    Room(u8),
    Shelf(u8),
    // Of a page only.
    Add(i8),
    Total(Option<u8>),
    Splice { at: u8, gone: u8, comes: bool },
    Story(Option<u8>),
    StepIn(u8, u8),
    StepOut(u8),
    StepDone(u8, bool),
    StepMove(u8, u8),
    Mark(u8, bool),
    List { at: u8, gone: u8 },
}

/// What one request changes.
pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop_oneof![6 => vec(edit(), 1), 3 => vec(edit(), 2..4), 1 => vec(edit(), 0)]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![plain(), rich()]
}

fn plain() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (0..7_u8).prop_map(Edit::Title),
        5 => (0..3_u8, weighted(0.8, 0..3_u8)).prop_map(|(key, to)| Edit::Line(key, to)),
        1 => weighted(0.7, 0..3_u8).prop_map(Edit::Lines),
        1 => weighted(0.7, 0..3_u8).prop_map(Edit::Place),
        1 => (0..4_u8).prop_map(Edit::Room),
        1 => (0..3_u8).prop_map(Edit::Shelf),
    ]
}

fn rich() -> impl Strategy<Value = Edit> {
    prop_oneof![
        1 => (-3..4_i8).prop_map(Edit::Add),
        2 => weighted(0.9, 1..3_u8).prop_map(Edit::Total),
        1 => (any::<u8>(), 0..3_u8, any::<bool>()).prop_map(|(at, gone, comes)| Edit::Splice {
            at,
            gone,
            comes
        }),
        2 => weighted(0.7, 0..3_u8).prop_map(Edit::Story),
        1 => (0..5_u8, 0..7_u8).prop_map(|(id, anchor)| Edit::StepIn(id, anchor)),
        1 => (0..5_u8).prop_map(Edit::StepOut),
        1 => (0..5_u8, any::<bool>()).prop_map(|(id, done)| Edit::StepDone(id, done)),
        1 => (0..5_u8, 0..7_u8).prop_map(|(id, anchor)| Edit::StepMove(id, anchor)),
        1 => (0..3_u8, any::<bool>()).prop_map(|(mark, comes)| Edit::Mark(mark, comes)),
        1 => (any::<u8>(), 0..2_u8).prop_map(|(at, gone)| Edit::List { at, gone }),
    ]
}

/// The diff that says `edits` of `base`, where no two of them are of one field. What is written into texts stands
/// nowhere else, so that there is one way only to tell two of them apart.
pub fn diff_of(edits: &[Edit], base: &Value, is_page: bool, unique: u32) -> Value {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for edit in edits {
        let (field, change) =
            if is_page { edit.say(base, unique) } else { edit.plain().say(base, unique) };
        if fields.iter().all(|(other, _)| *other != field) {
            fields.push((field, change));
        }
    }
    let fields: Vec<_> =
        fields.iter().map(|(field, change)| format!("\"{field}\": {change}")).collect();
    parse(&format!("{{{}}}", fields.join(", ")))
}

impl Edit {
    /// Of a note, in place of what only a page has.
    fn plain(&self) -> Edit {
        match *self {
            Edit::Add(_) | Edit::Total(_) | Edit::Story(_) => Edit::Title(1),
            Edit::Splice { at, .. } | Edit::List { at, .. } => Edit::Title(at % 6),
            Edit::StepIn(key, to) | Edit::StepMove(key, to) => Edit::Line(key, Some(to)),
            Edit::StepOut(key) => Edit::Line(key, None),
            Edit::StepDone(key, done) | Edit::Mark(key, done) => Edit::Line(key, done.then_some(9)),
            ref edit => edit.clone(),
        }
    }

    fn say(&self, base: &Value, unique: u32) -> (&'static str, String) {
        match *self {
            Edit::Title(n @ 0..6) => ("title", format!("\"t{n}\"")),
            // So long that three of them are past the limit of the value.
            Edit::Title(_) => ("title", format!("\"{}\"", "long ".repeat(100))),
            Edit::Line(key, Some(to)) => ("lines", format!("{{\"l{key}\": {to}}}")),
            Edit::Line(key, None) => ("lines", format!("{{\"l{key}\": [1]}}")),
            Edit::Lines(None) => ("lines", "[0, {}]".to_owned()),
            Edit::Lines(Some(to)) => ("lines", format!("[0, {{\"l0\": {to}, \"l9\": 1}}]")),
            Edit::Place(None) => ("place", "null".to_owned()),
            Edit::Place(Some(n)) => {
                ("place", format!("[0, {{\"room\": \"r{}\", \"shelf\": {n}}}]", n / 2))
            }
            Edit::Room(n @ 0..3) => ("place", format!("{{\"room\": \"r{n}\"}}")),
            Edit::Room(_) => ("place", format!("{{\"room\": \"{}\"}}", "long ".repeat(150))),
            Edit::Shelf(n) => ("place", format!("{{\"shelf\": {n}}}")),
            Edit::Add(n) => ("total", format!("[4, {}]", if n == 0 { 5 } else { n })),
            Edit::Total(None) => ("total", i64::MAX.to_string()),
            Edit::Total(Some(n)) => ("total", n.to_string()),
            Edit::Splice { at, gone, comes } => ("story", splice(base, at, gone, comes, unique)),
            Edit::Story(Some(n)) => {
                ("story", format!("{:?}", ["abc", "cXb", ""][usize::from(n % 3)]))
            }
            Edit::Story(None) => ("story", format!("\"{}xyz\"", letter(unique))),
            Edit::StepIn(id, anchor) => (
                "steps",
                format!(
                    r#"[5, "id", {{"s{id}": [0, {{"id": "s{id}", "done": false}}]}}, [[{}, "s{id}"]]]"#,
                    place(anchor)
                ),
            ),
            Edit::StepOut(id) => ("steps", format!(r#"[5, "id", {{"s{id}": [1]}}]"#)),
            Edit::StepDone(id, done) => {
                ("steps", format!(r#"[5, "id", {{"s{id}": {{"done": {done}}}}}]"#))
            }
            Edit::StepMove(id, anchor) => {
                ("steps", format!(r#"[5, "id", {{}}, [[{}, "s{id}"]]]"#, place(anchor)))
            }
            Edit::Mark(n, true) => ("marks", format!(r#"[3, ["m{n}"], []]"#)),
            Edit::Mark(n, false) => ("marks", format!(r#"[3, [], ["m{n}"]]"#)),
            Edit::List { at, gone } => {
                let list = get(base, "list").and_then(Value::as_array);
                let length = list.map_or(0, Vec::len);
                let at = usize::from(at) % (length + 1);
                let gone = usize::from(gone).min(length - at);
                let comes = match list.and_then(|list| list.get(at)).and_then(Value::as_text) {
                    Some(same) if gone == 1 && unique.is_multiple_of(4) => same.to_owned(),
                    _ => format!("e{unique}"),
                };
                ("list", format!(r#"[2, {at}, {gone}, ["{comes}"]]"#))
            }
        }
    }
}

/// A splice that fits the story.
fn splice(base: &Value, at: u8, gone: u8, comes: bool, unique: u32) -> String {
    let length = get(base, "story").and_then(Value::as_text).map_or(0, |text| text.chars().count());
    let at = usize::from(at) % (length + 1);
    let gone = usize::from(gone).min(length - at);
    let comes = if comes || gone == 0 { letter(unique).to_string() } else { String::new() };
    format!("[2, {at}, {gone}, \"{comes}\"]")
}

/// One of twenty thousand letters.
fn letter(unique: u32) -> char {
    char::from_u32(0x4e00 + unique % 20_000).unwrap_or('?')
}

fn place(anchor: u8) -> String {
    match anchor {
        5 => "null".to_owned(),
        6 => "true".to_owned(),
        n => format!("\"s{n}\""),
    }
}

/// What is no diff.
pub fn nonsense(kind: u8) -> Option<Value> {
    const KINDS: [&str; 8] = [
        "null",
        "7",
        r#"[0, {"title": "x"}]"#,
        r#"{"titel": "typo"}"#,
        r#"{"title": 7}"#,
        r#"{"title": [1]}"#,
        r#"{"lines": {"a": "x"}}"#,
        r#"{"place": [9]}"#,
    ];
    KINDS.get(usize::from(kind) % (KINDS.len() + 1)).map(|text| parse(text))
}
