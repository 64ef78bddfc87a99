//! Runs worlds on all cores, and collects those that fail.

use std::cell::RefCell;
use std::env;
use std::io::{Write, stderr};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Mutex;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The worlds that found something: a seed a line, and behind it what it found.
const CASES: &str = include_str!("cases.txt");

/// How often a long run says how far it is, and how many worlds make a run long.
const PROGRESS: Duration = Duration::from_secs(30);
const LONG: usize = 5_000;

/// Which worlds are run.
pub enum Chosen {
    /// This one, as it is debugged.
    One(u64),
    /// From the first to before the second.
    Range(u64, u64),
}

impl Chosen {
    /// As `SEED` or `SEEDS` says; otherwise the first so many.
    pub fn from_environment(usual: u64) -> Chosen {
        let number = |text: &str| text.trim().parse().expect("a seed is a number");
        if let Ok(seed) = env::var("SEED") {
            return Chosen::One(number(&seed));
        }
        match env::var("SEEDS") {
            Ok(seeds) => match seeds.split_once("..") {
                Some((from, to)) => Chosen::Range(number(from), number(to)),
                None => Chosen::Range(0, number(&seeds)),
            },
            Err(_) => Chosen::Range(0, usual),
        }
    }

    /// The seeds.
    pub fn seeds(&self) -> std::ops::Range<u64> {
        match *self {
            Chosen::One(seed) => seed..seed + 1,
            Chosen::Range(from, to) => from..to,
        }
    }
}

/// The seeds that are kept.
pub fn cases() -> Vec<u64> {
    let lines = CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let seeds = lines.map(|line| line.split(' ').next().and_then(|seed| seed.parse().ok()));
    seeds.map(|seed| seed.expect("a line of cases.txt begins with a seed")).collect()
}

thread_local! {
    /// What the last panic of a world said; `None` in threads that run no worlds.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The seeds of which the world fails, in order, with what went wrong; no more are begun when there are `enough`.
pub fn failures(seeds: &[u64], enough: usize, run: impl Fn(u64) + Sync) -> Vec<(u64, String)> {
    catch_what_is_said();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let progress = Progress { began: Instant::now(), all: seeds.len(), told: AtomicUsize::new(0) };
    let work = || {
        SAID.set(Some(String::new()));
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(&seed) = seeds.get(number) else { return };
            progress.tell(number, || failed.lock().map_or(0, |failed| failed.len()));
            if catch_unwind(AssertUnwindSafe(|| run(seed))).is_err() {
                let said = SAID.replace(Some(String::new())).unwrap_or_default();
                let mut failed = failed.lock().expect("no panic while it is held");
                failed.push((seed, said));
                if failed.len() >= enough {
                    next.store(seeds.len(), Ordering::Relaxed);
                }
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().expect("no panic while it is held");
    failed.sort();
    failed
}

/// How far a run is.
struct Progress {
    began: Instant,
    all: usize,
    /// How often it was told.
    told: AtomicUsize,
}

impl Progress {
    /// Says how many worlds are done, now and then in a long run. It writes past the capture of a test's output.
    fn tell(&self, done: usize, failed: impl FnOnce() -> usize) {
        let passed = self.began.elapsed();
        let (told, due) =
            (self.told.load(Ordering::Relaxed), passed.as_secs() / PROGRESS.as_secs());
        if self.all < LONG || told as u64 >= due {
            return;
        }
        let due = usize::try_from(due).unwrap_or(usize::MAX);
        if self.told.compare_exchange(told, due, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let (all, rate) = (self.all, done as f64 / passed.as_secs_f64());
            // Nobody reads it, and that is no reason to stop.
            let _ = writeln!(
                stderr(),
                "{done} of {all} worlds, {rate:.0} a second, {} failed",
                failed()
            );
        }
    }
}

/// Keeps what the panics of worlds say, in place of writing it down thousands of times.
fn catch_what_is_said() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            let taken = SAID.with_borrow_mut(|said| match said {
                Some(said) => {
                    let place = panic.location().map(ToString::to_string).unwrap_or_default();
                    let message = panic.payload_as_str().unwrap_or_default().replace('\n', " ");
                    let message: String = message.chars().take(300).collect();
                    *said = format!("{message} ({place})");
                    true
                }
                None => false,
            });
            if !taken {
                usual(panic);
            }
        }));
    });
}
