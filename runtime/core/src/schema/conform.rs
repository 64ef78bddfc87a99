//! Whether a value has the shape of its type, and the one form in which the type writes it.

use ciborium::Value;

use super::{
    EnumKind, FieldSchema, IntKind, Kind, ShapeError, UnionKind, VariantContent, key_text,
};
use crate::field::Timestamp;
use crate::steps;
use crate::value::{
    Key, TAG_MAP, TAG_SET, TAG_TIME, as_map_mut, get, into_map, key_order, kind_name,
};

/// The longest id of an entity, in bytes.
const MAX_ID_BYTES: usize = 128;

/// The largest integer up to which a float stands for exactly one: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Kind {
    /// Checks that `value` has this kind, and brings it into the form that the kind has: other CBOR writers send whole
    /// floats as integers and large integers as floats, sets and the keys of maps in any order, maps without their tag.
    ///
    /// # Errors
    /// The first place that does not fit: another kind, out of range, an unknown or a missing field.
    pub fn conform(&self, value: &mut Value) -> Result<(), ShapeError> {
        steps::count(1);
        if matches!(self, Kind::Struct(_) | Kind::Union(_) | Kind::Json) {
            untag(value);
        }
        match self {
            Kind::Bool if value.is_bool() => Ok(()),
            Kind::Text | Kind::MergedText if value.is_text() => Ok(()),
            Kind::Bytes if value.is_bytes() => Ok(()),
            Kind::Int(range) | Kind::Counter(range) => conform_int(*range, value),
            Kind::Float => conform_float(value),
            Kind::Timestamp => conform_timestamp(value),
            Kind::Id => conform_id(value),
            Kind::Json => conform_json(value),
            Kind::Option(_) if value.is_null() => Ok(()),
            Kind::Option(inner) | Kind::Atomic(inner) => inner.conform(value),
            Kind::List(item) => match value {
                Value::Array(items) => conform_each(item, items),
                _ => Err(self.mismatch(value)),
            },
            Kind::Keyed(item, key) => match value {
                Value::Array(items) => {
                    conform_each(item, items)?;
                    each_once(items, key)
                }
                _ => Err(self.mismatch(value)),
            },
            Kind::Set(item) => self.conform_set(item, value),
            Kind::Map(key, item) => self.conform_map(key, item, value),
            Kind::Struct(shape) => match value {
                Value::Map(entries) => conform_struct((shape.fields)(), entries, None),
                _ => Err(self.mismatch(value)),
            },
            Kind::Enum(shape) => self.conform_variant(shape, value),
            Kind::Union(shape) => self.conform_union(shape, value),
            Kind::Bool | Kind::Text | Kind::MergedText | Kind::Bytes => Err(self.mismatch(value)),
        }
    }

    fn conform_variant(&self, shape: &EnumKind, value: &Value) -> Result<(), ShapeError> {
        match value.as_text() {
            Some(name) if shape.variants.contains(&name) => Ok(()),
            Some(name) => Err(unknown_variant(name, shape.name, shape.variants)),
            None => Err(self.mismatch(value)),
        }
    }

    fn conform_union(&self, shape: &UnionKind, value: &mut Value) -> Result<(), ShapeError> {
        let Value::Map(entries) = value else {
            return Err(self.mismatch(value));
        };
        let tag = entries.iter().find(|(key, _)| key.as_text() == Some(shape.tag));
        let name = match tag {
            Some((_, Value::Text(name))) => name.clone(),
            Some((_, other)) => {
                let problem = format!("expected the name of a variant, found {}", kind_name(other));
                return Err(ShapeError::new(problem).inside(shape.tag));
            }
            None => return Err(missing(shape.tag)),
        };
        let variants = (shape.variants)();
        let Some(variant) = variants.iter().find(|variant| variant.name == name) else {
            let names: Vec<_> = variants.iter().map(|variant| variant.name).collect();
            return Err(unknown_variant(&name, shape.name, &names).inside(shape.tag));
        };
        match (shape.content, &variant.content) {
            (_, VariantContent::Unit) => conform_struct(&[], entries, Some((shape.tag, None))),
            (None, VariantContent::Struct(fields)) => {
                conform_struct(fields, entries, Some((shape.tag, None)))
            }
            (None, VariantContent::Newtype(Kind::Struct(inner))) => {
                conform_struct((inner.fields)(), entries, Some((shape.tag, None)))
            }
            // The compiler of serde's derive refuses to write such a one.
            (None, VariantContent::Newtype(_)) => Err(self.mismatch(value)),
            (Some(content), held) => {
                conform_struct(&[], entries, Some((shape.tag, Some(content))))?;
                let inner = entries.iter_mut().find(|(key, _)| key.as_text() == Some(content));
                let (_, inner) = inner.ok_or_else(|| missing(content))?;
                let conformed = match held {
                    VariantContent::Newtype(kind) => kind.conform(inner),
                    VariantContent::Struct(fields) => match inner {
                        Value::Map(entries) => conform_struct(fields, entries, None),
                        other => Err(self.mismatch(other)),
                    },
                    VariantContent::Unit => Ok(()),
                };
                conformed.map_err(|error| error.inside(content))
            }
        }
    }

    fn conform_set(&self, item: &Kind, value: &mut Value) -> Result<(), ShapeError> {
        let taken = match std::mem::replace(value, Value::Null) {
            Value::Tag(TAG_SET, inner) => *inner,
            other => other,
        };
        let Value::Array(mut items) = taken else {
            return Err(self.mismatch(&taken));
        };
        conform_each(item, &mut items)?;
        sort_elements(&mut items);
        *value = Value::Tag(TAG_SET, Box::new(Value::Array(items)));
        Ok(())
    }

    fn conform_map(&self, key: &Kind, item: &Kind, value: &mut Value) -> Result<(), ShapeError> {
        let taken = std::mem::replace(value, Value::Null);
        let mut entries = into_map(taken).map_err(|other| self.mismatch(&other))?;
        for (name, value) in &mut entries {
            conform_key(key, name)?;
            item.conform(value).map_err(|e| e.inside(key_text(name)))?;
        }
        sort_entries(&mut entries);
        let map = Value::Map(entries);
        *value = if key.is_text() { map } else { Value::Tag(TAG_MAP, Box::new(map)) };
        Ok(())
    }
}

