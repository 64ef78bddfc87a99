//! Enums with data: objects with the name of their variant under a key.

use temporal_entity_core::schema::{
    FieldSchema, Kind, ShapeError, UnionKind, VariantContent, VariantSchema,
};
use temporal_entity_core::value::{Value, entries};
use wasm_bindgen::JsValue;

use super::deeper;
use super::object::{expect_object, property, refuse_others};
use super::read::{read, read_fields};
use super::words::{missing, unexpected, unknown_variant};
use super::write::{plain, share, share_object, share_struct};

/// What a variant holds, and where.
enum Held {
    /// Fields beside the tag, which may be none.
    Beside(&'static [FieldSchema]),
    /// A value under a key.
    Value(&'static str, &'static Kind),
    /// Fields of an object under a key.
    Fields(&'static str, &'static [FieldSchema]),
}

fn held(shape: &UnionKind, variant: &'static VariantSchema) -> Held {
    match (shape.content, &variant.content) {
        (_, VariantContent::Unit) => Held::Beside(&[]),
        (None, VariantContent::Struct(fields)) => Held::Beside(fields),
        (None, VariantContent::Newtype(Kind::Struct(inner))) => Held::Beside((inner.fields)()),
        // The compiler of serde's derive refuses to write such a one.
        (None, VariantContent::Newtype(_)) => Held::Beside(&[]),
        (Some(content), VariantContent::Newtype(kind)) => Held::Value(content, kind),
        (Some(content), VariantContent::Struct(fields)) => Held::Fields(content, fields),
    }
}

fn variant(shape: &UnionKind, name: &str) -> Option<&'static VariantSchema> {
    (shape.variants)().iter().find(|variant| variant.name == name)
}

/// Reads one.
pub fn read_union(
    kind: &Kind,
    shape: &UnionKind,
    value: &JsValue,
    depth: usize,
) -> Result<Value, ShapeError> {
    expect_object(kind, value)?;
    let depth = deeper(kind, depth)?;
    let part = |key: &'static str| match property(value, &JsValue::from_str(key)) {
        Ok(Some(part)) => Ok(part),
        Ok(None) => Err(missing(key)),
        Err(error) => Err(error.inside(key)),
    };
    let tag = part(shape.tag)?;
    let inside = |error: ShapeError| error.inside(shape.tag);
    let Some(name) = tag.as_string() else {
        return Err(inside(unexpected("the name of a variant", &tag)));
    };
    let Some(variant) = variant(shape, &name) else {
        let names = (shape.variants)().iter().map(|variant| variant.name);
        return Err(inside(unknown_variant(&name, shape.name, names)));
    };
    let mut found = vec![(Value::from(shape.tag), Value::Text(name))];
    let (key, content) = match held(shape, variant) {
        Held::Beside(fields) => {
            read_fields(fields, value, depth, &mut found)?;
            refuse_others(kind, fields, &[shape.tag], value, found.len())?;
            return Ok(Value::Map(found));
        }
        Held::Value(key, inner) => (key, read(inner, &part(key)?, depth)),
        Held::Fields(key, fields) => {
            let (part, mut inner) = (part(key)?, Vec::new());
            let content = expect_object(kind, &part)
                .and_then(|()| read_fields(fields, &part, depth, &mut inner))
                .and_then(|()| refuse_others(kind, fields, &[], &part, inner.len()));
            (key, content.map(|()| Value::Map(inner)))
        }
    };
    found.push((Value::from(key), content.map_err(|error| error.inside(key))?));
    refuse_others(kind, &[], &[shape.tag, key], value, found.len())?;
    Ok(Value::Map(found))
}

/// As [`share`], for one.
pub fn share_union(shape: &UnionKind, old: &JsValue, parts: &[(Value, Value)]) -> JsValue {
    let tag = parts.iter().find(|(key, _)| key.as_text() == Some(shape.tag));
    let name = tag.and_then(|(_, name)| name.as_text()).unwrap_or_default();
    let held = variant(shape, name).map(|variant| held(shape, variant));
    share_object(old, parts, &|key, before, value| match &held {
        Some(Held::Beside(fields)) => match fields.iter().find(|field| field.name == key) {
            Some(field) => share(&field.kind, before, value),
            None => plain(value),
        },
        Some(Held::Value(content, kind)) if *content == key => share(kind, before, value),
        Some(Held::Fields(content, fields)) if *content == key => {
            share_struct(fields, before, entries(value))
        }
        _ => plain(value),
    })
}
