//! An instant of the user's: a `Date` in JavaScript.

use serde::{Deserialize, Serialize};

use super::scalar::replaced_whole;
use super::{EntityField, Misfit, Never};
use crate::schema::Kind;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z, from the year 1 to the year 9999. Versions of an entity are
/// [`Stamp`](crate::time::Stamp)s.
///
/// On the wire it is a CBOR date (tag 1, RFC 8949 section 3.4.2: seconds), in JSON the number of milliseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that there is: the beginning of the year 1.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800_000);
    /// The last instant that there is: the last millisecond of the year 9999.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// The instant so many milliseconds after the beginning of 1970; the nearest one that there is.
    pub fn from_millis(millis: i64) -> Timestamp {
        Timestamp(millis.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Milliseconds since the beginning of 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }
}

replaced_whole! {
    Timestamp, Kind::Timestamp, |a, b| a == b;
}
