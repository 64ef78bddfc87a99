//! Clocks that stand still, jump ahead and jump back.

use temporal_entity::Stamp;

/// The clock of an object or of a browser.
#[derive(Clone, Copy, Default)]
pub struct Clock {
    /// By how many microseconds it is ahead.
    ahead: i64,
    /// What it shows while it stands still.
    stands_at: Option<Stamp>,
}

impl Clock {
    /// What it shows.
    pub fn show(&self, now: Stamp) -> Stamp {
        let runs = match u64::try_from(self.ahead) {
            Ok(ahead) => now.plus(ahead),
            Err(_) => now.minus(self.ahead.unsigned_abs()),
        };
        self.stands_at.unwrap_or(runs)
    }

    /// It jumps, and runs.
    pub fn jump(&mut self, micros: i64) {
        self.ahead += micros;
        self.stands_at = None;
    }

    /// It stands still.
    pub fn stand_still(&mut self, now: Stamp) {
        self.stands_at = Some(self.show(now));
    }

    /// It runs again.
    pub fn run(&mut self) {
        self.stands_at = None;
    }

    /// When, by the true time, it will show `at`; now if it shows later already.
    pub fn true_time(&self, now: Stamp, at: Stamp) -> Stamp {
        now.plus(at.since(self.show(now)))
    }
}
