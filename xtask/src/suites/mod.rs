//! `cargo xtask test`: runs suites, shows their output, and counts.

mod browser;
mod node;
mod report;
mod sim;
mod tally;
mod ui;
mod unit;
mod wire;
mod worker;

use std::process::ExitCode;

use anyhow::Result;

use crate::project::Project;
use report::Report;
use tally::Tally;

/// The package with the tests that no other package can hold.
const TESTS: &str = "temporal-entity-tests";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suite {
    /// Formatting, lints, tests without a server, every combination of features.
    Unit,
    /// What the macro says to those who misuse it.
    Ui,
    /// The four machines in a world where everything breaks.
    Sim,
    /// What cbor-x reads and writes.
    Wire,
    /// The built worker in workerd.
    Worker,
    /// The built page in Chromium.
    Browser,
}

impl Suite {
    pub const ALL: [Self; 6] =
        [Self::Unit, Self::Ui, Self::Sim, Self::Wire, Self::Worker, Self::Browser];

    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Ui => "ui",
            Self::Sim => "sim",
            Self::Wire => "wire",
            Self::Worker => "worker",
            Self::Browser => "browser",
        }
    }

    /// Sets up, builds and runs; an error is what kept the suite from going on.
    fn run(self, project: &Project, report: &mut Report) -> Result<()> {
        match self {
            Self::Unit => unit::run(project, report),
            Self::Ui => ui::run(project, report),
            Self::Sim => sim::run(project, report),
            Self::Wire => wire::run(project, report),
            Self::Worker => worker::run(project, report),
            Self::Browser => browser::run(project, report),
        }
    }
}

/// Runs suites one after the other. The last line is `N passed, M failed` over all of them.
pub fn run(project: &Project, suites: &[Suite]) -> ExitCode {
    let report = |&suite: &Suite| Report::of(suite.name(), |report| suite.run(project, report));
    let reports: Vec<_> = suites.iter().map(report).collect();
    println!();
    for report in &reports {
        println!("{report}");
    }
    let total: Tally = reports.iter().map(Report::tally).sum();
    println!("{total}");
    match total.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
