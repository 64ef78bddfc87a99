//! The fields that are replaced whole.

use ciborium::Value;

use super::change::unreadable;
use super::{EntityField, Misfit, Patch};
use crate::patch::Overlaps;
use crate::schema::{IntKind, Kind, ShapeError};
use crate::value::same_float;

/// The patch of a type that is only replaced whole: there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl Patch for Never {
    fn is_empty(&self) -> bool {
        match *self {}
    }

    fn to_value(&self) -> Value {
        match *self {}
    }

    fn from_value(value: Value) -> Result<Never, ShapeError> {
        Err(unreadable(&value))
    }

    fn compose(self, _later: Never) -> Never {
        self
    }

    fn overlap(&self, _other: &Never, _overlaps: &mut Overlaps) {
        match *self {}
    }
}

/// Implements the field trait for a type that is cloned, compared by the given function, and replaced whole.
macro_rules! replaced_whole {
    ($($ty:ty, $kind:expr, $same:expr;)*) => {$(
        impl EntityField for $ty {
            type Patch = Never;
            const KIND: Kind = $kind;
            fn same(&self, other: &Self) -> bool {
                let same: fn(&$ty, &$ty) -> bool = $same;
                same(self, other)
            }
            fn copy(&self) -> Self {
                self.clone()
            }
            fn fits(&self, patch: &Never) -> Result<(), Misfit> {
                match *patch {}
            }
            fn apply(&mut self, patch: Never) -> Never {
                patch
            }
        }
    )*};
}
pub(super) use replaced_whole;

const fn int(name: &'static str, min: i128, max: i128, bigint: bool) -> Kind {
    Kind::Int(IntKind { name, min, max, bigint })
}

replaced_whole! {
    bool, Kind::Bool, |a, b| a == b;
    String, Kind::Text, |a, b| a == b;
    f32, Kind::Float, |a, b| same_float((*a).into(), (*b).into());
    f64, Kind::Float, |a, b| same_float(*a, *b);
    u8, int("u8", 0, u8::MAX as i128, false), |a, b| a == b;
    u16, int("u16", 0, u16::MAX as i128, false), |a, b| a == b;
    u32, int("u32", 0, u32::MAX as i128, false), |a, b| a == b;
    u64, int("u64", 0, u64::MAX as i128, true), |a, b| a == b;
    i8, int("i8", i8::MIN as i128, i8::MAX as i128, false), |a, b| a == b;
    i16, int("i16", i16::MIN as i128, i16::MAX as i128, false), |a, b| a == b;
    i32, int("i32", i32::MIN as i128, i32::MAX as i128, false), |a, b| a == b;
    i64, int("i64", i64::MIN as i128, i64::MAX as i128, true), |a, b| a == b;
}
