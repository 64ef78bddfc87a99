//! Instants as integers: `Stamp` for versions, `Granularity` for coalescing. Nothing here reads a clock.

use std::fmt;

use ciborium::Value;

/// An instant in microseconds since the Unix epoch: the type of every version token and of every instant in
/// [`Meta`](crate::message::Meta).
///
/// On the wire it is a CBOR integer (a float that is whole is accepted, because `cbor-x` sends integers past
/// 32 bits so); in JavaScript a plain `number`, never a `Date`, which would lose the microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(u64);

impl Stamp {
    /// The `validTo` of a snapshot that is still current: 9999-01-01T00:00:00Z.
    pub const END_OF_TIME: Stamp = Stamp(253_370_764_800_000_000);

    /// A stamp of `micros` microseconds since the epoch; `None` past [`Stamp::END_OF_TIME`]. (A JavaScript number
    /// holds stamps exactly until the year 2255.)
    pub const fn from_micros(micros: u64) -> Option<Stamp> {
        if micros > Stamp::END_OF_TIME.0 { None } else { Some(Stamp(micros)) }
    }

    /// A stamp from a clock that counts milliseconds, as JavaScript's `Date.now()` does. Negative, missing and
    /// far-off readings are clamped into the range.
    pub fn from_clock_millis(millis: f64) -> Stamp {
        // `as` saturates, and makes NaN zero: exactly the clamping promised.
        Stamp(((millis * 1000.0) as u64).min(Stamp::END_OF_TIME.0))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The stamp of the change that follows `last`: now, or one microsecond after `last` where the clock stands
    /// still or went back. So versions of one entity strictly increase whatever the clock does.
    pub fn next(last: Option<Stamp>, now: Stamp) -> Stamp {
        match last {
            Some(last) => Stamp(now.0.max(last.0.saturating_add(1))),
            None => now,
        }
    }

    /// This stamp moved by `micros` later, at most to [`Stamp::END_OF_TIME`].
    pub fn plus(self, micros: u64) -> Stamp {
        Stamp(self.0.saturating_add(micros).min(Stamp::END_OF_TIME.0))
    }

    /// This stamp moved by `micros` earlier, at most to the epoch.
    pub fn minus(self, micros: u64) -> Stamp {
        Stamp(self.0.saturating_sub(micros))
    }

    /// The next stamp there is.
    pub fn after(self) -> Stamp {
        Stamp(self.0.saturating_add(1))
    }

    /// Microseconds from `earlier` to this stamp, zero if `earlier` is later.
    pub fn since(self, earlier: Stamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The wire form.
    pub fn to_value(self) -> Value {
        Value::from(self.0)
    }

    /// Reads the wire form; `None` if `value` is no instant.
    pub fn from_value(value: &Value) -> Option<Stamp> {
        match value {
            Value::Integer(n) => u64::try_from(*n).ok().and_then(Stamp::from_micros),
            Value::Float(f) if *f >= 0.0 && f.fract() == 0.0 => Stamp::from_micros(*f as u64),
            _ => None,
        }
    }
}

/// ISO 8601 in UTC with six digits of fraction.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: u64 = 86_400_000_000;
        let (days, micros) = (self.0 / DAY, self.0 % DAY);
        let (year, month, day) = civil_from_days(days);
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z")
    }
}

/// Year, month and day of a day number, by Howard Hinnant's `civil_from_days` (days after 1970 only).
#[allow(clippy::arithmetic_side_effects)] // `days` is at most 2.9 million: nothing here can overflow
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// How long edits of one person coalesce into one snapshot, in microseconds; zero keeps every edit apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granularity(u64);

impl Granularity {
    /// A granularity of `millis` milliseconds.
    pub const fn from_millis(millis: u32) -> Granularity {
        // A u32 of milliseconds is 50 days: times 1000 it cannot overflow a u64.
        #[allow(clippy::arithmetic_side_effects)]
        Granularity(millis as u64 * 1000)
    }

    /// Whether a change at `now` still belongs to the snapshot that began at `valid_from`: strictly less than
    /// the granularity has passed.
    pub fn covers(self, valid_from: Stamp, now: Stamp) -> bool {
        now.since(valid_from) < self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_increase_while_the_clock_stands_still_or_goes_back() {
        let first = Stamp::next(None, Stamp(1_000));
        let second = Stamp::next(Some(first), Stamp(1_000));
        let third = Stamp::next(Some(second), Stamp(5));
        assert!(first < second && second < third);
        assert_eq!(Stamp::next(Some(third), Stamp(9_000)), Stamp(9_000));
    }

    #[test]
    fn shown_as_iso_8601_with_microseconds() {
        assert_eq!(Stamp(0).to_string(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(Stamp(951_782_400_000_001).to_string(), "2000-02-29T00:00:00.000001Z");
        assert_eq!(Stamp::END_OF_TIME.to_string(), "9999-01-01T00:00:00.000000Z");
    }

    #[test]
    fn read_from_integers_and_whole_floats_only() {
        assert_eq!(Stamp::from_value(&Value::from(7)), Some(Stamp(7)));
        assert_eq!(Stamp::from_value(&Value::Float(1.7e15)), Some(Stamp(1_700_000_000_000_000)));
        for bad in [Value::Float(0.5), Value::Float(f64::NAN), Value::from(-1), Value::Null] {
            assert_eq!(Stamp::from_value(&bad), None);
        }
    }

    #[test]
    fn granularity_is_strict_and_zero_covers_nothing() {
        let hour = Granularity::from_millis(3_600_000);
        assert!(hour.covers(Stamp(0), Stamp(3_599_999_999)));
        assert!(!hour.covers(Stamp(0), Stamp(3_600_000_000)));
        assert!(!Granularity::from_millis(0).covers(Stamp(5), Stamp(5)));
    }
}
