//! The attacks of `bench hostile` and of the worker suite: values to begin with, and the requests that were found to cost
//! too much.

use temporal_entity_core::message::{EntityRef, Method, Request, Token};
use temporal_entity_core::patch::{PATCH_ADD, PATCH_KEYED, PATCH_SPLICE};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{MapBuilder, Value};

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A direct line subscribes 1,500 times and reads nothing.
    LineFlood,
    /// 20,000 changes inside elements of a keyed list and one move, made on a version that is stale.
    KeyedRebase,
    /// `get` with `asOf` in a snapshot of two edits of a text: a long insertion, and 40,000 splices in it.
    TextAsOf,
    /// `history` of that snapshot.
    TextHistory,
    /// 59 kB of splices of a plain list.
    PlainList,
    /// 40,000 placements in a keyed list, made on a version after which somebody else made the same.
    Placements,
    /// `history` of a snapshot of 40,000 small edits.
    LongHour,
    /// Changes that an entity is not asked to keep, and nobody writes any more.
    Retain,
    /// The first write to an entity with 80,000 random ids in the memory of requests.
    Replay,
}

impl Row {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Row::LineFlood => "line floods subscribe",
            Row::KeyedRebase => "keyed list, stale",
            Row::TextAsOf => "text, get asOf",
            Row::TextHistory => "text, history limit 1",
            Row::PlainList => "plain list, splices",
            Row::Placements => "keyed list, placements",
            Row::LongHour => "40,000 edits, history",
            Row::Retain => "retain, at rest",
            Row::Replay => "replay, first write",
        }
    }
}

/// Frames of the flood.
pub const FLOOD: usize = 1_500;

/// Bytes of the value that the flood asks for.
pub const FLOOD_VALUE: usize = 7_000_000;

/// Edits of the long snapshot.
const EDITS: usize = 40_000;

/// Random ids.
pub const RANDOM_IDS: usize = 80_000;

/// Characters that are inserted into the text, and splices in them.
const TEXT: usize = 400_000;
const TEXT_SPLICES: usize = 40_000;

/// Elements of the keyed list of which all but one are changed inside.
const CHANGED: usize = 20_000;

/// Placements, in a list of twice as many elements.
const PLACED: usize = 40_000;

/// Items of the plain list, and splices in it.
const ITEMS: usize = 45_000;
const SPLICES: usize = 6_500;

/// The page under attack.
pub fn page(name: &str) -> EntityRef {
    EntityRef::new("Page", name).expect("it is a name and an id")
}

fn map(key: &str, value: impl Into<Value>) -> Value {
    MapBuilder::new().put(key, value).finish()
}

fn whole(number: usize) -> Value {
    Value::from(number as u64)
}

fn key(number: usize) -> Value {
    Value::from(format!("s{number:05}"))
}

fn steps(count: usize) -> Value {
    let step = |number| MapBuilder::new().put("id", key(number)).put("done", false).finish();
    map("steps", Value::Array((0..count).map(step).collect()))
}

fn keyed(changes: Vec<(Value, Value)>, places: Vec<Value>) -> Value {
    let parts =
        vec![Value::from(PATCH_KEYED), "id".into(), Value::Map(changes), Value::Array(places)];
    map("steps", Value::Array(parts))
}

/// The value that an attack begins with.
pub fn value(row: Row) -> Value {
    match row {
        Row::LineFlood => map("story", "x".repeat(FLOOD_VALUE)),
        Row::KeyedRebase => steps(CHANGED),
        Row::TextAsOf | Row::TextHistory => map("story", ""),
        Row::PlainList => map("list", Value::Array(vec![Value::from("x"); ITEMS])),
        Row::Placements => steps(2 * PLACED),
        Row::LongHour | Row::Retain | Row::Replay => map("title", "a title"),
    }
}

/// Edit `number` of a snapshot, from one on.
pub fn edit(row: Row, number: usize) -> Value {
    match row {
        Row::TextAsOf | Row::TextHistory => {
            let mut parts = vec![Value::from(PATCH_SPLICE)];
            if number == 1 {
                parts.extend([0.into(), 0.into(), Value::from("x".repeat(TEXT))]);
            } else {
                let places = (0..TEXT_SPLICES).map(|splice| whole(splice * TEXT / TEXT_SPLICES));
                parts.extend(places.flat_map(|at| [at, 0.into(), "y".into()]));
            }
            map("story", Value::Array(parts))
        }
        Row::Retain => map("title", format!("title {number}")),
        _ => map("total", Value::Array(vec![PATCH_ADD.into(), 1.into()])),
    }
}

/// The diff that costs too much, of the rows that have one.
pub fn diff(row: Row) -> Value {
    match row {
        Row::KeyedRebase => {
            let changes = (0..CHANGED - 1).map(|number| (key(number), map("done", true)));
            keyed(changes.collect(), vec![Value::Array(vec![Value::Null, key(CHANGED - 1)])])
        }
        Row::PlainList => {
            let mut parts = vec![Value::from(PATCH_SPLICE)];
            for number in 0..SPLICES {
                let at = whole(number * (ITEMS / SPLICES));
                parts.extend([at, 0.into(), Value::Array(vec![Value::from("y")])]);
            }
            map("list", Value::Array(parts))
        }
        Row::Placements => {
            let place = |number| Value::Array(vec![key(number), key(PLACED + number)]);
            keyed(Vec::new(), (0..PLACED).map(place).collect())
        }
        _ => edit(row, 0),
    }
}

/// The change by somebody else after which the version that the attack names is stale, of the rows with a diff.
pub fn meanwhile(row: Row) -> Value {
    if row == Row::Placements { diff(row) } else { edit(row, 0) }
}

/// A `patchDiff` of a page, on the version that is held.
pub fn patch(id: u64, page: &EntityRef, held: Stamp, diff: Value) -> Request {
    let request = Request::new(id, Method::PatchDiff, page.clone());
    Request { if_unmodified_since: Token::At(held), diff: Some(diff), ..request }
}

/// The request that looks back, of the rows that do.
pub fn look_back(id: u64, row: Row, page: &EntityRef, now: Stamp) -> Request {
    let method = if row == Row::TextAsOf { Method::Get } else { Method::History };
    let mut request = Request::new(id, method, page.clone());
    match row {
        Row::TextAsOf => request.past.as_of = Token::At(now),
        _ => request.past.limit = Some(1),
    }
    request
}

/// How many edits the snapshot of a row has.
pub fn edits(row: Row) -> usize {
    if row == Row::LongHour { EDITS } else { 2 }
}

/// Ids that an attacker draws at random, below 2^52.
pub fn random_id(number: usize) -> u64 {
    let number = u64::try_from(number).expect("few ids").wrapping_add(1);
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 12
}
