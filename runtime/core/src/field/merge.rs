//! How changes of one field by several people come together.

use super::{Change, EntityField, Misfit, Never, Patch, PatchReader, PatchWriter};
use crate::patch::Overlaps;
use crate::schema::{Kind, ShapeError};

/// A merge policy for fields of type `T`: what a change of the field is. The policies are [`Plain`], [`Atomic`],
/// [`Counter`](super::Counter), [`Text`](super::Text) and [`Keyed`](super::Keyed).
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` cannot have this merge policy",
    label = "not for this type",
    note = "\"counter\" is for integers, \"text\" for String, a key for a Vec of structs; each of them may be in an Option"
)]
pub trait Merge<T: EntityField>: Sized + 'static {
    /// A change of a part of the value.
    type Patch: Patch;

    /// The shape.
    const KIND: Kind;

    /// The change that leads from one value to another; `None` if they are the same.
    fn diff(old: &T, new: &T) -> Option<Change<T, Self::Patch>>;

    /// Whether a patch can be applied to a value.
    ///
    /// # Errors
    /// The first part that does not fit.
    fn fits(value: &T, patch: &Self::Patch) -> Result<(), Misfit>;

    /// Applies a patch that fits, and returns what undoes it.
    fn apply(value: &mut T, patch: Self::Patch) -> Self::Patch;

    /// What is left of a patch that fits a value without what changes nothing.
    fn tighten(_value: &T, patch: Self::Patch) -> Self::Patch {
        patch
    }

    /// One line of a generated `fits`: the field under its wire name, and the change to it if there is one.
    #[doc(hidden)]
    fn fits_change(
        value: &T,
        name: &str,
        change: &Option<Change<T, Self::Patch>>,
    ) -> Result<(), Misfit> {
        match change {
            Some(Change::Patch(patch)) => {
                Self::fits(value, patch).map_err(|misfit| misfit.inside(name))
            }
            _ => Ok(()),
        }
    }

    /// One line of a generated `apply`: carries out the change, if any, and returns what undoes it.
    #[doc(hidden)]
    fn apply_change(
        value: &mut T,
        change: Option<Change<T, Self::Patch>>,
    ) -> Option<Change<T, Self::Patch>> {
        match change? {
            Change::Set(new) if value.same(&new) => None,
            Change::Set(new) => Some(Change::Set(std::mem::replace(value, new))),
            Change::Patch(patch) => not_empty(Self::apply(value, patch)),
        }
    }

    /// One line of a generated `tighten`.
    #[doc(hidden)]
    fn tighten_change(
        value: &T,
        change: Option<Change<T, Self::Patch>>,
    ) -> Option<Change<T, Self::Patch>> {
        match change? {
            Change::Set(new) => Self::diff(value, &new),
            Change::Patch(patch) => not_empty(Self::tighten(value, patch)),
        }
    }

    /// One line of a generated `normalize`: what the normalisers still change in a field that is touched.
    #[doc(hidden)]
    fn normal_change(
        value: &T,
        touched: bool,
        normalisers: &[fn(&mut T)],
    ) -> Option<Change<T, Self::Patch>> {
        if !touched {
            return None;
        }
        let mut normal = value.copy();
        for normaliser in normalisers {
            normaliser(&mut normal);
        }
        Self::diff(value, &normal)
    }

    /// One line of a generated `compose`.
    #[doc(hidden)]
    fn compose_change(
        first: Option<Change<T, Self::Patch>>,
        later: Option<Change<T, Self::Patch>>,
    ) -> Option<Change<T, Self::Patch>> {
        match (first, later) {
            (first, None) => first,
            (None, later) | (_, later @ Some(Change::Set(_))) => later,
            (Some(Change::Set(mut value)), Some(Change::Patch(patch))) => {
                Self::apply(&mut value, patch);
                Some(Change::Set(value))
            }
            (Some(Change::Patch(first)), Some(Change::Patch(later))) => {
                not_empty(first.compose(later))
            }
        }
    }

    /// One line of a generated `overlap`.
    #[doc(hidden)]
    fn overlap_change(
        name: &str,
        a: &Option<Change<T, Self::Patch>>,
        b: &Option<Change<T, Self::Patch>>,
        overlaps: &mut Overlaps,
    ) {
        if let (Some(a), Some(b)) = (a, b) {
            overlaps.inside(name, |overlaps| match (a, b) {
                (Change::Set(a), Change::Set(b)) if a.same(b) => {}
                (Change::Patch(a), Change::Patch(b)) => a.overlap(b, overlaps),
                _ => overlaps.here(),
            });
        }
    }

    /// One line of a generated `to_value`: writes the change, if any.
    #[doc(hidden)]
    fn write_change(name: &str, change: &Option<Change<T, Self::Patch>>, writer: &mut PatchWriter) {
        if let Some(change) = change {
            writer.0.push((name.into(), change.to_value()));
        }
    }

    /// One line of a generated `from_value`: takes the change of the field, if there is one.
    #[doc(hidden)]
    fn read_change(
        name: &str,
        reader: &mut PatchReader,
    ) -> Result<Option<Change<T, Self::Patch>>, ShapeError> {
        let change = reader.take(name).map(Change::from_value).transpose();
        change.map_err(|e| e.inside(name))
    }
}

fn not_empty<T, P: Patch>(patch: P) -> Option<Change<T, P>> {
    if patch.is_empty() { None } else { Some(Change::Patch(patch)) }
}

/// The policy of a field that names none: what its type says.
pub enum Plain {}

impl<T: EntityField> Merge<T> for Plain {
    type Patch = T::Patch;
    const KIND: Kind = T::KIND;

    fn diff(old: &T, new: &T) -> Option<Change<T>> {
        old.diff(new)
    }

    fn fits(value: &T, patch: &T::Patch) -> Result<(), Misfit> {
        value.fits(patch)
    }

    fn apply(value: &mut T, patch: T::Patch) -> T::Patch {
        value.apply(patch)
    }

    fn tighten(value: &T, patch: T::Patch) -> T::Patch {
        value.tighten(patch)
    }
}

/// The policy `"atomic"`: the field is one leaf, and replaced whole.
pub enum Atomic {}

impl<T: EntityField> Merge<T> for Atomic {
    type Patch = Never;
    const KIND: Kind = Kind::Atomic(&T::KIND);

    fn diff(old: &T, new: &T) -> Option<Change<T, Never>> {
        if old.same(new) { None } else { Some(Change::Set(new.copy())) }
    }

    fn fits(_value: &T, patch: &Never) -> Result<(), Misfit> {
        match *patch {}
    }

    fn apply(_value: &mut T, patch: Never) -> Never {
        patch
    }
}

/// A policy for `T` is one for `Option<T>`, too: null, or a value that changes as the policy says.
macro_rules! also_in_option {
    ($policy:ty $(, $generic:ident: $bound:path)?) => {
        impl<T: EntityField $(, $generic: $bound)?> Merge<Option<T>> for $policy
        where
            $policy: Merge<T>,
        {
            type Patch = <$policy as Merge<T>>::Patch;
            const KIND: Kind = Kind::Option(&<$policy as Merge<T>>::KIND);

            fn diff(old: &Option<T>, new: &Option<T>) -> Option<Change<Option<T>, Self::Patch>> {
                match (old, new) {
                    (None, None) => None,
                    (Some(old), Some(new)) => {
                        Some(match <$policy as Merge<T>>::diff(old, new)? {
                            Change::Set(value) => Change::Set(Some(value)),
                            Change::Patch(patch) => Change::Patch(patch),
                        })
                    }
                    (_, new) => Some(Change::Set(new.copy())),
                }
            }

            fn fits(value: &Option<T>, patch: &Self::Patch) -> Result<(), Misfit> {
                let value = value.as_ref().ok_or_else(Misfit::absent)?;
                <$policy as Merge<T>>::fits(value, patch)
            }

            fn apply(value: &mut Option<T>, patch: Self::Patch) -> Self::Patch {
                match value {
                    Some(value) => <$policy as Merge<T>>::apply(value, patch),
                    None => patch,
                }
            }

            fn tighten(value: &Option<T>, patch: Self::Patch) -> Self::Patch {
                match value {
                    Some(value) => <$policy as Merge<T>>::tighten(value, patch),
                    None => patch,
                }
            }
        }
    };
}
pub(super) use also_in_option;
