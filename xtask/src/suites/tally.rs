//! Counting tests from what their runners print.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// What a line of output adds: the closing lines of `cargo test` and of `node --test`.
    pub fn read(line: &str) -> Self {
        cargo(line).or_else(|| node(line)).unwrap_or_default()
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; ...`
fn cargo(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |label| {
        let part = counts.split("; ").find_map(|part| part.strip_suffix(label))?;
        part.parse().ok()
    };
    Some(Tally { passed: count(" passed")?, failed: count(" failed")? })
}

/// `ℹ pass 12`, and `# pass 12` in its other format. A cancelled test never gave its verdict.
fn node(line: &str) -> Option<Tally> {
    let line = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
    let (label, count) = line.split_once(' ')?;
    let count = count.parse().ok()?;
    match label {
        "pass" => Some(Tally { passed: count, failed: 0 }),
        "fail" | "cancelled" => Some(Tally { passed: 0, failed: count }),
        _ => None,
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(output: &str) -> Tally {
        output.lines().map(Tally::read).sum()
    }

    #[test]
    fn cargo_output() {
        let output = "
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.1s
";
        assert_eq!(total(output), Tally { passed: 12, failed: 3 });
    }

    #[test]
    fn node_output() {
        let spec = "✔ one (1.2ms)\nℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 2\n\
                    ℹ skipped 1\nℹ todo 0\nℹ duration_ms 81.2";
        assert_eq!(total(spec), Tally { passed: 5, failed: 3 });
        let tap = "ok 1 - one\n# tests 1\n# pass 1\n# fail 0\n# duration_ms 40.1";
        assert_eq!(total(tap), Tally { passed: 1, failed: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in ["", "ℹ pass", "# pass many", "test result: ok", "12 passed; 3 failed"] {
            assert_eq!(Tally::read(line), Tally::default(), "{line}");
        }
    }
}
