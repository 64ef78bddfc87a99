//! What the shapes of input are made of.

use temporal_entity::EntityField;
use temporal_entity_core::field::write;
use temporal_entity_core::patch::{apply, diff};
use temporal_entity_core::value::Value;

use crate::operations::Case;
use crate::typed::{Costly, Item, Part, Row};

pub fn empty_json() -> Costly {
    Costly { json: serde_json::json!({}), ..Costly::default() }
}

/// A case of the differences between values: from the first to the second, from there to the third, from the first to
/// the fourth.
pub fn from(value: Costly, changed: Costly, last: Costly, other: Costly) -> Case {
    let [value, changed, last, other] = [value, changed, last, other].map(|value| write(&value));
    let between = |old: &Value, new: &Value| diff(&Costly::KIND, old, new).expect("they differ");
    let (first, later) = (between(&value, &changed), between(&changed, &last));
    let other = between(&value, &other);
    Case { kind: Some(&Costly::KIND), value, first, later, other }
}

pub fn field(name: &str, patch: Value) -> Value {
    match patch {
        Value::Null => Value::Map(vec![]),
        patch => Value::Map(vec![(name.into(), patch)]),
    }
}

/// What is put in at each splice.
pub trait Content {
    fn value(&self) -> Value;
}

impl Content for (usize, usize, String) {
    fn value(&self) -> Value {
        Value::from(self.2.as_str())
    }
}

pub fn splice<T>(splices: &[T], parts: impl Fn(&T) -> (usize, usize, Value)) -> Value {
    if splices.is_empty() {
        return Value::Null;
    }
    let parts = splices.iter().flat_map(|splice| {
        let (at, removed, inserted) = parts(splice);
        [Value::from(at as u64), Value::from(removed as u64), inserted]
    });
    Value::Array([Value::from(2)].into_iter().chain(parts).collect())
}

pub type TextSplices = Vec<(usize, usize, String)>;

pub fn text(text: &str, first: TextSplices, later: TextSplices, other: TextSplices) -> Case {
    let patch = |splices: TextSplices| {
        field("text", splice(&splices, |splice| (splice.0, splice.1, splice.value())))
    };
    let value = write(&Costly { text: text.to_owned(), ..empty_json() });
    Case {
        kind: Some(&Costly::KIND),
        value,
        first: patch(first),
        later: patch(later),
        other: patch(other),
    }
}

/// A splice in each so many items, which takes out so many.
pub trait Many<T> {
    fn splice(self, at: usize, removed: usize) -> T;
}

impl Many<(usize, usize, String)> for &str {
    fn splice(self, at: usize, removed: usize) -> (usize, usize, String) {
        (at, removed, self.to_owned())
    }
}

impl Many<(usize, usize, usize, u32)> for u32 {
    fn splice(self, at: usize, removed: usize) -> (usize, usize, usize, u32) {
        (at, removed, 1, self)
    }
}

pub fn many<T, C: Many<T> + Copy>(n: usize, step: usize, removed: usize, content: C) -> Vec<T> {
    (0..n).map(|at| content.splice(at * step, removed)).collect()
}

/// Where, how many leave, how many come, and which.
pub type ListSplices = Vec<(usize, usize, usize, u32)>;

pub fn gone(n: usize, step: usize, removed: usize) -> ListSplices {
    (0..n).map(|at| (at * step, removed, 0, 0)).collect()
}

pub fn list(length: usize, first: ListSplices, later: ListSplices, other: ListSplices) -> Case {
    list_of((0..length as u32).map(|at| at + 1_000).collect(), first, later, other)
}

pub fn list_of(list: Vec<u32>, first: ListSplices, later: ListSplices, other: ListSplices) -> Case {
    let patch = |splices: ListSplices| {
        let parts = |&(at, removed, count, number): &(usize, usize, usize, u32)| {
            (at, removed, Value::Array(vec![Value::from(number); count]))
        };
        field("list", splice(&splices, parts))
    };
    let value = write(&Costly { list, ..empty_json() });
    Case {
        kind: Some(&Costly::KIND),
        value,
        first: patch(first),
        later: patch(later),
        other: patch(other),
    }
}

pub fn name(at: usize) -> String {
    format!("{at:06}")
}

pub fn sets(elements: impl Iterator<Item = usize>) -> Costly {
    Costly { set: elements.map(name).collect(), ..empty_json() }
}

pub fn maps(keys: impl Iterator<Item = usize>, label: &str) -> Costly {
    let part = |at| (name(at), Part { label: label.to_owned(), votes: 0 });
    Costly { map: keys.map(part).collect(), ..empty_json() }
}

pub fn counted(n: usize) -> Costly {
    let mut counted = maps(0..n, "");
    counted.map.values_mut().for_each(|part| part.votes = n as i64);
    counted
}

pub fn numbers(n: usize, step: u32, first: u32) -> Costly {
    Costly { numbers: (0..n as u32).map(|at| (at * step + first, 1)).collect(), ..empty_json() }
}

pub fn objects(n: usize, step: usize, first: usize) -> Costly {
    let entries = (0..n).map(|at| (name(at * step + first), first.into()));
    Costly { json: serde_json::Value::Object(entries.collect()), ..Costly::default() }
}

