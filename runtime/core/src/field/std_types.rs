//! The fields of the standard library's types that are replaced whole, and of `Option`.

use ciborium::Value;

use crate::field::{Change, EntityField, Misfit, Patch};
use crate::schema::{IntKind, Kind, ShapeError};
use crate::value::kind_name;

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
        Err(ShapeError {
            path: Vec::new(),
            problem: format!("{} cannot change this field in part", kind_name(&value)),
        })
    }
}

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

const fn int(name: &'static str, min: i128, max: i128, bigint: bool) -> Kind {
    Kind::Int(IntKind { name, min, max, bigint })
}

replaced_whole! {
    bool, Kind::Bool, |a, b| a == b;
    String, Kind::Text, |a, b| a == b;
    f32, Kind::Float, |a, b| a.to_bits() == b.to_bits();
    f64, Kind::Float, |a, b| a.to_bits() == b.to_bits();
    u8, int("u8", 0, u8::MAX as i128, false), |a, b| a == b;
    u16, int("u16", 0, u16::MAX as i128, false), |a, b| a == b;
    u32, int("u32", 0, u32::MAX as i128, false), |a, b| a == b;
    u64, int("u64", 0, u64::MAX as i128, true), |a, b| a == b;
    i8, int("i8", i8::MIN as i128, i8::MAX as i128, false), |a, b| a == b;
    i16, int("i16", i16::MIN as i128, i16::MAX as i128, false), |a, b| a == b;
    i32, int("i32", i32::MIN as i128, i32::MAX as i128, false), |a, b| a == b;
    i64, int("i64", i64::MIN as i128, i64::MAX as i128, true), |a, b| a == b;
}

/// Null, or a value. Between two values the inner type's patch is used.
impl<T: EntityField> EntityField for Option<T> {
    type Patch = T::Patch;
    const KIND: Kind = Kind::Option(&T::KIND);

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    fn copy(&self) -> Self {
        self.as_ref().map(T::copy)
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        match (self, to) {
            (None, None) => None,
            (Some(a), Some(b)) => a.diff(b).map(|change| match change {
                Change::Set(value) => Change::Set(Some(value)),
                Change::Patch(patch) => Change::Patch(patch),
            }),
            (_, to) => Some(Change::Set(to.copy())),
        }
    }

    fn fits(&self, patch: &T::Patch) -> Result<(), Misfit> {
        match self {
            Some(value) => value.fits(patch),
            None => Err(Misfit::here()),
        }
    }

    fn apply(&mut self, patch: T::Patch) -> T::Patch {
        match self {
            Some(value) => value.apply(patch),
            None => patch,
        }
    }
}

/// A list, for now replaced whole.
impl<T: EntityField> EntityField for Vec<T> {
    type Patch = Never;
    const KIND: Kind = Kind::List(&T::KIND);

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.same(b))
    }

    fn copy(&self) -> Self {
        self.iter().map(T::copy).collect()
    }

    fn fits(&self, patch: &Never) -> Result<(), Misfit> {
        match *patch {}
    }

    fn apply(&mut self, patch: Never) -> Never {
        patch
    }
}
