//! The policy `"text"`: edits of different places of a text come together.

use ciborium::Value;

use super::change::unreadable;
use super::merge::also_in_option;
use super::{Change, EntityField, Merge, Misfit, Patch};
use crate::patch::{Form, Overlaps, form, splices_to_value};
use crate::schema::{Kind, ShapeError};
use crate::sequence::splice::{Splice, Splices};
use crate::sequence::text;

/// The policy `"text"`, for strings: a change is made of splices. Places count in Unicode scalar values.
pub enum Text {}

/// What changes in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextPatch(Splices<String>);

impl TextPatch {
    /// Puts `inserted` in place of the `removed` characters at `at`. Places count in Unicode scalar values.
    pub fn splice(at: usize, removed: usize, inserted: impl Into<String>) -> TextPatch {
        let splices = Splices(vec![Splice { at, removed, inserted: inserted.into() }]);
        TextPatch(if splices.is_normal() { splices } else { Splices::default() })
    }
}

impl Patch for TextPatch {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_value(&self) -> Value {
        splices_to_value(&self.0, |text| Value::from(text.as_str())).unwrap_or(Value::Null)
    }

    fn from_value(value: Value) -> Result<TextPatch, ShapeError> {
        let splices = match form(&value) {
            Form::Splice(parts) => {
                Splices::from_values(parts, |text| text.as_text().map(str::to_owned))
            }
            _ => None,
        };
        splices.map(TextPatch).ok_or_else(|| unreadable(&value))
    }

    fn compose(self, later: TextPatch) -> TextPatch {
        TextPatch(self.0.compose(later.0))
    }

    fn overlap(&self, other: &TextPatch, overlaps: &mut Overlaps) {
        if self.0.crosses(&other.0) {
            overlaps.here();
        }
    }
}

impl Merge<String> for Text {
    type Patch = TextPatch;
    const KIND: Kind = Kind::MergedText;

    fn diff(old: &String, new: &String) -> Option<Change<String, TextPatch>> {
        let splices = text::diff(old, new);
        (!splices.is_empty()).then_some(Change::Patch(TextPatch(splices)))
    }

    fn fits(value: &String, patch: &TextPatch) -> Result<(), Misfit> {
        if patch.0.fits(value) { Ok(()) } else { Err(Misfit::new("a splice reaches past the end")) }
    }

    fn apply(value: &mut String, patch: TextPatch) -> TextPatch {
        TextPatch(patch.0.apply(value))
    }

    fn tighten(value: &String, patch: TextPatch) -> TextPatch {
        TextPatch(patch.0.tighten(value))
    }
}

also_in_option!(Text);
