//! The real workerd, as a process of its own for as long as a test needs it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{self, Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// What the server under test signs its sessions with.
pub const SESSION_KEY: &str = "a key for tests, of more than 32 bytes";

/// What workerd is to run.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The file, in the project's folder.
    pub file: &'static str,
    /// Whether workerd gets it in its binary form: reading the text takes a while.
    pub compiled: bool,
    /// The sockets that it names; `http` is the one for clients.
    pub sockets: &'static [&'static str],
}

/// The example under test, with a control worker beside it.
pub const TEST: Config = Config {
    file: "tests/worker-config/test.capnp",
    compiled: false,
    sockets: &["http", "control"],
};

/// The same as a build that unwinds.
pub const UNWIND: Config = Config { file: "tests/worker-config/unwind.capnp", ..TEST };

/// The same with Persons that cannot be reached.
pub const UNREACHABLE: Config = Config { file: "tests/worker-config/unreachable.capnp", ..TEST };

/// The example with an entity to measure.
pub const BENCH: Config = Config { file: "tests/worker-config/bench.capnp", ..TEST };

/// The same worker with one type of entity, and nothing beside it, in binary: to measure how it starts. It is the least that
/// an application can have, so the text and the worker for tests of the others are not in what is measured.
pub const START: Config =
    Config { file: "tests/worker-config/start.capnp", compiled: true, sockets: &["http"] };

/// The hand-written floors of the benchmark.
pub const FLOOR: Config =
    Config { file: "tests/bench-floor/floor.capnp", compiled: false, sockets: &["http"] };

/// The name that every configuration gives to the folder with the databases.
const STORAGE: &str = "storage";

/// A running workerd. It ends when this value is dropped, and its storage goes with it.
pub struct Workerd {
    config: Config,
    variables: Vec<(&'static str, &'static str)>,
    storage: TempFolder,
    child: Child,
    ports: Ports,
}

/// The name of a compiled configuration, which lies among the databases.
const COMPILED: &str = "config.bin";

/// On which port each socket listens; 0 lets the system choose.
type Ports = BTreeMap<&'static str, u16>;

impl Workerd {
    /// Starts one with these variables; the configuration names those that reach the worker.
    pub fn start(config: Config, variables: &[(&'static str, &'static str)]) -> Workerd {
        Workerd::start_on(config, variables, TempFolder::new())
    }

    /// As [`Workerd::start`], with copies of the databases in a folder.
    pub fn start_with(
        config: Config,
        variables: &[(&'static str, &'static str)],
        databases: &Path,
    ) -> Workerd {
        let storage = TempFolder::new();
        copy(databases, &storage.0);
        Workerd::start_on(config, variables, storage)
    }

    /// Ends it, and copies the databases of its objects into a folder.
    pub fn save(mut self, databases: &Path) {
        self.kill();
        copy(&self.storage.0, databases);
    }

    fn start_on(
        config: Config,
        variables: &[(&'static str, &'static str)],
        storage: TempFolder,
    ) -> Workerd {
        let mut variables = variables.to_vec();
        variables.push(("SESSION_KEY", SESSION_KEY));
        // Tests and benchmarks send as fast, create and write as much as they can; one that is about these limits sets others.
        for (name, most) in [
            ("REQUESTS_PER_SECOND", "1000000"),
            ("BYTES_PER_SECOND", "1000000000"),
            ("NEW_ENTITIES_PER_HOUR", "1000000"),
            ("DAILY_BYTES", "9000000000"),
        ] {
            if !variables.iter().any(|(known, _)| *known == name) {
                variables.push((name, most));
            }
        }
        compile(&config, &storage.0);
        let ports = config.sockets.iter().map(|name| (*name, 0)).collect();
        let (child, ports) = spawn(&config, &variables, &storage.0, ports);
        Workerd { config, variables, storage, child, ports }
    }

