//! The step budget: an input to a machine costs at most a constant for each byte of it and of what comes of it, times a
//! logarithm. Added to the bytes are those of the named exceptions: what the input has to read from the disk, and what
//! the machine holds of the entities that it touches (their values and recent changes).

use std::fmt::Display;

/// The most steps for a byte and each binary digit of the number of bytes.
const PER_BYTE: u64 = 1;

/// What every input may cost, as bytes.
const LEAST: usize = 500;

/// What an input took.
#[derive(Clone, Copy, Default)]
pub struct Work {
    /// Steps that were counted.
    pub steps: u64,
    /// The bytes of the exceptions.
    pub excepted: usize,
}

impl Work {
    /// Fails the world if the work is more than so many bytes of input and output justify.
    pub fn check(self, who: impl Display, bytes: usize) {
        let bytes = LEAST + self.excepted + bytes;
        let most = PER_BYTE * bytes as u64 * u64::from(bytes.ilog2());
        let Work { steps, excepted } = self;
        assert!(
            steps <= most,
            "{who} takes {steps} steps for {bytes} bytes ({excepted} excepted), not {most}"
        );
    }
}
