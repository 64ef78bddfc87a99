//! `cargo xtask`: sets the machine up, builds both wasm sides, and runs the demo, tests, benchmarks.
//!
//! Everything that a clone needs beyond Rust, node and a network is installed here, so that the
//! README can name one command and CI can call the same one.

mod args;
mod assemble;
mod bench;
mod demo;
mod fresh;
mod generated;
mod lockfile;
mod process;
mod project;
mod setup;
mod suites;

use std::process::ExitCode;

use anyhow::Result;
use args::Command;
use project::Project;
use setup::Setup;

#[cfg(not(unix))]
compile_error!("cargo xtask needs Linux or macOS; on Windows, use WSL");

fn main() -> ExitCode {
    let command = match args::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let project = Project::here();
    match command {
        Command::Help => println!("{}", args::USAGE),
        Command::Build => assemble::everything(&Setup::begin(&project)?)?,
        Command::Demo { port, check: false } => demo::serve(&project, port)?,
        Command::Demo { port, check: true } => return demo::check(&project, port),
        Command::Generate { check } => return generated::run(&project, check),
        Command::Test(suites) => return Ok(suites::run(&project, &suites)),
        Command::Bench { which, options } => bench::run(&project, &which, &options)?,
    }
    Ok(ExitCode::SUCCESS)
}
