//! TypeScript from the schema, rendered by the compiler: the macro puts the text into the wasm, from where
//! wasm-bindgen takes it into the package's `.d.ts`. So the typings know types, not spellings, and are never stale.
//!
//! | in Rust | in the value | in the diff |
//! |---|---|---|
//! | `bool` | `boolean` | the same |
//! | `i64`, `u64` | `bigint` | the same |
//! | other integers, floats | `number` | the same |
//! | `String`, `EntityId<T>` | `string` | the same |
//! | `Bytes` | `Uint8Array` | the same |
//! | `Timestamp` | `Date` | the same |
//! | `serde_json::Value` | `JsonValue` | the same: what differs is sent |
//! | enum | union of its names | the same |
//! | enum with data | union of objects | the same |
//! | `Option<T>` | `T \| null`, the key always there | `T`'s, or `null` |
//! | `Vec<T>` | `readonly T[]` | the same: what differs is sent |
//! | `Vec<T>` with a key | `readonly T[]` | the same, or `KeyedChange` |
//! | `BTreeSet<T>` | `ReadonlySet<T>` | the same, or `SetChange` |
//! | counter | as its integer | the same, or `Add` |
//! | merged text | `string` | the same, or `Splice` |
//! | struct `S` | `S` | `SDiff \| Replace<S>` |
//! | `BTreeMap<String, V>` | `Readonly<Record<string, V>>` | by key `V`'s or `Remove`; or `Replace` for the whole |
//! | `BTreeMap<K, V>` | `ReadonlyMap<K, V>` | the same way |
//!
//! Values are snapshots that nobody writes into, so all of their fields are `readonly`. In a diff each key is optional: one that is left out changes nothing.
//!
//! Everything is written twice, first to count and then to keep, because the length of a constant is part of its
//! type.

// The compiler runs this, not a worker: a mistake here would stop the build of the app.
#![allow(clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

mod pen;

use crate::schema::{EnumKind, StructFields, UnionKind, VariantSchema};

use pen::{Pen, Side};

/// The types that all generated ones refer to: the store, what it knows, and the changes in a diff.
pub const TYPES: &str = include_str!("typescript/types.d.ts");

/// Rendered text of `N` bytes.
pub struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    /// The text.
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(&self.0) {
            Ok(text) => text,
            // What is written is whole strings and ASCII.
            Err(_) => "",
        }
    }
}

/// Length of [`struct_text`].
pub const fn struct_length<T: StructFields>() -> usize {
    write_struct::<T, 0>(Pen::new()).written
}

/// The interfaces of a struct and of its diff. `N` is what [`struct_length`] says.
pub const fn struct_text<T: StructFields, const N: usize>() -> Text<N> {
    Text(write_struct::<T, N>(Pen::new()).kept)
}

/// Length of [`enum_text`].
pub const fn enum_length(kind: &EnumKind, docs: &str, of_variants: &[&str]) -> usize {
    write_enum(Pen::<0>::new(), kind, docs, of_variants).written
}

/// The type of an enum, with its documentation and that of each variant. `N` is what [`enum_length`] says.
pub const fn enum_text<const N: usize>(
    kind: &EnumKind,
    docs: &str,
    of_variants: &[&str],
) -> Text<N> {
    Text(write_enum(Pen::<N>::new(), kind, docs, of_variants).kept)
}

const fn write_struct<T: StructFields, const N: usize>(mut pen: Pen<N>) -> Pen<N> {
    pen.docs("", T::DOCS);
    pen.interface::<T>(T::NAME, Side::Value);
    pen.text("\n/** Changes between two values of {@link ");
    pen.text(T::NAME);
    pen.text("}. What is left out stays as it is. */\n");
    pen.interface::<T>(T::DIFF, Side::Diff);
    pen
}

/// Length of [`union_text`].
pub const fn union_length(
    kind: &UnionKind,
    docs: &str,
    of_variants: &[&str],
    variants: &[VariantSchema],
) -> usize {
    write_union(Pen::<0>::new(), kind, docs, of_variants, variants).written
}

/// The type of an enum with data, with its documentation and that of each variant. `variants` is what the kind's
/// function gives, and `N` what [`union_length`] says.
pub const fn union_text<const N: usize>(
    kind: &UnionKind,
    docs: &str,
    of_variants: &[&str],
    variants: &[VariantSchema],
) -> Text<N> {
    Text(write_union(Pen::<N>::new(), kind, docs, of_variants, variants).kept)
}

const fn write_union<const N: usize>(
    mut pen: Pen<N>,
    kind: &UnionKind,
    docs: &str,
    of_variants: &[&str],
    variants: &[VariantSchema],
) -> Pen<N> {
    pen.docs("", docs);
    pen.text("export type ");
    pen.text(kind.name);
    pen.text(" =");
    let mut at = 0;
    while at < variants.len() {
        pen.text("\n");
        if at < of_variants.len() {
            pen.docs("  ", of_variants[at]);
        }
        pen.text("  | ");
        pen.variant(kind, &variants[at]);
        at += 1;
    }
    pen.text(";\n");
    pen
}

const fn write_enum<const N: usize>(
    mut pen: Pen<N>,
    kind: &EnumKind,
    docs: &str,
    of_variants: &[&str],
) -> Pen<N> {
    pen.docs("", docs);
    pen.text("export type ");
    pen.text(kind.name);
    pen.text(" =");
    let mut at = 0;
    while at < kind.variants.len() {
        pen.text("\n");
        if at < of_variants.len() {
            pen.docs("  ", of_variants[at]);
        }
        pen.text("  | ");
        pen.string(kind.variants[at]);
        at += 1;
    }
    pen.text(";\n");
    pen
}
