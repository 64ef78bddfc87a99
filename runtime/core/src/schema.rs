//! The shape of an entity as constant data: what the macro's derives evaluate to, and what checks a value tree,
//! converts it to JavaScript and renders its TypeScript.

mod conform;
mod conform_patch;
mod dress;
mod encode;
mod entries;
mod outline;

use std::fmt;

use ciborium::Value;

use crate::value::kind_name;

pub use dress::date;
pub use encode::{append_typed, encode_typed};
pub use outline::{Published, fingerprint, outdated};

/// What a field can hold.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// An integer of the given range.
    Int(IntKind),
    /// `f32` or `f64`. On the wire a whole float may come as an integer.
    Float,
    /// `String`.
    Text,
    /// `Bytes`.
    Bytes,
    /// `Timestamp`.
    Timestamp,
    /// `EntityId`.
    Id,
    /// `serde_json::Value`.
    Json,
    /// `Option`: `null` or the inner kind.
    Option(&'static Kind),
    /// `Vec`.
    List(&'static Kind),
    /// `BTreeSet`.
    Set(&'static Kind),
    /// `BTreeMap`: kind of the keys, kind of the values.
    Map(&'static Kind, &'static Kind),
    /// A struct, which an entity is, too.
    Struct(&'static StructKind),
    /// An enum whose variants hold nothing.
    Enum(&'static EnumKind),
    /// An enum with data, which is one leaf.
    Union(&'static UnionKind),
    /// An integer whose changes add up.
    Counter(IntKind),
    /// A `String` whose changes are splices.
    MergedText,
    /// A `Vec` of structs that have a key: kind of the elements, and the field that is the key, as it is on the wire.
    Keyed(&'static Kind, &'static str),
    /// What is only replaced whole.
    Atomic(&'static Kind),
}

/// Range of an integer, and how JavaScript sees it.
#[derive(Clone, Copy)]
pub struct IntKind {
    /// Name in Rust.
    pub name: &'static str,
    /// Smallest value.
    pub min: i128,
    /// Largest value.
    pub max: i128,
    /// Whether it is a `bigint` in JavaScript (the 64-bit ones) and not a `number`.
    pub bigint: bool,
}

/// A struct: its name, and its fields behind a function, so that a type may contain itself.
pub struct StructKind {
    /// Name in TypeScript: the name in Rust, unless an attribute gives another.
    pub name: &'static str,
    /// Name of its diff in TypeScript.
    pub diff: &'static str,
    /// Its fields in declaration order.
    pub fields: fn() -> &'static [FieldSchema],
}

/// A field of a struct.
pub struct FieldSchema {
    /// Name on the wire, after serde's renames.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be left out of a new value (it has a serde default).
    pub default: bool,
}

/// An enum whose variants hold nothing.
pub struct EnumKind {
    /// Name in TypeScript: the name in Rust, unless an attribute gives another.
    pub name: &'static str,
    /// Names of the variants on the wire.
    pub variants: &'static [&'static str],
}

/// An enum with data: a map with the name of its variant under the key `tag`.
pub struct UnionKind {
    /// Name in TypeScript: the name in Rust, unless an attribute gives another.
    pub name: &'static str,
    /// The key that holds the name of the variant.
    pub tag: &'static str,
    /// The key that holds what the variant holds; `None` where that lies beside the tag.
    pub content: Option<&'static str>,
    /// Its variants, behind a function, so that a type may contain itself.
    pub variants: fn() -> &'static [VariantSchema],
}

/// A variant of an enum with data.
pub struct VariantSchema {
    /// Name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub content: VariantContent,
}

/// What a variant holds.
pub enum VariantContent {
    /// Nothing.
    Unit,
    /// Fields.
    Struct(&'static [FieldSchema]),
    /// One value; a struct, where there is no key for the content.
    Newtype(Kind),
}

/// The fields of a struct as a constant, which the renderer of the typings walks.
pub trait StructFields {
    /// Name in TypeScript.
    const NAME: &'static str;
    /// Name of its diff in TypeScript.
    const DIFF: &'static str;
    /// Doc comment of the struct, lines joined by `\n`.
    const DOCS: &'static str;
    /// Its fields in declaration order.
    const FIELDS: &'static [FieldSchema];
    /// Doc comments of the fields. Apart from these, because only the renderer reads them: so they need not be in the
    /// wasm once more.
    const FIELD_DOCS: &'static [&'static str];
}

/// A value or patch that does not have the shape of its type: where, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Keys from the entity down to the place, outermost first; empty for the entity itself.
    pub path: Vec<String>,
    /// What is wrong there.
    pub problem: String,
}

impl ShapeError {
    fn new(problem: impl Into<String>) -> ShapeError {
        ShapeError { path: Vec::new(), problem: problem.into() }
    }

    /// The same error one level further out.
    pub fn inside(mut self, key: impl Into<String>) -> ShapeError {
        self.path.insert(0, key.into());
        self
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.problem)
        } else {
            write!(f, "{}: {}", self.path.join("."), self.problem)
        }
    }
}

impl std::error::Error for ShapeError {}

impl Kind {
    /// Whether its values are texts on the wire: keys of such a kind make a plain object in JavaScript.
    pub const fn is_text(&self) -> bool {
        matches!(self, Kind::Text | Kind::Id | Kind::Enum(_))
    }

    fn mismatch(&self, value: &Value) -> ShapeError {
        ShapeError::new(format!("expected {}, found {}", self.describe(), kind_name(value)))
    }

    fn describe(&self) -> String {
        match self {
            Kind::Bool => "a boolean".into(),
            Kind::Int(range) | Kind::Counter(range) => format!("an integer ({})", range.name),
            Kind::Float => "a number".into(),
            Kind::Text | Kind::MergedText => "a string".into(),
            Kind::Bytes => "bytes".into(),
            Kind::Timestamp => "an instant (tag 1)".into(),
            Kind::Id => "the id of an entity".into(),
            Kind::Json => "a value that JSON has".into(),
            Kind::Option(inner) => format!("null or {}", inner.describe()),
            Kind::List(_) | Kind::Keyed(..) => "a list".into(),
            Kind::Set(_) => "a set (tag 258)".into(),
            Kind::Map(..) => "a map".into(),
            Kind::Struct(shape) => format!("a map ({})", shape.name),
            Kind::Enum(shape) => format!("a string ({})", shape.name),
            Kind::Union(shape) => format!("a map ({})", shape.name),
            Kind::Atomic(inner) => inner.describe(),
        }
    }
}

/// A key in words, for paths.
pub fn key_text(key: &Value) -> String {
    match key {
        Value::Text(text) => text.clone(),
        // Two that are printed anyway: printing what holds both would be a third.
        Value::Integer(n) => match i64::try_from(*n) {
            Ok(n) => n.to_string(),
            Err(_) => u64::try_from(*n).unwrap_or_default().to_string(),
        },
        Value::Bool(b) => b.to_string(),
        other => kind_name(other).to_owned(),
    }
}
