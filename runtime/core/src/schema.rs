//! The shape of an entity as constant data: what the macro's derives evaluate to, and what checks a value tree,
//! converts it to JavaScript and renders its TypeScript.

use std::fmt;

use ciborium::Value;

use crate::field::{PATCH_REMOVE, PATCH_SET, patch_op};
use crate::value::{get, kind_name};

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
    /// `Option`: `null` or the inner kind.
    Option(&'static Kind),
    /// `Vec`.
    List(&'static Kind),
    /// `BTreeMap`: kind of the keys, kind of the values.
    Map(&'static Kind, &'static Kind),
    /// A struct, which an entity is, too.
    Struct(&'static StructKind),
    /// An enum whose variants hold nothing.
    Enum(&'static EnumKind),
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
    /// Doc comment, lines joined by `\n`.
    pub docs: &'static str,
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
    /// Checks that `value` has this kind, and brings its numbers into the form that the kind has in Rust: other
    /// CBOR writers send whole floats as integers and large integers as floats.
    ///
    /// # Errors
    /// The first place that does not fit: another kind, out of range, an unknown or a missing field.
    pub fn conform(&self, value: &mut Value) -> Result<(), ShapeError> {
        match self {
            Kind::Bool if value.is_bool() => Ok(()),
            Kind::Text if value.is_text() => Ok(()),
            Kind::Int(range) => conform_int(*range, value),
            Kind::Float => conform_float(value),
            Kind::Option(_) if value.is_null() => Ok(()),
            Kind::Option(inner) => inner.conform(value),
            Kind::List(item) => match value {
                Value::Array(items) => conform_each(item, items.iter_mut().enumerate()),
                _ => Err(self.mismatch(value)),
            },
            Kind::Map(key, item) => match value {
                Value::Map(entries) => conform_map(key, item, entries),
                _ => Err(self.mismatch(value)),
            },
            Kind::Struct(shape) => match value {
                Value::Map(entries) => conform_struct((shape.fields)(), entries),
                _ => Err(self.mismatch(value)),
            },
            Kind::Enum(shape) => match value.as_text() {
                Some(name) if shape.variants.contains(&name) => Ok(()),
                Some(name) => Err(ShapeError::new(format!(
                    "{name:?} is no {}: expected one of {}",
                    shape.name,
                    shape.variants.join(", ")
                ))),
                None => Err(self.mismatch(value)),
            },
            Kind::Bool | Kind::Text => Err(self.mismatch(value)),
        }
    }

    /// As [`Kind::conform`], for a patch of a value of this kind (the wire form is described in
    /// [`field`](crate::field)).
    pub fn conform_patch(&self, patch: &mut Value) -> Result<(), ShapeError> {
        if let Some((op, rest)) = patch_op(patch) {
            return match (op, rest) {
                (PATCH_SET, [_]) => match patch {
                    Value::Array(parts) => {
                        parts.get_mut(1).map_or(Ok(()), |value| self.conform(value))
                    }
                    _ => Ok(()),
                },
                (PATCH_REMOVE, []) => Err(ShapeError::new("only an entry of a map can be removed")),
                _ => Err(ShapeError::new(format!("no change has the form [{op}, ...]"))),
            };
        }
        match (self, &mut *patch) {
            (Kind::Option(inner), Value::Map(_)) => inner.conform_patch(patch),
            (Kind::Struct(shape), Value::Map(entries)) => {
                let fields = (shape.fields)();
                for (key, change) in entries {
                    let name = key.as_text().unwrap_or_default();
                    let field = fields.iter().find(|field| field.name == name);
                    let field = field.ok_or_else(|| unknown_field(fields, key))?;
                    field.kind.conform_patch(change).map_err(|e| e.inside(name))?;
                }
                Ok(())
            }
            (Kind::Map(key_kind, item), Value::Map(entries)) => {
                for (key, change) in entries {
                    key_kind.conform(key).map_err(|e| e.inside(key_text(key)))?;
                    if !matches!(patch_op(change), Some((PATCH_REMOVE, []))) {
                        item.conform_patch(change).map_err(|e| e.inside(key_text(key)))?;
                    }
                }
                Ok(())
            }
            (_, Value::Map(_)) => Err(self.mismatch(patch)),
            (_, Value::Array(_)) => {
                Err(ShapeError::new("a change in brackets begins with its number"))
            }
            (_, _) => self.conform(patch),
        }
    }

    fn mismatch(&self, value: &Value) -> ShapeError {
        ShapeError::new(format!("expected {}, found {}", self.describe(), kind_name(value)))
    }

    fn describe(&self) -> String {
        match self {
            Kind::Bool => "a boolean".into(),
            Kind::Int(range) => format!("an integer ({})", range.name),
            Kind::Float => "a number".into(),
            Kind::Text => "a string".into(),
            Kind::Option(inner) => format!("null or {}", inner.describe()),
            Kind::List(_) => "a list".into(),
            Kind::Map(..) => "a map".into(),
            Kind::Struct(shape) => format!("a map ({})", shape.name),
            Kind::Enum(shape) => format!("a string ({})", shape.name),
        }
    }
}

fn conform_int(range: IntKind, value: &mut Value) -> Result<(), ShapeError> {
    let number = match value {
        Value::Integer(n) => i128::from(*n),
        // A float past 2^53 is no longer an exact integer, so it cannot stand for one.
        Value::Float(f) if f.fract() == 0.0 && f.abs() <= 9_007_199_254_740_992.0 => *f as i128,
        _ => return Err(Kind::Int(range).mismatch(value)),
    };
    if number < range.min || number > range.max {
        return Err(ShapeError::new(format!("{number} is out of the range of {}", range.name)));
    }
    if value.is_float() {
        *value = Value::from(number as i64);
    }
    Ok(())
}

fn conform_float(value: &mut Value) -> Result<(), ShapeError> {
    match value {
        Value::Float(_) => Ok(()),
        Value::Integer(n) => {
            *value = Value::Float(i128::from(*n) as f64);
            Ok(())
        }
        _ => Err(Kind::Float.mismatch(value)),
    }
}

fn conform_each<'a>(
    kind: &Kind,
    items: impl Iterator<Item = (usize, &'a mut Value)>,
) -> Result<(), ShapeError> {
    for (at, item) in items {
        kind.conform(item).map_err(|e| e.inside(at.to_string()))?;
    }
    Ok(())
}

/// Entries are also put in the order of their keys, which is what a `BTreeMap` writes.
fn conform_map(
    key_kind: &Kind,
    item: &Kind,
    entries: &mut [(Value, Value)],
) -> Result<(), ShapeError> {
    for (key, value) in entries.iter_mut() {
        key_kind.conform(key).map_err(|e| e.inside(key_text(key)))?;
        item.conform(value).map_err(|e| e.inside(key_text(key)))?;
    }
    Ok(())
}

fn conform_struct(
    fields: &'static [FieldSchema],
    entries: &mut Vec<(Value, Value)>,
) -> Result<(), ShapeError> {
    for (key, value) in entries.iter_mut() {
        let name = key.as_text().unwrap_or_default();
        let field = fields.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| unknown_field(fields, key))?;
        field.kind.conform(value).map_err(|e| e.inside(name))?;
    }
    let present = Value::Map(std::mem::take(entries));
    let missing = fields.iter().find(|field| !field.default && get(&present, field.name).is_none());
    if let Value::Map(present) = present {
        *entries = present;
    }
    match missing {
        Some(field) => Err(ShapeError::new(format!("the field {:?} is missing", field.name))),
        None => Ok(()),
    }
}

fn unknown_field(fields: &[FieldSchema], key: &Value) -> ShapeError {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    ShapeError::new(format!(
        "unknown field {}: expected one of {}",
        key_text(key),
        names.join(", ")
    ))
}

/// A key in words, for paths.
pub fn key_text(key: &Value) -> String {
    match key {
        Value::Text(text) => text.clone(),
        Value::Integer(n) => i128::from(*n).to_string(),
        other => kind_name(other).to_owned(),
    }
}
