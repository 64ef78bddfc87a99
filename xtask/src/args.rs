//! What was asked for on the command line.

use std::ffi::OsString;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::bench::{Bench, Options};
use crate::suites::Suite;

pub const USAGE: &str = "\
usage: cargo xtask COMMAND

  build                      both wasm sides and the example's page
  demo [--port N] [--check]  serves examples/board with workerd; --check drives it once in
                             headless Chromium and exits
  test [SUITE]...            unit, ui, sim, wire, worker, browser; all of them when none is
                             named. sim: SEED=7 replays one world (TRACE=1 tells all of it),
                             SEEDS=5000 or SEEDS=2000..9000 runs others than the usual ones
  gen [--check]              writes what is generated and kept in the repository: typings,
                             expansions, schema locks, bytes of the protocol's examples;
                             --check says what is stale and writes nothing
  bench [NAME]... [--json FILE] [--before FILE] [--against DIR [--rounds N]]
                             micro, edits, fanout, hostile, size; all of them when none is
                             named. --before prints what --json wrote in another checkout
                             beside the figures of hostile. --against lets this checkout and
                             the one in DIR take turns in short runs of micro, edits and
                             fanout, 10 each, and prints the ratios
  help                       this text

Tools that are missing are installed first; a second run finds them in place.";

/// One parsed command line.
#[derive(Debug, PartialEq)]
pub enum Command {
    Help,
    Build,
    Demo { port: Option<u16>, check: bool },
    Test(Vec<Suite>),
    Generate { check: bool },
    Bench { which: Vec<Bench>, options: Options },
}

/// Reads the arguments that follow the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let command = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => finish(parser, Command::Help),
        "build" => finish(parser, Command::Build),
        "demo" => demo(parser),
        "test" => test(parser),
        "gen" => generate(parser),
        "bench" => bench(parser),
        other => bail!("there is no command `{other}`"),
    }
}

fn finish(mut parser: lexopt::Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn demo(mut parser: lexopt::Parser) -> Result<Command> {
    let (mut port, mut check) = (None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => match parser.value()?.parse()? {
                0 => bail!("--port needs a number from 1 to 65535"),
                number => port = Some(number),
            },
            Long("check") => check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Demo { port, check })
}

fn test(mut parser: lexopt::Parser) -> Result<Command> {
    let mut suites = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(name) => suites.push(named(&name.string()?, "suite", &Suite::ALL, Suite::name)?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Test(or_all(suites, &Suite::ALL)))
}

fn generate(mut parser: lexopt::Parser) -> Result<Command> {
    let mut check = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Generate { check })
}

fn bench(mut parser: lexopt::Parser) -> Result<Command> {
    let (mut which, mut options) = (Vec::new(), Options::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("json") => options.json = Some(parser.value()?.into()),
            Long("before") => options.before = Some(parser.value()?.into()),
            Long("against") => options.against = Some(parser.value()?.into()),
            Long("rounds") => match parser.value()?.parse()? {
                0 => bail!("--rounds needs a number from 1 on"),
                rounds => options.rounds = Some(rounds),
            },
            Value(name) => {
                which.push(named(&name.string()?, "benchmark", &Bench::ALL, Bench::name)?)
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if options.rounds.is_some() && options.against.is_none() {
        bail!("--rounds goes with --against");
    }
    let all = match options.against {
        Some(_) => &Bench::PAIRED[..],
        None => &Bench::ALL,
    };
    let which = or_all(which, all);
    if which.is_empty() {
        bail!("--against goes with micro, edits and fanout");
    }
    Ok(Command::Bench { which, options })
}

fn named<T: Copy>(word: &str, kind: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T> {
    match all.iter().copied().find(|&candidate| name(candidate) == word) {
        Some(found) => Ok(found),
        None => {
            let names: Vec<_> = all.iter().copied().map(name).collect();
            bail!("there is no {kind} `{word}`; there are: {}", names.join(", "))
        }
    }
}

/// Named ones run once each and in the listed order, however often and in whatever order they
/// were named.
fn or_all<T: Copy + PartialEq>(chosen: Vec<T>, all: &[T]) -> Vec<T> {
    all.iter().copied().filter(|one| chosen.is_empty() || chosen.contains(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn refusal(line: &str) -> String {
        parsed(line).expect_err("should be refused").to_string()
    }

    #[test]
    fn commands() {
        assert_eq!(parsed("").unwrap(), Command::Help);
        assert_eq!(parsed("--help").unwrap(), Command::Help);
        assert_eq!(parsed("build").unwrap(), Command::Build);
        assert_eq!(parsed("demo").unwrap(), Command::Demo { port: None, check: false });
        assert_eq!(parsed("gen").unwrap(), Command::Generate { check: false });
        assert_eq!(parsed("gen --check").unwrap(), Command::Generate { check: true });
        let asked = Command::Demo { port: Some(9000), check: true };
        assert_eq!(parsed("demo --check --port=9000").unwrap(), asked);
        assert_eq!(parsed("demo --port 9000 --check").unwrap(), asked);
    }

    #[test]
    fn no_name_means_all() {
        assert_eq!(parsed("test").unwrap(), Command::Test(Suite::ALL.to_vec()));
        let options = Options { json: Some("out.json".into()), ..Options::default() };
        let all = Command::Bench { which: Bench::ALL.to_vec(), options };
        assert_eq!(parsed("bench --json out.json").unwrap(), all);
        let options =
            Options { against: Some("other".into()), rounds: Some(3), ..Options::default() };
        let paired = Command::Bench { which: Bench::PAIRED.to_vec(), options };
        assert_eq!(parsed("bench --against other --rounds 3").unwrap(), paired);
    }

    #[test]
    fn named_ones_run_once_in_order() {
        let chosen = parsed("test worker unit worker").unwrap();
        assert_eq!(chosen, Command::Test(vec![Suite::Unit, Suite::Worker]));
    }

    #[test]
    fn refusals_name_what_is_wrong() {
        assert_eq!(refusal("dmeo"), "there is no command `dmeo`");
        assert_eq!(
            refusal("test units"),
            "there is no suite `units`; there are: unit, ui, sim, wire, worker, browser"
        );
        assert_eq!(
            refusal("bench speed"),
            "there is no benchmark `speed`; there are: micro, edits, fanout, hostile, size"
        );
        assert_eq!(refusal("bench edits --rounds 3"), "--rounds goes with --against");
        assert!(refusal("bench size --against other").contains("micro, edits and fanout"));
        assert!(refusal("demo --ports 1").contains("--ports"));
        assert!(refusal("demo --port many").contains("many"));
        assert!(refusal("demo --port 0").contains("1 to 65535"));
        assert!(refusal("build board").contains("board"));
    }
}
