//! Between the form that serde gives a value and its form on the wire.
//!
//! Serde knows no sets, no instants and no maps with a tag. What has none of these is the same in both.

use ciborium::Value;

use super::{FieldSchema, Kind, VariantContent};
use crate::schema::conform::sort_entries;
use crate::value::{TAG_MAP, TAG_SET, TAG_TIME, as_map_mut, instant, key_order};

/// An instant, given in milliseconds since 1970, on the wire: seconds, as an integer where they are whole and have 32
/// bits.
pub fn date(millis: i64) -> Value {
    instant(if millis.checked_rem(1_000) == Some(0) {
        Value::from(millis.checked_div(1_000).unwrap_or_default())
    } else {
        Value::Float(millis as f64 / 1_000.0)
    })
}

impl Kind {
    /// From the form that serde writes to the form on the wire.
    pub(crate) fn dress(&self, value: &mut Value) {
        match (self, &mut *value) {
            (Kind::Timestamp, Value::Integer(n)) => {
                *value = date(i64::try_from(*n).unwrap_or_default());
            }
            (Kind::Bytes, Value::Array(items)) => {
                let byte = |item: &Value| u8::try_from(item.as_integer()?).ok();
                if let Some(bytes) = items.iter().map(byte).collect() {
                    *value = Value::Bytes(bytes);
                }
            }
            (Kind::Set(item), Value::Array(items)) => {
                items.iter_mut().for_each(|element| item.dress(element));
                items.sort_by(key_order);
                let items = std::mem::take(items);
                *value = Value::Tag(TAG_SET, Box::new(Value::Array(items)));
            }
            (Kind::Map(key, item), Value::Map(entries)) => {
                entries.iter_mut().for_each(|(_, value)| item.dress(value));
                sort_entries(entries);
                if !key.is_text() {
                    let map = Value::Map(std::mem::take(entries));
                    *value = Value::Tag(TAG_MAP, Box::new(map));
                }
            }
            (Kind::Json, Value::Map(entries)) => {
                entries.iter_mut().for_each(|(_, value)| Kind::Json.dress(value));
                sort_entries(entries);
            }
            (Kind::Json, Value::Array(items)) => {
                items.iter_mut().for_each(|item| Kind::Json.dress(item));
            }
            _ => self.inside(value, &Kind::dress),
        }
    }

    /// From the form on the wire to the form that serde reads.
    pub(crate) fn undress(&self, value: &mut Value) {
        match (self, &mut *value) {
            (Kind::Timestamp, Value::Tag(TAG_TIME, seconds)) => {
                let millis = match &**seconds {
                    Value::Integer(n) => {
                        i64::try_from(*n).unwrap_or_default().saturating_mul(1_000)
                    }
                    Value::Float(f) => (f * 1_000.0).round() as i64,
                    _ => return,
                };
                *value = Value::from(millis);
            }
            (Kind::Set(item), Value::Tag(TAG_SET, inner)) => {
                *value = std::mem::replace(&mut **inner, Value::Null);
                if let Value::Array(items) = value {
                    items.iter_mut().for_each(|element| item.undress(element));
                }
            }
            (Kind::Map(_, item), map) => {
                if let Some(entries) = as_map_mut(map) {
                    entries.iter_mut().for_each(|(_, value)| item.undress(value));
                    *value = Value::Map(std::mem::take(entries));
                }
            }
            _ => self.inside(value, &Kind::undress),
        }
    }

    /// Goes on with the parts of a value that is itself the same in both forms.
    fn inside(&self, value: &mut Value, go_on: &impl Fn(&Kind, &mut Value)) {
        match (self, value) {
            (Kind::Option(inner), value) if !value.is_null() => go_on(inner, value),
            (Kind::Atomic(inner), value) => go_on(inner, value),
            (Kind::List(item) | Kind::Keyed(item, _), Value::Array(items)) => {
                items.iter_mut().for_each(|element| go_on(item, element));
            }
            (Kind::Struct(shape), Value::Map(entries)) => fields((shape.fields)(), entries, go_on),
            (Kind::Union(shape), Value::Map(entries)) => {
                let named = |key: &str| entries.iter().position(|(k, _)| k.as_text() == Some(key));
                let tag = named(shape.tag).and_then(|at| entries.get(at));
                let name = tag.and_then(|(_, name)| name.as_text()).unwrap_or_default();
                let variant = (shape.variants)().iter().find(|variant| variant.name == name);
                let content = shape.content.and_then(named);
                let content = content.and_then(|at| entries.get_mut(at)).map(|(_, value)| value);
                match (variant.map(|variant| &variant.content), content) {
                    (Some(VariantContent::Newtype(kind)), Some(content)) => go_on(kind, content),
                    (Some(VariantContent::Struct(inner)), Some(Value::Map(entries))) => {
                        fields(inner, entries, go_on);
                    }
                    (Some(VariantContent::Newtype(Kind::Struct(inner))), None) => {
                        fields((inner.fields)(), entries, go_on);
                    }
                    (Some(VariantContent::Struct(inner)), None) => fields(inner, entries, go_on),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn fields(
    fields: &[FieldSchema],
    entries: &mut [(Value, Value)],
    go_on: &impl Fn(&Kind, &mut Value),
) {
    for (at, (key, value)) in entries.iter_mut().enumerate() {
        let named = |field: &&FieldSchema| key.as_text() == Some(field.name);
        let field = fields.get(at).filter(named).or_else(|| fields.iter().find(named));
        if let Some(field) = field {
            go_on(&field.kind, value);
        }
    }
}
