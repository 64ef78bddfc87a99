//! `cargo xtask gen`: what is generated and kept in the repository. Each piece is held by a test, which writes it anew
//! where `UPDATE_EXPECT` is set; so there is one place that knows what it has to be.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::project::Project;

/// What is generated, and the test that holds it.
const PIECES: [(&str, &[&str]); 4] = [
    ("the example's entities.lock", &["--package=board", "--lib", "entities_lock"]),
    ("golden typings", &["--package=temporal-entity-tests", "--test=typings"]),
    ("bytes of the protocol's examples", &["--package=temporal-entity-tests", "--test=protocol"]),
    ("golden expansions", &["--package=temporal-entity-macros", "--lib"]),
];

/// Writes all pieces, or says which ones are stale.
pub fn run(project: &Project, check: bool) -> Result<ExitCode> {
    let mut stale = 0;
    for (what, test) in PIECES {
        let mut command = process::cargo();
        command.args(["test", "--quiet"]).args(test).current_dir(&project.root);
        match check {
            true => command.env_remove("UPDATE_EXPECT"),
            false => command.env("UPDATE_EXPECT", "1"),
        };
        // A lock has what it does not write anew: then the test says what to do.
        let holds = process::run_quietly(&mut command).is_ok();
        stale += u32::from(!holds);
        println!("{what}: {}", if holds { "up to date" } else { "STALE" });
    }
    if stale > 0 && check {
        println!("`cargo xtask gen` writes anew what may be written");
    }
    Ok(if stale == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
