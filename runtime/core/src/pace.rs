//! How fast a sender may send: a rate in the long run, and a burst after a quiet time (GCRA, a leaky bucket that is
//! kept as two instants).

use crate::time::Stamp;

/// The longest wait that a refusal asks for, in microseconds.
pub const LONGEST_WAIT: u64 = 16_000_000;

/// A rate, and how much of it can be saved up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What passes in a second, in the long run.
    pub per_second: u64,
    /// What passes at once after a quiet time.
    pub burst: u64,
}

/// Why something does not pass now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooFast {
    /// It passes after so many microseconds. Each of several refusals names a later instant than the one before, so
    /// that what was refused does not come back all at once.
    Wait(u64),
    /// All places within [`LONGEST_WAIT`] are promised to what was refused before. The sender does not heed refusals,
    /// so it is not worth another one.
    Flood,
}

/// The pace of one sender. A sender that has been quiet for as long as its burst takes has the same pace as a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// When as much as was sent would have been sent at the rate that is allowed.
    due: Stamp,
    /// Up to when what was refused has been promised a place.
    promised: Stamp,
}

impl Pace {
    /// Takes `amount` more, or refuses it. Every refusal takes one of the places that are promised.
    ///
    /// # Errors
    /// If that is more than the rate and the burst allow.
    pub fn take(&mut self, now: Stamp, rate: Rate, amount: u64) -> Result<(), TooFast> {
        let time_of = |amount: u64| {
            amount.saturating_mul(1_000_000).checked_div(rate.per_second).unwrap_or(0).max(1)
        };
        let due = self.due.max(now).plus(time_of(amount));
        let ahead = due.since(now).saturating_sub(time_of(rate.burst.max(amount)));
        if ahead == 0 {
            self.due = due;
            return Ok(());
        }
        let latest = now.plus(LONGEST_WAIT);
        let promised = self.promised.max(now.plus(ahead)).plus(time_of(amount));
        if self.promised >= latest {
            return Err(TooFast::Flood);
        }
        self.promised = promised.min(latest);
        Err(TooFast::Wait(self.promised.since(now)))
    }

    /// Whether the pace is that of a new sender.
    pub fn is_rested(&self, now: Stamp) -> bool {
        self.due <= now && self.promised <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 100, burst: 1_200 };

    fn at(micros: u64) -> Stamp {
        Stamp::from_micros(1_800_000_000_000_000).unwrap().plus(micros)
    }

    #[test]
    fn a_burst_passes_and_then_the_pace_holds() {
        let mut pace = Pace::default();
        for _ in 0..RATE.burst {
            assert_eq!(pace.take(at(0), RATE, 1), Ok(()));
        }
        // Each that is refused has a place of its own, and finds it free when it comes back.
        assert_eq!(pace.take(at(0), RATE, 1), Err(TooFast::Wait(20_000)));
        assert_eq!(pace.take(at(0), RATE, 1), Err(TooFast::Wait(30_000)));
        assert_eq!(pace.take(at(20_000), RATE, 1), Ok(()));
        assert_eq!(pace.take(at(30_000), RATE, 1), Ok(()));
        let passed = (0..1_000).filter(|n| pace.take(at(1_000_000 + n * 1_000), RATE, 1).is_ok());
        let passed = passed.count();
        assert!((190..=200).contains(&passed), "{passed}");
    }

    #[test]
    fn refusals_are_bounded_too_and_the_clock_may_be_set_back() {
        let mut pace = Pace::default();
        let refused: Vec<_> = (0..10_000).filter_map(|_| pace.take(at(0), RATE, 1).err()).collect();
        let waits = refused.iter().take_while(|refused| **refused != TooFast::Flood).count();
        assert!((1_500..=1_600).contains(&waits), "{waits}");
        assert_eq!(refused.last(), Some(&TooFast::Flood));
        assert!(pace.take(Stamp::default(), RATE, 1).is_err());
        assert_eq!(Pace::default().take(at(0), Rate { per_second: 0, burst: 0 }, 1), Ok(()));
    }

    #[test]
    fn what_is_larger_than_the_burst_passes_alone() {
        let (mut pace, rate) = (Pace::default(), Rate { per_second: 10, burst: 20 });
        assert_eq!(pace.take(at(0), rate, 50), Ok(()));
        assert_eq!(pace.take(at(0), rate, 1), Err(TooFast::Wait(3_200_000)));
        assert!(!pace.is_rested(at(0)));
        assert_eq!(pace.take(at(5_000_000), rate, 50), Ok(()));
        assert!(pace.is_rested(at(60_000_000)));
    }
}
