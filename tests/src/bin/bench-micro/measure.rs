//! Timing of native contenders, in the same way as `peers.mjs` times those in Node.

use std::time::{Duration, Instant};

use temporal_entity_bench::Contender;

use crate::figures::{Figure, Place};

/// Samples of each contender.
pub const ROUNDS: usize = 15;

/// The same where two builds take turns, which is repeated.
pub const SHORT_ROUNDS: usize = 5;

/// How long a sample takes, so that two looks at the clock are nothing beside it.
pub const SAMPLE: Duration = Duration::from_millis(20);

/// Contenders, and how many iterations of each make a sample.
pub struct Native(Vec<(Contender, u32)>);

impl Native {
    pub fn new(contenders: Vec<Contender>) -> Self {
        let counted = |mut contender| {
            let count = iterations(&mut contender);
            (contender, count)
        };
        Self(contenders.into_iter().map(counted).collect())
    }

    /// One for each contender.
    pub fn figures(&self) -> impl Iterator<Item = Figure> {
        self.0.iter().map(|(c, _)| Figure::new(c.group.name(), c.name, Place::Native))
    }

    /// A sample of each: nanoseconds per call.
    pub fn round(&mut self) -> Vec<f64> {
        let sample = |(contender, count): &mut (Contender, u32)| {
            time(contender, *count).as_secs_f64() * 1e9 / f64::from(*count)
        };
        self.0.iter_mut().map(sample).collect()
    }
}

/// So many iterations that one sample takes as long as it should.
fn iterations(contender: &mut Contender) -> u32 {
    let mut count = 1;
    loop {
        let took = time(contender, count);
        if took > SAMPLE / 4 {
            let count = f64::from(count) * SAMPLE.as_secs_f64() / took.as_secs_f64();
            // A cast of a float stops at the bounds of the integer.
            return (count.round() as u32).max(1);
        }
        count *= 2;
    }
}

fn time(contender: &mut Contender, iterations: u32) -> Duration {
    let started = Instant::now();
    contender.run(iterations);
    started.elapsed()
}
