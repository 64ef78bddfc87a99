//! Carrying out patches on the bytes of a value: what they do not touch is copied as it lies, and becomes neither a tree
//! nor a type.

use ciborium::Value;

use super::apply::apply;
use super::form::{Form, form, removes, replacement};
use super::series::Series;
use crate::codec::{Major, Writer, decode_own_value, split_header, split_item};
use crate::schema::{FieldSchema, Kind};

/// The largest item that is made a tree where a patch is about more than its entries.
const MAX_TREE: usize = 64 << 10;

/// The bytes of the `value` of this kind after the patches, one after the other: those that its type would have.
/// `None` where only the type can tell, or what is there is not what was expected. The bytes get as much `room`.
pub fn apply_encoded(kind: &Kind, value: &[u8], patches: &[Value], room: usize) -> Option<Vec<u8>> {
    let patches: Vec<&Value> = patches.iter().collect();
    let (of, changes) = changes_inside(kind, &patches)?;
    let mut writer = Writer { bytes: Vec::with_capacity(room) };
    let rest = change_map(of, value, &changes, &mut writer)?;
    rest.is_empty().then_some(writer.bytes)
}

/// The most patches that are applied to a tree one by one.
const MAX_APPLIED: usize = 4;

/// What has entries that can be changed one by one.
#[derive(Clone, Copy)]
enum Of<'k> {
    /// A map whose keys are texts.
    Map(&'k Kind),
    Fields(&'k [FieldSchema]),
}

impl<'k> Of<'k> {
    fn new(kind: &'k Kind) -> Option<Of<'k>> {
        match kind {
            Kind::Option(inner) => Of::new(inner),
            Kind::Struct(shape) => Some(Of::Fields((shape.fields)())),
            Kind::Map(key, item) if key.is_text() => Some(Of::Map(item)),
            _ => None,
        }
    }

    /// The kind of what is under a key.
    fn inside(self, key: &str) -> Option<&'k Kind> {
        match self {
            Of::Map(item) => Some(item),
            Of::Fields(fields) => fields.iter().find(|f| f.name == key).map(|field| &field.kind),
        }
    }
}

/// What happens to the entry under a key, in the order in which it did.
struct Change<'p> {
    key: &'p str,
    patches: Vec<&'p Value>,
}

/// The changes of entries that the patches are, by key, if they are nothing else and the kind has entries.
fn changes_inside<'k, 'p>(
    kind: &'k Kind,
    patches: &[&'p Value],
) -> Option<(Of<'k>, Vec<Change<'p>>)> {
    let of = Of::new(kind)?;
    let mut all = Vec::new();
    for patch in patches {
        let Form::Inside(entries) = form(patch) else { return None };
        for (key, patch) in entries {
            all.push((key.as_text()?, patch));
        }
    }
    // It is stable: what was changed twice stays in order.
    all.sort_by_key(|(key, _)| *key);
    let mut changes: Vec<Change<'p>> = Vec::new();
    for (key, patch) in all {
        match changes.last_mut() {
            Some(last) if last.key == key => last.patches.push(patch),
            _ => changes.push(Change { key, patches: vec![patch] }),
        }
    }
    Some((of, changes))
}

/// Writes what the map at the beginning of the bytes becomes; what follows it.
fn change_map<'b>(
    of: Of<'_>,
    bytes: &'b [u8],
    changes: &[Change<'_>],
    writer: &mut Writer,
) -> Option<&'b [u8]> {
    let (count, mut rest) = split_header(Major::Map, bytes).ok()?;
    let header = writer.bytes.len();
    writer.header(Major::Map, count);
    let first = writer.bytes.len();
    let mut entries = Entries { of, count, untouched: rest, writer };
    let mut later = changes.iter().peekable();
    let mut fields = 0_usize;
    for _ in 0..count {
        let (length, behind) = split_header(Major::Text, rest).ok()?;
        let (key, value) = behind.split_at_checked(usize::try_from(length).ok()?)?;
        let change = match of {
            Of::Fields(_) => changes.iter().find(|change| change.key.as_bytes() == key),
            Of::Map(_) => {
                // A new entry has its place before the first one that is behind it.
                while let Some(new) = later.next_if(|change| change.key.as_bytes() < key) {
                    entries.copy_until(rest);
                    entries.add(new)?;
                }
                later.next_if(|change| change.key.as_bytes() == key)
            }
        };
        rest = match change {
            Some(change) => entries.change(change, rest, value)?,
            None => split_item(value).ok()?.1,
        };
        fields = fields.saturating_add(usize::from(change.is_some()));
    }
    entries.copy_until(rest);
    match of {
        Of::Map(_) => later.try_for_each(|new| entries.add(new))?,
        // For a field that is not there the type alone has a place.
        Of::Fields(_) if fields != changes.len() => return None,
        Of::Fields(_) => {}
    }
    let now = entries.count;
    if now != count {
        let mut right = Writer { bytes: Vec::new() };
        right.header(Major::Map, now);
        writer.bytes.splice(header..first, right.bytes);
    }
    Some(rest)
}

