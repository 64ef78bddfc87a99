//! `cargo xtask test`: runs suites, shows their output, and counts.

mod browser;
mod tally;
mod ui;
mod unit;
mod worker;

use std::fmt;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process;
use crate::project::Project;
use tally::Tally;

/// The package with the tests that no other package can hold.
const TESTS: &str = "temporal-entity-tests";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suite {
    /// Formatting, lints, tests without a server, every combination of features.
    Unit,
    /// What the macro says to those who misuse it.
    Ui,
    /// The built worker in workerd.
    Worker,
    /// The built page in Chromium.
    Browser,
}

impl Suite {
    pub const ALL: [Self; 4] = [Self::Unit, Self::Ui, Self::Worker, Self::Browser];

    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Ui => "ui",
            Self::Worker => "worker",
            Self::Browser => "browser",
        }
    }

    /// Sets up and builds what the suite needs.
    fn steps(self, project: &Project) -> Result<Vec<Step>> {
        match self {
            Self::Unit => unit::steps(project),
            Self::Ui => Ok(ui::steps(project)),
            Self::Worker => worker::steps(project),
            Self::Browser => browser::steps(project),
        }
    }
}

/// One command of a suite.
struct Step {
    what: String,
    command: Command,
    /// Whether its output counts tests; a step that does not is one check by itself.
    counts: bool,
}

impl Step {
    fn check(what: impl Into<String>, command: Command) -> Self {
        Self { what: what.into(), command, counts: false }
    }

    fn tests(what: impl Into<String>, command: Command) -> Self {
        Self { what: what.into(), command, counts: true }
    }
}

/// What became of one suite.
struct Report {
    suite: Suite,
    tally: Tally,
    /// What went wrong, one line each.
    reasons: Vec<String>,
    took: Duration,
}

/// Runs suites one after the other. The last line is `N passed, M failed` over all of them.
pub fn run(project: &Project, suites: &[Suite]) -> ExitCode {
    let reports: Vec<_> = suites.iter().map(|&suite| Report::of(suite, project)).collect();
    println!();
    for report in &reports {
        println!("{report}");
    }
    let total: Tally = reports.iter().map(|report| report.tally).sum();
    println!("{total}");
    match total.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

impl Report {
    fn of(suite: Suite, project: &Project) -> Self {
        let mut report =
            Self { suite, tally: Tally::default(), reasons: Vec::new(), took: Duration::ZERO };
        let started = Instant::now();
        match suite.steps(project) {
            Ok(steps) => steps.into_iter().for_each(|step| report.take(step)),
            Err(error) => report.fail(format!("{error:#}")),
        }
        report.took = started.elapsed();
        report
    }

    fn take(&mut self, mut step: Step) {
        println!("\n── {}: {}", self.suite.name(), step.what);
        let mut tally = Tally::default();
        let status = match process::watch(&mut step.command, |line| tally += Tally::read(line)) {
            Ok(status) => status,
            Err(error) => return self.fail(format!("{}: {error:#}", step.what)),
        };
        if !step.counts {
            tally = Tally { passed: u32::from(status.success()), failed: 0 };
        }
        self.tally += tally;
        match (status.success(), tally.failed, tally.passed) {
            (true, 0, 0) => self.fail(format!("{}: ran no test", step.what)),
            (true, 0, _) => {}
            (_, 0, _) => self.fail(format!("{}: {status}", step.what)),
            (_, failed, _) => self.reasons.push(format!("{}: {failed} failed", step.what)),
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
        write!(f, "{}: {} ({seconds} s)", self.suite.name(), self.tally)?;
        self.reasons.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(step: Step) -> String {
        let mut report = Report {
            suite: Suite::Unit,
            tally: Tally::default(),
            reasons: Vec::new(),
            took: Duration::from_millis(1600),
        };
        report.take(step);
        report.to_string()
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn checks_count_one() {
        assert_eq!(report(Step::check("fmt", shell("true"))), "unit: 1 passed, 0 failed (2 s)");
        let failed = report(Step::check("fmt", shell("false")));
        assert_eq!(failed, "unit: 0 passed, 1 failed (2 s)\n  fmt: exit status: 1");
    }

    #[test]
    fn tests_count_what_they_print() {
        let line = "test result: FAILED. 3 passed; 2 failed; 0 ignored;";
        let failed = report(Step::tests("all", shell(&format!("echo '{line}'; exit 101"))));
        assert_eq!(failed, "unit: 3 passed, 2 failed (2 s)\n  all: 2 failed");
    }

    #[test]
    fn broken_and_empty_runs_fail() {
        let broken = report(Step::tests("all", shell("exit 101")));
        assert_eq!(broken, "unit: 0 passed, 1 failed (2 s)\n  all: exit status: 101");
        let empty = report(Step::tests("all", shell("echo nothing to see")));
        assert_eq!(empty, "unit: 0 passed, 1 failed (2 s)\n  all: ran no test");
        let missing = report(Step::check("lint", Command::new("/nowhere/lint")));
        assert!(missing.contains("\n  lint: could not start `lint`"), "{missing}");
    }
}
