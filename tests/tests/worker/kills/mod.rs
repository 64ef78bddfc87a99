//! workerd is killed at random moments while several persons edit one entity: in the middle of their edits, while
//! they come back, and while it starts. After each time everything that was acknowledged is there, in order and once,
//! and the history leads to it.
//!
//! Each run has a new seed, which it prints; `SEED=n` repeats one (as far as processes can be made to repeat
//! themselves), and `KILLS=n` kills so often.

mod audit;
mod writer;

use std::env;
use std::io::{Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use temporal_entity_core::message::EntityRef;
use temporal_entity_tests::chance::Chance;
use temporal_entity_tests::client::Session;
use temporal_entity_tests::workerd::Workerd;

use self::audit::Audit;
use self::writer::Writer;
use crate::common::{own_server, posted_card, unique};

const KILLS: u64 = 10;

/// Kills that one entity lives through. The checks read its whole history each time, so a long run takes a new
/// one now and then.
const KILLS_OF_A_CARD: u64 = 10;

#[test]
fn what_was_acknowledged_outlives_every_kill() {
    let seed = number("SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is set");
        u64::from(now.subsec_nanos())
    });
    let kills = number("KILLS");
    println!("SEED={seed}");
    let mut run = Run { server: own_server(), chance: Chance::new(seed), kills: 0 };
    while run.kills < kills.unwrap_or(KILLS) {
        let checked = run.one_card();
        if kills.is_some() {
            // Past the capture of the test harness: a long run shows how far it is.
            let progress = format!("SEED={seed}: {} kills; {checked}\n", run.kills);
            let _ = stderr().write_all(progress.as_bytes());
        }
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|number| number.parse().expect("SEED and KILLS are numbers"))
}

struct Run {
    server: Workerd,
    chance: Chance,
    kills: u64,
}

impl Run {
    /// A new card until it has seen enough kills; what was checked, for people.
    fn one_card(&mut self) -> String {
        let names = ["ada", "ben", "cleo", "dan"].map(unique);
        let sessions = names.each_ref().map(|name| Session::login(&self.server, name));
        // None of the writers: their first edits would share the snapshot of the creation.
        let auditor = Session::login(&self.server, &unique("eve"));
        let (card, posted) = posted_card(&mut auditor.connect("laptop"));
        let mut audit = Audit::new(auditor, card.clone());
        // Two keep what was not answered and ask again, as the hub does; two forget it, as a script would.
        let mut writers: Vec<_> = (0_u64..)
            .zip(names.iter().zip(sessions))
            .map(|(number, (name, session))| Writer::new(name, session, posted, number % 2 == 0))
            .collect();
        let end = self.kills + KILLS_OF_A_CARD;
        while self.kills < end {
            self.edit_and_kill(&card, &mut writers);
            while self.kills < end && self.chance.below(5) < 2 {
                self.kill_at_start();
            }
            self.server.restart();
            audit.check(&mut writers, &mut self.chance);
        }
        audit.summary()
    }

    /// Everybody edits, and the server is killed: at once, or when they are at it.
    fn edit_and_kill(&mut self, card: &EntityRef, writers: &mut [Writer]) {
        let delay = match self.chance.below(4) {
            0 => self.chance.below(30),
            _ => 30 + self.chance.below(700),
        };
        let gone = AtomicBool::new(false);
        thread::scope(|scope| {
            for writer in writers {
                let gone = &gone;
                scope.spawn(move || {
                    writer.write_until_gone(card);
                    assert!(gone.load(Ordering::SeqCst), "a socket broke, and nobody was killed");
                });
            }
            thread::sleep(Duration::from_millis(delay));
            gone.store(true, Ordering::SeqCst);
            self.kill(Workerd::kill);
        });
    }

    /// It starts and is killed again, somewhere between its first instruction and its first request.
    fn kill_at_start(&mut self) {
        let delay = Duration::from_millis(self.chance.below(200));
        self.kill(|server| server.start_and_kill(delay));
    }

    fn kill(&mut self, kill: impl FnOnce(&mut Workerd)) {
        kill(&mut self.server);
        self.kills += 1;
    }
}
