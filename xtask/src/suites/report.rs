//! What became of one suite.

use std::fmt;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::Tally;
use crate::process;

#[derive(Default)]
pub struct Report {
    suite: &'static str,
    tally: Tally,
    /// What went wrong, one line each.
    reasons: Vec<String>,
    took: Duration,
}

impl Report {
    /// Lets `suite` run and report.
    pub fn of(suite: &'static str, run: impl FnOnce(&mut Self) -> Result<()>) -> Self {
        let mut report = Self { suite, ..Self::default() };
        let started = Instant::now();
        if let Err(error) = run(&mut report) {
            report.fail(format!("{error:#}"));
        }
        report.took = started.elapsed();
        report
    }

    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Runs a command that is one check by itself.
    pub fn check(&mut self, what: &str, command: &mut Command) {
        let Some((status, _)) = self.watch(what, command) else { return };
        match status.success() {
            true => self.tally.passed += 1,
            false => self.fail(format!("{what}: {status}")),
        }
    }

    /// Runs a command that tells how many tests passed and failed.
    pub fn tests(&mut self, what: &str, command: &mut Command) {
        let Some((status, tally)) = self.watch(what, command) else { return };
        self.tally += tally;
        match (status.success(), tally) {
            (_, Tally { failed: 1.., .. }) => {
                self.reasons.push(format!("{what}: {} failed", tally.failed));
            }
            (false, _) => self.fail(format!("{what}: {status}")),
            (true, Tally { passed: 0, .. }) => self.fail(format!("{what}: ran no test")),
            (true, _) => {}
        }
    }

    fn watch(&mut self, what: &str, command: &mut Command) -> Option<(ExitStatus, Tally)> {
        println!("\n── {}: {what}", self.suite);
        let mut tally = Tally::default();
        match process::watch(command, |line| tally += Tally::read(line)) {
            Ok(status) => Some((status, tally)),
            Err(error) => {
                self.fail(format!("{what}: {error:#}"));
                None
            }
        }
    }

    /// Counts a failure that no test reported.
    fn fail(&mut self, reason: String) {
        self.tally.failed += 1;
        self.reasons.push(reason);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let seconds = self.took.as_secs_f64().round();
        write!(f, "{}: {} ({seconds} s)", self.suite, self.tally)?;
        self.reasons.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(program: &str) -> String {
        let mut report = Report { suite: "unit", ..Report::default() };
        report.check("lint", &mut Command::new(program));
        report.to_string()
    }

    fn tested(script: &str) -> String {
        let mut report = Report { suite: "unit", ..Report::default() };
        report.tests("all", Command::new("/bin/sh").args(["-c", script]));
        report.to_string()
    }

    #[test]
    fn a_check_counts_one() {
        assert_eq!(checked("true"), "unit: 1 passed, 0 failed (0 s)");
        assert_eq!(checked("false"), "unit: 0 passed, 1 failed (0 s)\n  lint: exit status: 1");
        let missing = checked("/nowhere/lint");
        assert_eq!(missing.lines().next(), Some("unit: 0 passed, 1 failed (0 s)"));
        assert!(missing.contains("\n  lint: could not start `lint`"), "{missing}");
    }

    #[test]
    fn tests_count_what_they_print() {
        let passed = tested("echo 'test result: ok. 3 passed; 0 failed; 0 ignored;'");
        assert_eq!(passed, "unit: 3 passed, 0 failed (0 s)");
        let failed = tested("echo 'test result: FAILED. 3 passed; 2 failed; 0 ignored;'; exit 1");
        assert_eq!(failed, "unit: 3 passed, 2 failed (0 s)\n  all: 2 failed");
    }

    #[test]
    fn broken_and_empty_runs_fail() {
        let broken = tested("exit 101");
        assert_eq!(broken, "unit: 0 passed, 1 failed (0 s)\n  all: exit status: 101");
        let cut_short = tested("echo 'test result: ok. 3 passed; 0 failed; 0 ignored;'; exit 101");
        assert_eq!(cut_short, "unit: 3 passed, 1 failed (0 s)\n  all: exit status: 101");
        let empty = tested("echo 'test result: ok. 0 passed; 0 failed; 9 ignored;'");
        assert_eq!(empty, "unit: 0 passed, 1 failed (0 s)\n  all: ran no test");
    }

    #[test]
    fn what_stops_a_suite_is_a_failure() {
        let report = Report::of("worker", |_| anyhow::bail!("no workerd"));
        assert_eq!(report.to_string(), "worker: 0 passed, 1 failed (0 s)\n  no workerd");
    }
}