pub fn nested(n: usize, number: usize) -> Costly {
    let leaf = |at: usize| serde_json::json!({ "a": (0..8).map(|i| i * (at + number) % 7).collect::<Vec<_>>(), "b": number });
    let entries = (0..n).map(|at| (name(at), leaf(at)));
    let mut json = serde_json::Value::Object(entries.collect());
    for _ in 0..12 {
        json = serde_json::json!({ "x": json });
    }
    Costly { json, ..Costly::default() }
}

pub fn rows(n: usize, prefix: &str) -> Vec<Row> {
    (0..n).map(|at| Row { id: format!("{prefix}{at:06}"), ..Row::default() }).collect()
}

pub fn rows_of(rows: impl Iterator<Item = Row>) -> Costly {
    Costly { rows: rows.collect(), ..empty_json() }
}

pub fn ordered(n: usize, order: &dyn Fn(usize) -> usize, note: &str) -> Costly {
    let row =
        |at| Row { id: format!("r{:06}", order(at)), note: note.to_owned(), ..Row::default() };
    let mut seen = std::collections::BTreeSet::new();
    rows_of((0..n).map(row).filter(|row| seen.insert(row.id.clone())))
}

pub fn done(mut value: Costly) -> Costly {
    value.rows.iter_mut().for_each(|row| row.done = true);
    value
}

pub fn items(n: usize, number: u32) -> Costly {
    let mut value = rows_of(rows(n, "r").into_iter());
    for row in &mut value.rows {
        let ids = if number == 0 { vec![1, 2, 3] } else { vec![3, 10 + number, 1, 2] };
        row.items = ids.into_iter().map(|id| Item { id, votes: 0 }).collect();
    }
    value.rows.rotate_left(number as usize);
    value
}

/// The anchor and the keys of a placement.
pub type Placement = (Option<String>, Vec<String>);

pub fn element(id: &str, note: Option<&str>) -> Value {
    let note = note.map(|note| (Value::from("note"), Value::from(note)));
    Value::Map([(Value::from("id"), Value::from(id))].into_iter().chain(note).collect())
}

/// The patch of a keyed list in which elements come, or change their note, and are placed.
pub fn placed(key: &str, order: &[Placement], elements: &[(String, Option<Value>)]) -> Value {
    let placement = |(anchor, keys): &Placement| {
        let anchor = anchor.as_deref().map_or(Value::Null, Value::from);
        let keys = keys.iter().map(|key| Value::from(key.as_str()));
        Value::Array([anchor].into_iter().chain(keys).collect())
    };
    let put = |(id, whole): &(String, Option<Value>)| {
        let whole = whole.clone().unwrap_or_else(|| element(id, None));
        (Value::from(id.as_str()), Value::Array(vec![Value::from(0), whole]))
    };
    let changes = Value::Map(elements.iter().map(put).collect());
    let order = Value::Array(order.iter().map(placement).collect());
    Value::Array(vec![Value::from(5), Value::from(key), changes, order])
}

pub fn behind<'a>(anchors: &'a [Row], rows: &'a [Row]) -> Vec<(Option<&'a Row>, &'a [Row])> {
    anchors.iter().map(Some).zip(rows.chunks(1)).collect()
}

pub fn keyed(
    value: Vec<Row>,
    first: &[(Option<&Row>, impl AsRef<[Row]>)],
    later: &[(Option<&Row>, impl AsRef<[Row]>)],
    other: &[(Option<&Row>, impl AsRef<[Row]>)],
) -> Case {
    let first = placements(first);
    let later = placements(later);
    let other = placements(other);
    let value = write(&rows_of(value.into_iter()));
    Case { kind: Some(&Costly::KIND), value, first, later, other }
}

pub fn placements(placements: &[(Option<&Row>, impl AsRef<[Row]>)]) -> Value {
    let ids = |rows: &[Row]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let order: Vec<Placement> = placements
        .iter()
        .map(|(anchor, rows)| (anchor.map(|row| row.id.clone()), ids(rows.as_ref())))
        .collect();
    let rows: Vec<&Row> = placements.iter().flat_map(|(_, rows)| rows.as_ref()).collect();
    patch_of(&rows, &order)
}

pub fn patch_of(rows: &[&Row], order: &[Placement]) -> Value {
    if rows.is_empty() {
        return field("rows", Value::Null);
    }
    let elements: Vec<_> = rows.iter().map(|row| (row.id.clone(), Some(write(*row)))).collect();
    let mut patch = field("rows", placed("id", order, &elements));
    Costly::KIND.conform_patch(&mut patch).expect("it has its shape");
    patch
}

pub type Placed<'a> = (&'a [Row], Vec<Placement>);

pub fn keyed_by(value: Vec<Row>, first: Placed, later: Placed, other: Placed) -> Case {
    let patch = |(rows, order): Placed| patch_of(&rows.iter().collect::<Vec<_>>(), &order);
    let value = write(&rows_of(value.into_iter()));
    let (first, later, other) = (patch(first), patch(later), patch(other));
    let mut changed = value.clone();
    apply(&mut changed, &first).expect("it fits");
    Case { kind: Some(&Costly::KIND), value, first, later, other }
}
