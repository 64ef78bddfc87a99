//! Running other programs, with errors that say what was run.

use std::convert::Infallible;
use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The cargo that runs this program.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo run` describes xtask itself in these; build scripts that watch them would run anew
    // each time a build by hand follows one from here.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs to the end, sharing our terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| starting(command))?;
    expect_success(command, status)
}

/// Runs to the end and shows the output only when it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| starting(command))?;
    if !output.status.success() {
        let mut terminal = std::io::stderr().lock();
        terminal.write_all(&output.stdout)?;
        terminal.write_all(&output.stderr)?;
    }
    expect_success(command, output.status)
}

/// What it prints, trimmed.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| starting(command))?;
    expect_success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs to the end, shows every line of standard output and hands it to `on_line`.
pub fn watch(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| starting(command))?;
    let output = child.stdout.take().context("standard output was not piped")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        on_line(&line);
    }
    child.wait().with_context(|| starting(command))
}

/// Runs a server in our place. SIGTERM and Ctrl-C end it within a second: workerd waits on SIGTERM until every socket is
/// closed, which browsers do not do, so it is killed if it has not ended after half a second. Nothing that it has
/// acknowledged is lost.
pub fn become_server(server: &Command) -> Result<Infallible> {
    Err(signalled(server).exec().into())
}

fn signalled(server: &Command) -> Command {
    const SCRIPT: &str = r#"
        stop() {
            kill -TERM "$server" 2>/dev/null
            sleep 0.5
            kill -KILL "$server" 2>/dev/null
        }
        trap stop INT TERM HUP
        "$@" &
        server=$!
        wait "$server"
        code=$?
        # A signal ends the waiting before the server.
        kill -0 "$server" 2>/dev/null && wait "$server"
        exit "$code"
    "#;
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", SCRIPT, "sh"]).arg(server.get_program()).args(server.get_args());
    shell.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

/// A program that runs beside us and ends with this value.
pub struct Background {
    child: Child,
    what: String,
}

impl Background {
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| starting(command))?;
        Ok(Self { child, what: describe(command) })
    }

    /// An error if it has ended already.
    pub fn expect_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("`{}` ended early: {status}", self.what),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself, which is just as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first executable of that name in `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The value of a search path variable with `folder` put in front.
pub fn with_first(variable: &str, folder: PathBuf) -> Result<OsString> {
    let rest = env::var_os(variable).unwrap_or_default();
    let rest = env::split_paths(&rest).filter(|path| !path.as_os_str().is_empty());
    Ok(env::join_paths(std::iter::once(folder).chain(rest))?)
}

fn expect_success(command: &Command, status: ExitStatus) -> Result<()> {
    match status.success() {
        true => Ok(()),
        false => bail!("`{}` failed ({status})", describe(command)),
    }
}

fn starting(command: &Command) -> String {
    format!("could not start `{}`", describe(command))
}

/// Program and arguments, the program without its folder: for people, not for a shell.
fn describe(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert_eq!(error, "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_server_that_does_not_heed_sigterm_is_ended_by_it() {
        let script = "trap '' TERM; echo $$; while :; do sleep 1; done";
        let mut deaf = Command::new("/bin/sh");
        let mut server = signalled(deaf.args(["-c", script]));
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        run(Command::new("/bin/kill").args(["-TERM", &server.id().to_string()])).unwrap();
        assert!(!server.wait().unwrap().success());
        let mut is_there = Command::new("/bin/kill");
        is_there.args(["-0", number.trim()]).stderr(Stdio::null());
        assert!(run(&mut is_there).is_err(), "it still runs");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("/nowhere/tool")).unwrap_err().to_string();
        assert_eq!(error, "could not start `tool`");
    }

    #[test]
    fn watching_hands_on_every_line() {
        let mut lines = Vec::new();
        let script = "echo one; printf two";
        let status = watch(Command::new("/bin/sh").args(["-c", script]), |line| {
            lines.push(line.to_owned());
        });
        assert!(status.unwrap().success());
        assert_eq!(lines, ["one", "two"]);
    }
}
