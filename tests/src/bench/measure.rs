//! What is measured, the same for every contender.

use std::thread;
use std::time::Duration;

use super::contender::Contender;
use super::readers::Readers;
use super::writers::{Plan, Writer, burst, paced};
use super::{megabytes, millis};

/// What a contender has to carry.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Records of the entity, about a hundred bytes each.
    pub records: usize,
    /// Persons who hear of every change, with one socket each.
    pub readers: usize,
    /// Edits before anything is counted.
    pub warm_up: usize,
    /// Edits of which each is sent when the last reader has the one before.
    pub paced: usize,
    /// Edits of a burst.
    pub burst: usize,
}

impl Load {
    /// Edits that are counted.
    pub fn edits(&self) -> usize {
        self.paced + self.burst
    }
}

/// The figures of one run.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// From sending an edit to the last reader having it, in milliseconds: half are faster.
    pub p50: f64,
    /// And 99 of 100 are.
    pub p99: f64,
    /// Edits per second until the last reader has all of them; not a number if some reader never has.
    pub burst: f64,
    /// Payload on the socket of a reader per edit, one edit at a time.
    pub bytes: f64,
    /// The same in the burst.
    pub burst_bytes: f64,
    /// Calls of the entity's object to others per edit, one edit at a time.
    pub calls: f64,
    /// The same in the burst.
    pub burst_calls: f64,
    /// Processor time of workerd per edit, one edit at a time, in milliseconds.
    pub cpu: f64,
    /// The same in the burst.
    pub burst_cpu: f64,
    /// Rows that the entity's object wrote per edit, over all edits: now and then one writes the whole.
    pub rows: f64,
    /// Bytes by which its database grew per edit, over all edits.
    pub stored: f64,
    /// Megabytes of wasm's memory at the end; not a number where there is none.
    pub wasm: f64,
    /// Megabytes of the process at the end.
    pub resident: f64,
}

/// Runs one contender.
pub fn run(contender: &dyn Contender, load: Load) -> Figures {
    thread::scope(|scope| {
        let mut readers = Readers::connect(scope, contender, load.readers);
        let plan = Plan { load, writers: 1, held: contender.first_version() };
        let mut writer = Writer::connect(contender, 0, plan);
        paced(&mut writer, &mut readers, load.warm_up);

        let (start, bytes) = (contender.done(), readers.bytes());
        let cpu = contender.server().cpu_time();
        let mut times = paced(&mut writer, &mut readers, load.paced);
        let cpu = contender.server().cpu_time() - cpu;
        let (middle, bytes) = (contender.done(), readers.bytes() - bytes);
        times.sort();
        let plan = writer.end();

        let before = readers.bytes();
        let burst_cpu = contender.server().cpu_time();
        let time = burst(contender, plan, &mut readers);
        let burst_cpu = contender.server().cpu_time() - burst_cpu;
        let end = contender.done();
        // An object that was ended under the load counts from zero, and has lost its readers.
        let time = time.filter(|_| end.rows >= middle.rows);
        let per_edit =
            |after: u64, before: u64, edits| after.saturating_sub(before) as f64 / edits as f64;
        let per_frame = |bytes: usize, edits: usize| bytes as f64 / (edits * load.readers) as f64;
        Figures {
            p50: millis(times[times.len() / 2]),
            p99: millis(times[times.len() * 99 / 100]),
            burst: time.map_or(f64::NAN, |time| load.burst as f64 / time.as_secs_f64()),
            bytes: per_frame(bytes, load.paced),
            burst_bytes: per_frame(readers.bytes() - before, load.burst),
            calls: per_edit(middle.calls, start.calls, load.paced),
            burst_calls: per_edit(end.calls, middle.calls, load.burst),
            cpu: per_edit_ms(cpu, load.paced),
            burst_cpu: per_edit_ms(burst_cpu, load.burst),
            rows: per_edit(end.rows, start.rows, load.edits()),
            stored: per_edit(end.bytes, start.bytes, load.edits()),
            wasm: contender.wasm_bytes().map_or(f64::NAN, megabytes),
            resident: megabytes(contender.server().resident_bytes()),
        }
    })
}

fn per_edit_ms(time: Duration, edits: usize) -> f64 {
    millis(time) / edits as f64
}
