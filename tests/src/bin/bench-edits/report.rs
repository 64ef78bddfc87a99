//! The figures as a table and as JSON.

use serde_json::{Value, json};
use temporal_entity_tests::bench::{Figures, Spread, WINDOW, WRITERS};

use crate::{LARGEST, OURS, READERS, SMALLEST, load};

/// One contender at one size.
pub struct Row {
    pub name: &'static str,
    pub size: &'static str,
    pub runs: Vec<Figures>,
}

impl Row {
    fn spread(&self, figure: impl Fn(&Figures) -> f64) -> Spread {
        Spread::of(&self.runs, figure)
    }
}

/// The table.
pub fn print(rows: &[Row]) {
    println!("One field of one record edited, {READERS} persons with one socket each.");
    println!("Burst: {WRITERS} writers with up to {WINDOW} edits under way each.");
    println!();
    println!(
        "{:7} {:16} {:>19} {:>19} {:>21} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7} {:>6} {:>6}",
        "entity",
        "",
        "p50 ms",
        "p99 ms",
        "burst edits/s",
        "cpu ms",
        "burst",
        "bytes",
        "burst",
        "rows",
        "stored",
        "wasm",
        "MB"
    );
    for row in rows {
        let ms = |figure: fn(&Figures) -> f64| {
            let Spread { low, median, high } = row.spread(figure);
            format!("{median:.2} ({low:.2}-{high:.2})")
        };
        let Spread { low, median, high } = row.spread(|run| run.burst);
        let burst = format!("{median:.0} ({low:.0}-{high:.0})");
        let wasm = row.spread(|run| run.wasm).median;
        let wasm = if wasm.is_nan() { "-".to_owned() } else { format!("{wasm:.0}") };
        println!(
            "{:7} {:16} {:>19} {:>19} {burst:>21} {:>7.2} {:>7.2} {:>7.1} {:>7.1} {:>6.2} {:>7.0} \
             {wasm:>6} {:>6.0}",
            row.size,
            row.name,
            ms(|run| run.p50),
            ms(|run| run.p99),
            row.spread(|run| run.cpu).median,
            row.spread(|run| run.burst_cpu).median,
            row.spread(|run| run.bytes).median,
            row.spread(|run| run.burst_bytes).median,
            row.spread(|run| run.rows).median,
            row.spread(|run| run.stored).median,
            row.spread(|run| run.resident).median,
        );
    }
    println!();
    println!("p50, p99: from sending an edit to the last reader having it; the next follows then.");
    println!("cpu ms, burst: processor time of workerd per edit, one at a time and in the burst.");
    println!("bytes, burst: payload per edit and reader, one at a time and in the burst.");
    println!(
        "rows, stored: written by the entity's object, and bytes added to its database, per edit;"
    );
    println!(
        "    over all {} edits, so that a value that is stored whole now and then counts.",
        load(0).edits()
    );
    println!("wasm, MB: memory of all wasm, and of the process, at the end.");
    println!();
    let growth = |figure: fn(&Figures) -> f64| {
        let of = |size| {
            let row = rows.iter().find(|row| row.name == OURS && row.size == size);
            row.map_or(f64::NAN, |row| row.spread(figure).median)
        };
        of(LARGEST) / of(SMALLEST)
    };
    let (p50, cpu) = (growth(|run| run.p50), growth(|run| run.cpu));
    println!("{OURS}: {LARGEST} over {SMALLEST}: p50 {p50:.2} (aim 1.3), cpu {cpu:.2}");
    let bytes =
        rows.iter().filter(|row| row.name == OURS).map(|row| row.spread(|run| run.bytes).high);
    println!("{OURS}: most bytes per push: {:.1} (aim 64)", bytes.fold(0.0, f64::max));
    let most =
        rows.iter().filter(|row| row.name == OURS).map(|row| row.spread(|run| run.rows).high);
    println!("{OURS}: most rows per edit: {:.2} (aim 2)", most.fold(0.0, f64::max));
}

/// The same for machines.
pub fn json(rows: &[Row]) -> Value {
    let spread = |row: &Row, figure: fn(&Figures) -> f64| row.spread(figure).json();
    let row = |row: &Row| {
        json!({
            "contender": row.name,
            "entity": row.size,
            "readers": READERS,
            "p50Ms": spread(row, |run| run.p50),
            "p99Ms": spread(row, |run| run.p99),
            "burstEditsPerSecond": spread(row, |run| run.burst),
            "cpuMsPerEdit": spread(row, |run| run.cpu),
            "burstCpuMsPerEdit": spread(row, |run| run.burst_cpu),
            "bytesPerEditAndReader": spread(row, |run| run.bytes),
            "burstBytesPerEditAndReader": spread(row, |run| run.burst_bytes),
            "rowsWrittenPerEdit": spread(row, |run| run.rows),
            "bytesStoredPerEdit": spread(row, |run| run.stored),
            "wasmMegabytes": spread(row, |run| run.wasm),
            "residentMegabytes": spread(row, |run| run.resident),
        })
    };
    rows.iter().map(row).collect()
}
