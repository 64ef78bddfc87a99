//! Value trees as JavaScript values and back: the only place that knows both.
//!
//! Everything is directed by the [`Kind`], since neither side says enough: 64-bit integers are `bigint`s, a map
//! with text keys is a plain object and one with other keys a `Map`, an `Option` is a value or `null`.
//!
//! | kind | JavaScript | also accepted |
//! |---|---|---|
//! | `Bool` | `boolean` | |
//! | `Int` up to 32 bits, such a counter | `number` | a `bigint` in range |
//! | `Int` of 64 bits, such a counter | `bigint` | a whole `number` up to 2^53 |
//! | `Float` | `number` | |
//! | `Text`, `Id`, `Enum`, merged text | `string` | |
//! | `Bytes` | a `Uint8Array` of its own | an `ArrayBuffer`, and whatever views one |
//! | `Timestamp` | a `Date` | |
//! | `Json` | what `JSON.parse` gives | |
//! | `Option` | `null` or the inner kind | |
//! | `List`, keyed or not | an array | |
//! | `Set` | a `Set` | |
//! | `Map` with text keys | a plain object | a class instance, a proxy |
//! | `Map` with other keys | a `Map` | |
//! | `Struct`, enum with data | a plain object | a class instance, a proxy |
//! | `Atomic` | as what is in it | |
//!
//! A property that is `undefined` is absent. In `Json` every number is a `number`, so an integer past 2^53 is rounded
//! for the eye; one that nobody changes stays exact. Published objects are never changed afterwards: a change makes
//! new objects along its path and keeps all others, so that `===` tells a user interface what to draw again.

mod apply;
mod diff;
mod json;
mod list;
mod named;
mod object;
mod patch;
mod read;
mod scalar;
mod union;
mod words;
mod write;

use temporal_entity_core::codec;
use temporal_entity_core::schema::{Kind, ShapeError};
use wasm_bindgen::JsValue;

pub use apply::{Trust, apply_js};
pub use diff::diff_js;
pub use object::set_named;
pub use patch::patch_from_js;
pub use read::from_js;
pub use write::{plain, share, to_js};

use crate::js::exception_text;
use words::wrong;

/// The deepest nesting that is read: a message around the value has some levels of its own. It also ends the
/// reading of an object that contains itself.
const MAX_DEPTH: usize = codec::MAX_DEPTH.saturating_sub(8);

fn thrown(exception: JsValue) -> ShapeError {
    wrong(["reading it threw ", &exception_text(&exception)].concat())
}

/// The depth that is left inside of a value of `kind`, which may take several levels on the wire, or in a patch.
fn deeper(kind: &Kind, depth: usize) -> Result<usize, ShapeError> {
    let levels = match kind {
        Kind::Set(_) | Kind::Keyed(..) | Kind::Union(_) => 2,
        Kind::Map(key, _) if !key.is_text() => 2,
        _ => 1,
    };
    let left = depth.checked_sub(levels);
    left.ok_or_else(|| wrong("nested too deep, or an object that contains itself"))
}
