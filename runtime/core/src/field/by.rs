//! Which field tells the elements of a list apart, by its name in Rust.
//!
//! The owner of the list knows the name, and the macro that reads `key = ".."` knows no more. The elements know their
//! fields. A type can speak of a name only as a number, so both sides turn it into one: the elements implement
//! [`NamedField`] for each field that may be a key, and the owner looks one up in [`KeyedField`].
//!
//! The looking up is in the value of a constant, and nowhere in a type: where there is no such field, the compiler has
//! one thing to say, and no type falls apart.

use std::marker::PhantomData;

use super::{ElementKey, EntityField};
use crate::schema::Kind;
use crate::value::Key;

/// A name as a number (FNV-1a).
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // below the length; evaluated by the compiler only
pub const fn named(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The field of a struct whose name in Rust is the one that `FIELD` was made of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no field of this name that can be a key",
    label = "not the key of `{Self}`",
    note = "the name is that of the field in Rust; the field travels, and is String, bool, EntityId, an integer, or a\n\
            newtype of these or an enum without data that derives Ord"
)]
pub trait NamedField<const FIELD: u64> {
    /// Its name on the wire.
    const NAME: &'static str;
    /// Its shape.
    const KIND: Kind;
    /// What it holds.
    fn key(&self) -> Key;
}

/// A list of `E` with a key, which is in the field that `FIELD` was made of.
pub trait KeyedField<E, const FIELD: u64>: 'static {
    /// Where the key of an element is.
    const KEY: KeyField<E>;
}

/// Where the key of an element is.
pub struct KeyField<E> {
    name: &'static str,
    kind: Kind,
    read: fn(&E) -> Key,
}

/// The field of an element whose name in Rust is the one that `FIELD` was made of.
pub const fn key_field<E: NamedField<FIELD>, const FIELD: u64>() -> KeyField<E> {
    KeyField { name: E::NAME, kind: E::KIND, read: E::key }
}

/// What tells the elements `E` of the list in a field of `T` apart.
pub struct By<T, E, const FIELD: u64>(PhantomData<(T, E)>);

impl<T: KeyedField<E, FIELD>, E: EntityField, const FIELD: u64> ElementKey for By<T, E, FIELD> {
    type Element = E;
    const NAME: &'static str = T::KEY.name;
    const KIND: Kind = T::KEY.kind;

    fn key(element: &E) -> Key {
        (T::KEY.read)(element)
    }
}
