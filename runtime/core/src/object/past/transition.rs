//! In which snapshots a field went from one value to another.
//!
//! A change that replaces the field says both itself. Where the changes are of another kind (a splice, an addition, an
//! entry inside), the value is read once and the field followed from there.

use ciborium::Value;

use crate::entity::Entity;
use crate::field::write;
use crate::message::{PastQuery, Reason, Reply};
use crate::object::past::walk::Snapshot;
use crate::object::plan::Checked;
use crate::object::{Present, unreadable};
use crate::patch::{self, Form, form};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;
use crate::value::{Places, as_map, get, same};

/// Whether a snapshot changed what is under these keys, with dots between; the first one changed everything.
pub fn changes_field(snapshot: &Snapshot, field: &str) -> bool {
    snapshot.meta.previous_values.is_none()
        || !matches!(seen(&snapshot.undo, field), Seen::Untouched)
}

/// What a patch says about a place.
enum Seen {
    /// It leaves it.
    Untouched,
    /// It has this value afterwards, if any.
    Is(Option<Value>),
    /// It is changed inside.
    Changed,
}

fn seen(change: &Value, field: &str) -> Seen {
    let mut place = change;
    let mut keys = field.split('.');
    for key in keys.by_ref() {
        match form(place) {
            Form::Inside(_) => match get(place, key) {
                Some(inner) => place = inner,
                None => return Seen::Untouched,
            },
            Form::Set(value) => {
                let mut rest = std::iter::once(key).chain(keys);
                return Seen::Is(rest.try_fold(value, get).cloned());
            }
            Form::Remove => return Seen::Is(None),
            _ => return Seen::Changed,
        }
    }
    match form(place) {
        Form::Set(value) => Seen::Is(Some(value.clone())),
        Form::Remove => Seen::Is(None),
        _ => Seen::Changed,
    }
}

/// The transitions that a request asks for, and the field as of the snapshot that comes next.
pub struct Transitions<'a> {
    field: &'a str,
    was: Option<&'a Value>,
    became: Option<&'a Value>,
    /// A value with the field alone, and the version that it is of, once it was needed.
    at: Option<(Stamp, Value)>,
}

impl<'a> Transitions<'a> {
    /// Those that a request asks for.
    ///
    /// # Errors
    /// If it names no field.
    pub fn of(query: &'a PastQuery) -> Checked<Transitions<'a>> {
        let (was, became) = (query.was.as_ref(), query.became.as_ref());
        if query.field.is_none() && (was.is_some() || became.is_some()) {
            let message = "`was` and `became` are values of a field: name it in `field`";
            return Err(Box::new(Reply::refusal(400, Reason::Malformed, message)));
        }
        Ok(Transitions { field: query.field.as_deref().unwrap_or_default(), was, became, at: None })
    }

    /// Whether a snapshot made one of them. `is_asked` says whether it matters: if not, the field is followed only.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn has<T: Entity>(
        &mut self,
        present: &Present<T>,
        storage: &impl Storage,
        snapshot: &Snapshot,
        is_asked: bool,
    ) -> Result<bool, StorageError> {
        if self.was.is_none() && self.became.is_none() {
            return Ok(true);
        }
        let Some(since) = snapshot.since else { return Ok(false) };
        let (mut before, mut after) =
            (seen(&snapshot.undo, self.field), seen(&snapshot.diff, self.field));
        let told = matches!((&before, &after), (Seen::Is(_), Seen::Is(_)));
        if self.at.is_some() || (is_asked && !told) {
            let (was, is) = self.follow(present, storage, snapshot, since)?;
            (before, after) = (Seen::Is(was), Seen::Is(is));
        }
        let is = |seen: &Seen, wanted: Option<&Value>| match (seen, wanted) {
            (_, None) => true,
            (Seen::Is(Some(value)), Some(wanted)) => alike(value, wanted),
            _ => false,
        };
        Ok(is(&before, self.was) && is(&after, self.became))
    }

    /// The field before and after a snapshot.
    fn follow<T: Entity>(
        &mut self,
        present: &Present<T>,
        storage: &impl Storage,
        snapshot: &Snapshot,
        since: Stamp,
    ) -> Result<(Option<Value>, Option<Value>), StorageError> {
        let key = self.field.split('.').next().unwrap_or_default();
        let alone = |value: Option<&Value>| {
            Value::Map(value.map(|value| (Value::from(key), value.clone())).into_iter().collect())
        };
        let end = snapshot.meta.modified;
        let mut value = match self.at.take() {
            Some((version, value)) if version == end => value,
            _ => alone(get(&write(&present.former(storage, end)?.into_value()?), key)),
        };
        let after = self.place(&value);
        let undo = alone(get(&snapshot.undo, key));
        patch::apply(&mut value, &undo).map_err(|misfit| unreadable(misfit.to_string()))?;
        let before = self.place(&value);
        self.at = Some((since, value));
        Ok((before, after))
    }

    fn place(&self, value: &Value) -> Option<Value> {
        self.field.split('.').try_fold(value, get).cloned()
    }
}

/// Whether two values are the same to somebody who writes whole floats as integers, and maps with a tag or without.
fn alike(a: &Value, b: &Value) -> bool {
    match (as_map(a), as_map(b), a, b) {
        (Some(a), Some(b), ..) => {
            let mut places = Places::default();
            let same = |(key, a): &(Value, Value)| places.get(b, key).is_some_and(|b| alike(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        (_, _, Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (_, _, Value::Integer(whole), Value::Float(f))
        | (_, _, Value::Float(f), Value::Integer(whole)) => {
            // `as` is exact for every float that is whole and within the range of integers.
            f.fract() == 0.0 && *f as i128 == i128::from(*whole)
        }
        _ => same(a, b),
    }
}