    /// Ends it by SIGKILL, in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().expect("workerd can be killed");
        self.child.wait().expect("a killed process ends");
    }

    /// Starts it again with another configuration, as after a deployment. Its sockets are some of those before.
    pub fn redeploy(&mut self, config: Config) {
        self.kill();
        compile(&config, &self.storage.0);
        self.ports.retain(|name, _| config.sockets.contains(name));
        self.config = config;
        self.restart();
    }

    /// Starts it again on the same ports with the same storage.
    pub fn restart(&mut self) {
        let ports = self.ports.clone();
        let (child, _) = spawn(&self.config, &self.variables, &self.storage.0, ports);
        self.child = child;
    }

    /// Starts it as [`Workerd::restart`] does, and kills it after so long, wherever it is by then.
    pub fn start_and_kill(&mut self, after: Duration) {
        self.child = command(&self.config, &self.variables, &self.storage.0, &self.ports)
            .stdout(Stdio::null())
            .spawn()
            .expect("workerd can be started");
        thread::sleep(after);
        self.kill();
    }

    /// Processor time that it has used. Unlike time on a clock it hardly depends on what else the machine does.
    pub fn cpu_time(&self) -> Duration {
        self.try_cpu_time().expect("Linux tells what a process has used")
    }

    /// As [`Workerd::cpu_time`]; `None` if the process has ended.
    pub fn try_cpu_time(&self) -> Option<Duration> {
        /// The unit of the counters, which Linux fixed for all programs.
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The second field is the program's name in brackets; the 14th and 15th are the counters.
        let (_, fields) = stat.rsplit_once(')').expect("the name is in brackets");
        let counters = fields.split_whitespace().skip(11).take(2);
        Some(TICK * counters.map(|ticks| ticks.parse::<u32>().expect("a counter")).sum())
    }

    /// The files of the databases of all objects: their names, and their bytes.
    pub fn databases(&self) -> Vec<(PathBuf, u64)> {
        let mut files = Vec::new();
        databases(&self.storage.0, &mut files);
        files
    }

    /// Memory of the process that is in use: that of wasm and JavaScript, and of workerd itself.
    pub fn resident_bytes(&self) -> u64 {
        self.status_bytes("VmRSS:").expect("Linux tells what a process uses")
    }

    /// The most memory that the process ever had in use; `None` if it has ended.
    pub fn peak_bytes(&self) -> Option<u64> {
        self.status_bytes("VmHWM:")
    }

    fn status_bytes(&self, name: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes = line.trim().strip_suffix(" kB");
        Some(1024 * kilobytes.and_then(|number| number.parse::<u64>().ok()).expect("a number"))
    }

    /// The number of the process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// The origin of a socket of the configuration.
    pub fn origin_of(&self, socket: &str) -> String {
        let port = self.ports.get(socket).expect("the configuration has this socket");
        format!("http://127.0.0.1:{port}")
    }

    /// The origin of the pages that it serves.
    pub fn origin(&self) -> String {
        self.origin_of("http")
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts workerd and waits until it listens.
fn spawn(
    config: &Config,
    variables: &[(&'static str, &'static str)],
    storage: &Path,
    ports: Ports,
) -> (Child, Ports) {
    let mut command = command(config, variables, storage, &ports);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("workerd can be started");
    let output = child.stdout.take().expect("standard output is piped");
    (child, listening(output, ports))
}

fn command(
    config: &Config,
    variables: &[(&'static str, &'static str)],
    storage: &Path,
    ports: &Ports,
) -> Command {
    let mut command = Command::new(binary());
    // File descriptor 1: workerd says on its standard output on which ports it listens.
    command.args(["serve", "--experimental", "--control-fd=1"]);
    for (socket, port) in ports {
        command.arg(format!("--socket-addr={socket}=127.0.0.1:{port}"));
    }
    command.arg(format!("--directory-path={STORAGE}={}", storage.display()));
    if config.compiled {
        command.arg("--binary").arg(storage.join(COMPILED));
    } else {
        command.arg(configured().join(config.file));
    }
    command.envs(variables.iter().copied());
    command
}

/// Writes the binary form of a configuration that is wanted in it.
fn compile(config: &Config, folder: &Path) {
    if !config.compiled {
        return;
    }
    let file = configured().join(config.file);
    let output = Command::new(binary()).args(["compile", "--config-only"]).arg(&file).output();
    let output = output.expect("workerd can be started");
    assert!(output.status.success(), "{}: {output:?}", file.display());
    fs::write(folder.join(COMPILED), output.stdout).expect("the folder can be written to");
}

/// The ports that are reported, once all are.
fn listening(output: ChildStdout, mut ports: Ports) -> Ports {
    let mut output = BufReader::new(output);
    let mut missing = ports.len();
    let mut line = String::new();
    while missing > 0 {
        line.clear();
        let length = output.read_line(&mut line).expect("workerd writes text");
        assert!(length > 0, "workerd ended before it listened");
        match listen_event(&line) {
            Some((socket, port)) => {
                let known = ports.iter_mut().find(|(name, _)| **name == socket);
                *known.expect("a socket of the configuration").1 = port;
                missing -= 1;
            }
            None => eprint!("{line}"),
        }
    }
    // What else it prints belongs to the test's output, and must not fill the pipe.
    thread::spawn(move || io::copy(&mut output, &mut io::stderr()));
    ports
}

/// Name and port in `{"event":"listen","socket":"http","port":8787}`.
fn listen_event(line: &str) -> Option<(String, u16)> {
    let event: serde_json::Value = serde_json::from_str(line).ok()?;
    let port = event["port"].as_u64()?.try_into().ok()?;
    (event["event"] == "listen").then_some((event["socket"].as_str()?.to_owned(), port))
}

fn binary() -> PathBuf {
    env::var_os("WORKERD").map(PathBuf::from).expect(
        "WORKERD names the workerd to test with: `cargo xtask test worker` and `cargo xtask bench` set it",
    )
}

/// The project's folder.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// The checkout of which the worker runs: `BENCH_ROOT`, where a benchmark compares it with another.
fn configured() -> PathBuf {
    env::var_os("BENCH_ROOT").map_or_else(root, PathBuf::from)
}

/// Finds the databases in a folder, and in the folders in it, with what SQLite keeps beside them.
fn databases(folder: &Path, files: &mut Vec<(PathBuf, u64)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            databases(&path, files);
        } else if !path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("metadata"))
        {
            let bytes = fs::metadata(&path).expect("the file is there").len();
            files.push((path, bytes));
        }
    }
}

/// Copies the databases in a folder, and in the folders in it. Without workerd's own, in which it keeps alarms.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder is there") {
        let from = entry.expect("an entry").path();
        let name = from.file_name().expect("a name");
        if from.is_dir() {
            copy(&from, &to.join(name));
        } else if name != COMPILED && !name.to_string_lossy().starts_with("metadata") {
            fs::create_dir_all(to).expect("the folder can be written to");
            fs::copy(&from, to.join(name)).expect("the file can be copied");
        }
    }
}

/// A new folder, removed when dropped.
struct TempFolder(PathBuf);

impl TempFolder {
    fn new() -> TempFolder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("temporal-entity-{}-{count}", process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("the temporary folder can be written to");
        TempFolder(folder)
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // Left-overs in the temporary folder harm nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
