//! What is bound to a statement, and what is read from a column.

use temporal_entity_core::storage::{Changes, Checkpoint, StorageError};
use temporal_entity_core::time::Stamp;
use worker::SqlStorageValue as Column;
use worker::js_sys::Uint8Array;
use worker::wasm_bindgen::JsValue;

pub type Row = Vec<Column>;

/// The changes in rows of a version and a part each.
pub fn joined(rows: Vec<Row>) -> Result<Changes, StorageError> {
    let mut changes: Changes = Vec::new();
    for row in rows {
        let [version, bytes] = columns(row)?;
        let (version, bytes) = (stamp(version)?, bytes_of(bytes)?);
        match changes.last_mut() {
            Some((last, joined)) if *last == version => joined.extend(bytes),
            _ => changes.push((version, bytes)),
        }
    }
    Ok(changes)
}

/// The checkpoint in rows of its version, its head and a part each, in the order of the parts.
pub fn checkpoint(rows: impl IntoIterator<Item = Row>) -> Result<Option<Checkpoint>, StorageError> {
    let mut found: Option<Checkpoint> = None;
    for row in rows {
        let [version, head, part] = columns(row)?;
        let part = bytes_of(part)?;
        match &mut found {
            Some(checkpoint) => checkpoint.parts.push(part),
            None => {
                let (version, head) = (stamp(version)?, bytes_of(head)?);
                found = Some(Checkpoint { version, head, parts: vec![part] });
            }
        }
    }
    Ok(found)
}

/// A version, to bind: text of digits beside a column of integers is an integer to SQLite.
pub fn exact(version: Stamp) -> JsValue {
    digits(version.micros())
}

/// An integer below 2^63, to bind as [`exact`] does.
pub fn digits(number: u64) -> JsValue {
    JsValue::from_str(&number.to_string())
}

pub fn count(number: usize) -> JsValue {
    JsValue::from(u32::try_from(number).unwrap_or(i32::MAX as u32).min(i32::MAX as u32))
}

pub fn blob(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

pub fn columns<const N: usize>(row: Row) -> Result<[Column; N], StorageError> {
    row.try_into().map_err(|row: Row| unreadable(&format!("{} columns", row.len())))
}

pub fn bytes_of(column: Column) -> Result<Vec<u8>, StorageError> {
    match column {
        Column::Blob(bytes) => Ok(bytes),
        other => Err(unreadable(&format!("{other:?} in place of bytes"))),
    }
}

pub fn text(column: Column) -> Result<String, StorageError> {
    match column {
        Column::String(text) => Ok(text),
        other => Err(unreadable(&format!("{other:?} in place of a text"))),
    }
}

pub fn integer(column: Column) -> Result<i64, StorageError> {
    match column {
        Column::Integer(number) => Ok(number),
        other => Err(unreadable(&format!("{other:?} in place of an integer"))),
    }
}

pub fn size(column: Column) -> Result<usize, StorageError> {
    Ok(usize::try_from(integer(column)?).unwrap_or(usize::MAX))
}

/// A version that was selected as text.
pub fn stamp(column: Column) -> Result<Stamp, StorageError> {
    let micros = text(column)?.parse().ok();
    micros.and_then(Stamp::from_micros).ok_or_else(|| unreadable("a version that is no instant"))
}

pub fn unreadable(what: &str) -> StorageError {
    StorageError::Failed(format!("the tables hold {what}"))
}
