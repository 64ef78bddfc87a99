//! The policy `"counter"`: what several people add adds up.

use ciborium::Value;

use super::change::unreadable;
use super::merge::also_in_option;
use super::{Change, EntityField, Merge, Misfit, Patch};
use crate::patch::{Form, Overlaps, add, form};
use crate::schema::{Kind, ShapeError};

/// The policy `"counter"`, for integers: a change adds, and adding never conflicts.
pub enum Counter {}

/// A number to add to a counter; negative to take away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Add(pub i128);

impl Patch for Add {
    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn to_value(&self) -> Value {
        add(self.0).unwrap_or(Value::Null)
    }

    fn from_value(value: Value) -> Result<Add, ShapeError> {
        match form(&value) {
            Form::Add(number) => Ok(Add(number)),
            _ => Err(unreadable(&value)),
        }
    }

    fn compose(self, later: Add) -> Add {
        Add(self.0.saturating_add(later.0))
    }

    fn overlap(&self, _other: &Add, _overlaps: &mut Overlaps) {}
}

macro_rules! counters {
    ($($ty:ty)*) => {$(
        impl Merge<$ty> for Counter {
            type Patch = Add;
            const KIND: Kind = match <$ty as EntityField>::KIND {
                Kind::Int(range) => Kind::Counter(range),
                other => other,
            };

            fn diff(old: &$ty, new: &$ty) -> Option<Change<$ty, Add>> {
                let more = i128::from(*new).saturating_sub(i128::from(*old));
                (more != 0).then_some(Change::Patch(Add(more)))
            }

            fn fits(value: &$ty, patch: &Add) -> Result<(), Misfit> {
                match sum(*value, *patch) {
                    Some(_) => Ok(()),
                    None => Err(Misfit::new(concat!("the sum is out of the range of ", stringify!($ty)))),
                }
            }

            fn apply(value: &mut $ty, patch: Add) -> Add {
                match sum(*value, patch) {
                    Some(sum) => {
                        *value = sum;
                        Add(patch.0.saturating_neg())
                    }
                    None => Add(0),
                }
            }
        }
    )*};
}

fn sum<N: Into<i128> + TryFrom<i128>>(value: N, patch: Add) -> Option<N> {
    value.into().checked_add(patch.0)?.try_into().ok()
}

counters! { u8 u16 u32 u64 i8 i16 i32 i64 }

also_in_option!(Counter);