/// The entries of a map on their way from one version to another.
struct Entries<'b, 'w, 'k> {
    of: Of<'k>,
    /// How many there are in the other.
    count: u64,
    /// What was not copied yet, and begins with what stays as it is.
    untouched: &'b [u8],
    writer: &'w mut Writer,
}

impl<'b> Entries<'b, '_, '_> {
    /// Copies what stays as it is, up to there.
    fn copy_until(&mut self, rest: &'b [u8]) {
        let length = self.untouched.len().saturating_sub(rest.len());
        self.writer.bytes.extend_from_slice(self.untouched.get(..length).unwrap_or_default());
        self.untouched = rest;
    }

    fn add(&mut self, change: &Change<'_>) -> Option<()> {
        if let Some(tree) = after(None, &change.patches)? {
            self.put(change.key, &tree)?;
            self.count = self.count.checked_add(1)?;
        }
        Some(())
    }

    fn put(&mut self, key: &str, tree: &Value) -> Option<()> {
        self.writer.string(Major::Text, key.as_bytes());
        self.writer.value(tree).ok()
    }

    /// Writes what becomes of an entry, whose value is in there; what follows it.
    fn change(
        &mut self,
        change: &Change<'_>,
        entry: &'b [u8],
        value: &'b [u8],
    ) -> Option<&'b [u8]> {
        self.copy_until(entry);
        let kind = self.of.inside(change.key)?;
        self.untouched = match changes_inside(kind, &change.patches) {
            Some((of, changes)) => {
                self.writer.string(Major::Text, change.key.as_bytes());
                change_map(of, value, &changes, self.writer)?
            }
            None => {
                let (item, rest) = split_item(value).ok()?;
                match (after(Some(item), &change.patches)?, self.of) {
                    (Some(tree), _) => self.put(change.key, &tree)?,
                    (None, Of::Map(_)) => self.count = self.count.checked_sub(1)?,
                    (None, Of::Fields(_)) => return None,
                }
                rest
            }
        };
        Some(self.untouched)
    }
}

/// What the patches make of an item, `None` where there is none. `None` in all if it takes the type to tell.
fn after(item: Option<&[u8]>, patches: &[&Value]) -> Option<Option<Value>> {
    // What was there before the last one that puts something else in its place does not matter.
    let whole = |patch: &&Value| removes(patch) || replacement(patch).is_some();
    let (mut tree, later) = match patches.iter().rposition(whole) {
        Some(at) => {
            let (_, from) = patches.split_at_checked(at)?;
            let (last, later) = from.split_first()?;
            (replacement(last).cloned(), later)
        }
        None => match item {
            Some(item) if item.len() > MAX_TREE => return None,
            Some(item) => (Some(decode_own_value(item).ok()?), patches),
            None => (None, patches),
        },
    };
    // Each may walk the whole item, so that many are made one first.
    if later.len() > MAX_APPLIED {
        let mut series = Series::forward();
        later.iter().for_each(|patch| series.add(Value::clone(patch)));
        if let Some(all) = series.finish_part() {
            apply(tree.as_mut()?, &all).ok()?;
        }
        return Some(tree);
    }
    for patch in later {
        apply(tree.as_mut()?, patch).ok()?;
    }
    Some(tree)
}
