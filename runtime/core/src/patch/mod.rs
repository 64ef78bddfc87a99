//! Patches on a value tree without the Rust type. The wire form, and the typed counterpart, are in
//! [`field`](crate::field).
//!
//! | function | gives |
//! |---|---|
//! | [`apply`], [`invert`] | the changed value, and the patch that undoes it |
//! | [`apply_encoded`] | the bytes of the changed value, from the bytes of the value |
//! | [`diff`] | the patch from one value to another, by the policies of a [`Kind`](crate::schema::Kind) |
//! | [`compose`], [`settle`] | one patch for two; the same without what comes to nothing |
//! | [`Series`], [`compose_all`] | one patch for many |
//! | [`overlap`] | where two patches of one value cannot both be made |
//! | [`rebase`] | a patch as it is made after another one |

mod apply;
mod compose;
mod diff;
mod encoded;
mod form;
mod keyed;
mod overlap;
mod rebase;
mod series;
mod settle;
mod splices;
mod untyped;

use ciborium::Value;

pub use apply::{apply, fits, invert};
pub use compose::compose;
pub use diff::diff;
pub use encoded::apply_encoded;
pub use form::{
    Form, PATCH_ADD, PATCH_ELEMENTS, PATCH_KEYED, PATCH_REMOVE, PATCH_SET, PATCH_SPLICE, add,
    elements, form, keyed_to_value, removal, removes, replacement, set_to, splices_to_value,
};
pub use keyed::{Trees, keyed};
pub use overlap::{Overlaps, overlap, overlap_in, overlap_tight};
pub use rebase::{Orders, rebase, touches};
pub use series::{Series, compose_all};
pub use settle::{may_rest, settle, without, without_same};
pub use splices::write_text as text_patch;
pub use untyped::diff_like;

/// The patch that changes nothing.
pub fn empty() -> Value {
    Value::Map(Vec::new())
}

/// Whether a patch of a whole entity changes nothing.
pub fn is_empty(patch: &Value) -> bool {
    crate::value::as_map(patch).is_some_and(<[_]>::is_empty)
}
