//! The example, served by workerd on this machine.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::{self, Background};
use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, setup};

const PORT: u16 = 8787;

/// workerd listens within a fraction of this.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Serves until Ctrl-C; what was entered is there again the next time.
pub fn serve(project: &Project, port: Option<u16>) -> Result<()> {
    let port = port.unwrap_or(PORT);
    // Before the build, which can take minutes.
    expect_free(port)?;
    let workerd = {
        let setup = Setup::begin(project)?;
        assemble::everything(&setup)?;
        setup.workerd()?
    };
    let storage = project.root.join(".storage/demo");
    let key = session_key(&project.root.join(".storage/demo.key"))?;
    let server = server(project, &workerd, port, &storage, &key)?;
    // Somebody may have taken it meanwhile.
    expect_free(port)?;
    println!(
        "\nThe board is at http://127.0.0.1:{port}\n\
         Open it in two browsers, log in under two names, and edit a card in one of them.\n\
         Cards are kept in {}. Ctrl-C stops the server.\n",
        storage.display()
    );
    process::become_server(&server).map(drop).context("could not start workerd")
}

/// Drives the demo once in a headless browser, on storage of its own.
pub fn check(project: &Project, port: Option<u16>) -> Result<ExitCode> {
    let (workerd, chromium) = {
        let setup = Setup::begin(project)?;
        let chromium = setup.chromium()?;
        assemble::everything(&setup)?;
        (setup.workerd()?, chromium)
    };
    let port = match port {
        Some(port) => expect_free(port).map(|()| port)?,
        None => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
    };
    let storage = project.scratch().join("check-storage");
    if storage.exists() {
        fs::remove_dir_all(&storage)?;
    }
    let mut server =
        Background::start(&mut server(project, &workerd, port, &storage, &random_key()?)?)?;
    await_listening(port, &mut server)?;

    let url = format!("http://127.0.0.1:{port}");
    setup::say(&format!("driving {url} in headless Chromium"));
    let mut script = Command::new("node");
    script.arg("tests/browser/demo.mjs").arg(url);
    let outcome = process::run(script.env("CHROMIUM", chromium).current_dir(&project.root));
    drop(server);
    fs::remove_dir_all(storage)?;
    outcome.context("the demo does not work")?;
    println!("the demo works");
    Ok(ExitCode::SUCCESS)
}

fn server(
    project: &Project,
    workerd: &Path,
    port: u16,
    storage: &Path,
    session_key: &str,
) -> Result<Command> {
    fs::create_dir_all(storage).with_context(|| format!("creating {}", storage.display()))?;
    let board = project.board();
    let site = board.join("web/dist");
    let mut command = Command::new(workerd);
    command.arg("serve").arg(board.join("workerd.capnp")).arg("--experimental");
    command.arg("--socket-addr").arg(format!("http=127.0.0.1:{port}"));
    command.arg("--directory-path").arg(format!("storage={}", storage.display()));
    command.arg("--directory-path").arg(format!("site={}", site.display()));
    command.env("ENVIRONMENT", "development").env("SESSION_KEY", session_key);
    Ok(command)
}

fn expect_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("port {port} is in use; choose another one: cargo xtask demo --port N")
        }
        Err(error) => {
            bail!(
                "port {port} cannot be used ({error}); choose another one: cargo xtask demo --port N"
            )
        }
    }
}

fn await_listening(port: u16, server: &mut Background) -> Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        server.expect_running()?;
        if Instant::now() > deadline {
            bail!("workerd does not listen after {} s", START_LIMIT.as_secs());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Kept, so that those who logged in before a restart still are; readable by its owner alone.
fn session_key(path: &Path) -> Result<String> {
    let context = || format!("keeping the session key in {}", path.display());
    match fs::read_to_string(path) {
        Ok(key) => Ok(key),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = random_key()?;
            fs::create_dir_all(path.parent().with_context(context)?)?;
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            file.and_then(|mut file| file.write_all(key.as_bytes())).with_context(context)?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(context),
    }
}

fn random_key() -> Result<String> {
    let mut bytes = [0; 32];
    let source = "/dev/urandom";
    fs::File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).context(source)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_session_key_is_made_once_and_private() {
        let folder = std::env::temp_dir().join(format!("xtask-key-{}", std::process::id()));
        let path = folder.join("demo.key");
        let key = session_key(&path).unwrap();
        assert_eq!(key.len(), 64);
        assert_eq!(session_key(&path).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = expect_free(port).unwrap_err().to_string();
        let way_out = "choose another one: cargo xtask demo --port N";
        assert_eq!(error, format!("port {port} is in use; {way_out}"));
    }
}
