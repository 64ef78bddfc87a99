//! Pushes to a browser that has given the entity a handle: an array in place of a map, without what the browser knows.

use ciborium::Value;

use crate::codec::{CodecError, encode_value};
use crate::message::{EntityRef, Malformed, Meta, Push, whole_number};
use crate::time::Stamp;

/// A push that names its entity by the browser's handle.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortPush {
    /// The handle.
    pub handle: u32,
    /// As in [`Push`].
    pub since: Stamp,
    /// As in [`Push`].
    pub meta: Meta,
    /// As in [`Push`].
    pub diff: Value,
    /// As in [`Push`].
    pub line: bool,
}

/// The entries of `meta` that have a place of their own in the array.
const PLACED: [&str; 5] = ["validFrom", "modified", "person", "schemaVersion", "chunks"];

impl ShortPush {
    /// The same in the long form.
    pub fn of(self, entity: EntityRef) -> Push {
        let ShortPush { since, meta, diff, line, .. } = self;
        Push { entity, since, meta, diff, line }
    }

    /// The wire form. Versions are far from zero and near each other, so one is written, and the others from there.
    pub fn to_value(&self) -> Value {
        array(self.handle, self.since, &self.meta, self.diff.clone(), self.line)
    }

    /// Reads the wire form. What comes after the places that are known is of a newer server, and left.
    ///
    /// # Errors
    /// If an element is missing or something else.
    pub fn from_value(message: &Value) -> Result<ShortPush, Malformed> {
        let read = || {
            let items = message.as_array()?;
            let span = |at| items.get(at).and_then(whole_number);
            let number = |at| span(at).and_then(|number| u32::try_from(number).ok());
            let modified = Stamp::from_value(items.get(1)?)?;
            let mut meta = Meta::beside(items.get(8).unwrap_or(&Value::Null));
            meta.modified = modified;
            meta.valid_from = modified.minus(span(3)?);
            meta.person = items.get(4)?.as_text()?.to_owned();
            meta.schema_version = number(5)?;
            meta.chunks = number(6)?;
            let (handle, since) = (number(0)?, modified.minus(span(2)?));
            let line = items.get(9) == Some(&Value::Bool(true));
            Some(ShortPush { handle, since, meta, diff: items.get(7)?.clone(), line })
        };
        read().ok_or_else(|| Malformed::new("no push in the short form"))
    }
}

fn array(handle: u32, since: Stamp, meta: &Meta, diff: Value, line: bool) -> Value {
    let Meta { valid_from, modified, person, schema_version, chunks, .. } = meta;
    let mut array = vec![
        handle.into(),
        modified.to_value(),
        modified.since(since).into(),
        modified.since(*valid_from).into(),
        person.as_str().into(),
        (*schema_version).into(),
        (*chunks).into(),
        diff,
    ];
    let Value::Map(mut more) = meta.to_value() else { return Value::Array(array) };
    more.retain(|(key, _)| key.as_text().is_none_or(|key| !PLACED.contains(&key)));
    if !more.is_empty() {
        array.push(Value::Map(more));
    } else if line {
        array.push(Value::Null);
    }
    if line {
        array.push(line.into());
    }
    Value::Array(array)
}

/// A handle in its wire form.
pub(super) fn handle_of(value: &Value) -> Option<u32> {
    whole_number(value).and_then(|handle| u32::try_from(handle).ok())
}

/// The frames of one push for the browsers of a person. Each form is encoded once, however many browsers have it under
/// however many handles.
pub struct PushFrames {
    push: Push,
    long: Option<Vec<u8>>,
    /// Under the handle zero, which is one byte: the second.
    short: Option<Vec<u8>>,
}

impl PushFrames {
    /// The frames of this push.
    pub fn new(push: Push) -> PushFrames {
        PushFrames { push, long: None, short: None }
    }

    /// The frame for a browser that has given the entity this handle, or none.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn of(&mut self, handle: Option<u32>) -> Result<Vec<u8>, CodecError> {
        let Push { since, meta, diff, line, .. } = &self.push;
        let Some(handle) = handle else {
            return match &self.long {
                Some(frame) => Ok(frame.clone()),
                None => Ok(self.long.insert(encode_value(&self.push.to_value())?).clone()),
            };
        };
        let zero = match &self.short {
            Some(frame) => frame,
            None => self.short.insert(encode_value(&array(0, *since, meta, diff.clone(), *line))?),
        };
        let handle = encode_value(&handle.into())?;
        let [head, _zero, rest @ ..] = zero.as_slice() else { return Ok(Vec::new()) };
        let mut frame = Vec::with_capacity(zero.len().saturating_add(handle.len()));
        frame.push(*head);
        frame.extend(handle);
        frame.extend_from_slice(rest);
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Downstream;

    fn stamp(micros: u64) -> Stamp {
        Stamp::from_micros(1_800_000_000_000_000).unwrap().plus(micros)
    }

    fn push(meta: Meta) -> Push {
        let entity = EntityRef { name: "Card".to_owned(), id: "c1".to_owned() };
        let diff = Value::Map(vec![("title".into(), "New".into())]);
        Push { entity, since: stamp(5), meta, diff, line: false }
    }

    fn meta() -> Meta {
        let (valid_from, modified) = (stamp(3), stamp(9));
        Meta {
            valid_from,
            modified,
            person: "bob".to_owned(),
            schema_version: 2,
            ..Meta::default()
        }
    }

    #[test]
    fn both_frames_say_the_same_under_every_handle() {
        let odd = Meta {
            deleted: true,
            impersonator: Some("eve".to_owned()),
            chunks: 3,
            compacted: Some(stamp(1)),
            ..meta()
        };
        for meta in [meta(), odd] {
            let push = Push { line: meta.chunks == 3, ..push(meta) };
            let mut frames = PushFrames::new(push.clone());
            for handle in [0, 23, 24, 255, 256, 65_535, 65_536, u32::MAX] {
                let short = match Downstream::decode(&frames.of(Some(handle)).unwrap()) {
                    Ok(Downstream::Short(short)) => short,
                    other => panic!("{other:?}"),
                };
                assert_eq!(short.handle, handle);
                assert_eq!(
                    encode_value(&short.to_value()).unwrap(),
                    frames.of(Some(handle)).unwrap()
                );
                assert_eq!(short.of(push.entity.clone()), push);
            }
            let long = Downstream::decode(&frames.of(None).unwrap()).unwrap();
            assert_eq!(long, Downstream::Push(push));
        }
    }

    #[test]
    fn what_a_newer_server_adds_is_left_and_what_is_missing_refused() {
        let mut frames = PushFrames::new(push(meta()));
        let frame = frames.of(Some(1)).unwrap();
        let Ok(Value::Array(items)) = crate::codec::decode_own_value(&frame) else { panic!() };
        let read = |items: &[Value]| ShortPush::from_value(&Value::Array(items.to_vec()));
        let known = read(&items).unwrap();
        let more = [items.clone(), vec![Value::Null, Value::from("more")]].concat();
        assert_eq!(read(&more).unwrap(), known);
        assert!(read(&items[..7]).is_err());
        for wrong in 0..7 {
            let mut items = items.clone();
            items[wrong] = Value::Null;
            assert!(read(&items).is_err(), "element {wrong}");
        }
    }
}
