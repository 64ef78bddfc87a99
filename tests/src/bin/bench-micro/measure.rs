//! Timing of native contenders, in the same way as `peers.mjs` times those in Node.

use std::time::{Duration, Instant};

use temporal_entity_bench::Contender;

use crate::figures::Spread;

/// Samples of each contender.
pub const ROUNDS: usize = 15;

/// How long a sample takes, so that two looks at the clock are nothing beside it.
pub const SAMPLE: Duration = Duration::from_millis(20);

/// Every contender once per round, so that a disturbance of the machine meets them all.
pub fn measure(contenders: &mut [Contender]) -> Vec<Spread> {
    let counts: Vec<_> = contenders.iter_mut().map(iterations).collect();
    let mut nanos = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for _ in 0..ROUNDS {
        for ((contender, count), nanos) in contenders.iter_mut().zip(&counts).zip(&mut nanos) {
            let took = time(contender, *count);
            nanos.push(took.as_secs_f64() * 1e9 / f64::from(*count));
        }
    }
    nanos.into_iter().map(Spread::of).collect()
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