/// A `Map` of JavaScript may come for an object; nobody else gets to see that it did.
fn untag(value: &mut Value) {
    if let Value::Tag(TAG_MAP, _) = value
        && let Some(entries) = as_map_mut(value)
    {
        *value = Value::Map(std::mem::take(entries));
    }
}

/// Brings the key of a map into its form. JavaScript objects have only texts for keys.
pub(super) fn conform_key(kind: &Kind, key: &mut Value) -> Result<(), ShapeError> {
    let parsed = match (kind, &*key) {
        (Kind::Int(_), Value::Text(text)) => {
            text.parse::<i64>().ok().map(Value::from).or(text.parse::<u64>().ok().map(Value::from))
        }
        (Kind::Bool, Value::Text(text)) => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    if let Some(parsed) = parsed {
        *key = parsed;
    }
    kind.conform(key).map_err(|error| error.inside(key_text(key)))
}

/// Puts entries in order; of two with one key the later stays, as everywhere.
pub(super) fn sort_entries(entries: &mut Vec<(Value, Value)>) {
    if entries.is_sorted_by(|(a, _), (b, _)| key_order(a, b).is_lt()) {
        return;
    }
    entries.reverse();
    entries.sort_by(|(a, _), (b, _)| key_order(a, b));
    entries.dedup_by(|(a, _), (b, _)| key_order(a, b).is_eq());
}

/// Puts the elements of a set in order, each once.
pub(super) fn sort_elements(elements: &mut Vec<Value>) {
    elements.sort_by(key_order);
    elements.dedup_by(|a, b| key_order(a, b).is_eq());
}

fn conform_int(range: IntKind, value: &mut Value) -> Result<(), ShapeError> {
    let number = match value {
        Value::Integer(n) => i128::from(*n),
        // A float past 2^53 is no longer an exact integer, so it cannot stand for one.
        Value::Float(f) if f.fract() == 0.0 && f.abs() <= EXACT => *f as i128,
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

fn conform_timestamp(value: &mut Value) -> Result<(), ShapeError> {
    let Value::Tag(TAG_TIME, seconds) = &*value else {
        return Err(Kind::Timestamp.mismatch(value));
    };
    let millis = match &**seconds {
        Value::Integer(n) => i128::from(*n).saturating_mul(1_000),
        // A cast saturates, and makes NaN zero, which is no instant that somebody meant.
        Value::Float(f) if !f.is_nan() => (f * 1_000.0).round() as i128,
        _ => return Err(ShapeError::new("an instant is a number of seconds")),
    };
    let there_is = |time: &Timestamp| i128::from(time.as_millis()) == millis;
    let time = i64::try_from(millis).ok().map(Timestamp::from_millis).filter(there_is);
    let time = time.ok_or_else(|| ShapeError::new("instants are from the year 1 to 9999"))?;
    *value = super::dress::date(time.as_millis());
    Ok(())
}

fn conform_id(value: &Value) -> Result<(), ShapeError> {
    match value {
        Value::Text(id) if id.is_empty() || id.len() > MAX_ID_BYTES => {
            Err(ShapeError::new(format!("an id has 1 to {MAX_ID_BYTES} bytes")))
        }
        Value::Text(id) if id.chars().any(char::is_control) => {
            Err(ShapeError::new("an id has no control characters"))
        }
        Value::Text(_) => Ok(()),
        _ => Err(Kind::Id.mismatch(value)),
    }
}

/// What JSON has: also no NaN, and no keys but texts.
fn conform_json(value: &mut Value) -> Result<(), ShapeError> {
    match value {
        Value::Null | Value::Bool(_) | Value::Text(_) => Ok(()),
        Value::Integer(n) if i64::try_from(*n).is_ok() || u64::try_from(*n).is_ok() => Ok(()),
        Value::Float(f) if f.is_finite() => Ok(()),
        Value::Array(items) => conform_each(&Kind::Json, items),
        Value::Map(entries) => {
            for (key, value) in entries.iter_mut() {
                if !key.is_text() {
                    return Err(ShapeError::new("the keys of a JSON object are strings"));
                }
                Kind::Json.conform(value).map_err(|e| e.inside(key_text(key)))?;
            }
            sort_entries(entries);
            Ok(())
        }
        _ => Err(Kind::Json.mismatch(value)),
    }
}

pub(super) fn conform_each(kind: &Kind, items: &mut [Value]) -> Result<(), ShapeError> {
    for (at, item) in items.iter_mut().enumerate() {
        kind.conform(item).map_err(|e| e.inside(at.to_string()))?;
    }
    Ok(())
}

/// A key stands for one element.
fn each_once(items: &[Value], key: &str) -> Result<(), ShapeError> {
    let mut keys: Vec<Key> =
        items.iter().filter_map(|item| get(item, key)).cloned().map(Key).collect();
    keys.sort();
    match keys.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
        Some([twice, _]) => {
            let key_text = key_text(&twice.0);
            Err(ShapeError::new(format!("two elements have the {key} {key_text:?}")))
        }
        _ => Ok(()),
    }
}

/// Checks the fields of a struct. `beside` names keys that stand there as well: those of an enum's variant.
fn conform_struct(
    fields: &'static [FieldSchema],
    entries: &mut [(Value, Value)],
    beside: Option<(&str, Option<&str>)>,
) -> Result<(), ShapeError> {
    let is_beside =
        |name: &str| beside.is_some_and(|(tag, content)| name == tag || Some(name) == content);
    let twice = |(at, (key, _)): &(usize, &(Value, Value))| {
        steps::count(*at);
        entries.iter().take(*at).any(|(before, _)| before == key)
    };
    // Of more entries than there are fields and keys beside them, one is twice or unknown among the first.
    let most = fields.len().saturating_add(3);
    if let Some((_, (key, _))) = entries.iter().take(most).enumerate().find(twice) {
        return Err(ShapeError::new(format!("the field {} is given twice", key_text(key))));
    }
    let mut found: usize = 0;
    for (at, (key, value)) in entries.iter_mut().enumerate() {
        let name = key.as_text().unwrap_or_default();
        if is_beside(name) {
            continue;
        }
        let hinted = fields.get(at).filter(|field| field.name == name);
        let field = hinted.or_else(|| fields.iter().find(|field| field.name == name));
        let field = field.ok_or_else(|| unknown_field(fields, key))?;
        field.kind.conform(value).map_err(|e| e.inside(name))?;
        found = found.saturating_add(1);
    }
    if found >= fields.len() {
        return Ok(());
    }
    let named = |name: &str| entries.iter().any(|(key, _)| key.as_text() == Some(name));
    match fields.iter().find(|field| !field.default && !named(field.name)) {
        Some(field) => Err(missing(field.name)),
        None => Ok(()),
    }
}

fn missing(name: &str) -> ShapeError {
    ShapeError::new(format!("the field {name:?} is missing"))
}

fn unknown_variant(name: &str, of: &str, known: &[&str]) -> ShapeError {
    ShapeError::new(format!("{name:?} is no {of}: expected one of {}", known.join(", ")))
}

pub(super) fn unknown_field(fields: &[FieldSchema], key: &Value) -> ShapeError {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    ShapeError::new(format!(
        "unknown field {}: expected one of {}",
        key_text(key),
        names.join(", ")
    ))
}
