//! The figures as a table and as JSON.

use serde_json::{Value, json};
use temporal_entity_tests::bench::{
    Figures, LINES, Load, ONE_HOP, OURS, Spread, TWO_HOPS, WINDOW, WRITERS,
};

/// One contender under one load.
pub struct Row {
    pub name: &'static str,
    pub load: Load,
    pub runs: Vec<Figures>,
}

impl Row {
    fn spread(&self, figure: impl Fn(&Figures) -> f64) -> Spread {
        Spread::of(&self.runs, figure)
    }

    fn median(&self, figure: impl Fn(&Figures) -> f64) -> f64 {
        self.spread(figure).median
    }
}

/// The table, and what it says about the aims.
pub fn print(rows: &[Row]) {
    println!("One field of one record of 15 KB edited; persons with one socket each hear of it.");
    println!("Burst: {WRITERS} writers with up to {WINDOW} edits under way each.");
    println!();
    println!(
        "{:>7} {:29} {:>22} {:>22} {:>20} {:>7} {:>7} {:>6} {:>6} {:>7} {:>7} {:>5}",
        "readers",
        "",
        "p50 ms",
        "p99 ms",
        "burst edits/s",
        "cpu ms",
        "burst",
        "bytes",
        "burst",
        "calls",
        "burst",
        "MB"
    );
    for row in rows {
        let ms = |figure: fn(&Figures) -> f64| {
            let Spread { low, median, high } = row.spread(figure);
            format!("{median:.2} ({low:.2}-{high:.2})")
        };
        let Spread { low, median, high } = row.spread(|run| run.burst);
        let burst = format!("{median:.0} ({low:.0}-{high:.0})");
        println!(
            "{:>7} {:29} {:>22} {:>22} {burst:>20} {:>7.2} {:>7.2} {:>6.1} {:>6.1} {:>7.1} {:>7.1} {:>5.0}",
            row.load.readers,
            row.name,
            ms(|run| run.p50),
            ms(|run| run.p99),
            row.median(|run| run.cpu),
            row.median(|run| run.burst_cpu),
            row.median(|run| run.bytes),
            row.median(|run| run.burst_bytes),
            row.median(|run| run.calls),
            row.median(|run| run.burst_calls),
            row.median(|run| run.resident),
        );
    }
    println!();
    println!("p50, p99: from sending an edit to the last reader having it; the next follows then.");
    println!(
        "edits/s: NaN where the object was ended under the load, and its readers missed edits."
    );
    println!("cpu ms, burst: processor time of workerd per edit, one at a time and in the burst.");
    println!("bytes, burst: payload per edit and reader, one at a time and in the burst.");
    println!("calls, burst: calls of the entity's object to others per edit, as it counted them.");
    println!("MB: memory of the process at the end.");
    println!();
    println!("{OURS} over \"{TWO_HOPS}\" (aims: p50 1.25 at 10 and 100, burst above 1):");
    print_ratios(rows, OURS, TWO_HOPS);
    println!("{LINES} over \"{ONE_HOP}\" (aims: p50 1.25 at 100 and 1,000, burst above 1):");
    print_ratios(rows, LINES, ONE_HOP);
    let ours = rows.iter().filter(|row| row.name != TWO_HOPS && row.name != ONE_HOP);
    let bytes = ours.map(|row| row.spread(|run| run.bytes).high);
    println!("most bytes per push: {:.1} (aim 64)", bytes.fold(0.0, f64::max));
}

fn print_ratios(rows: &[Row], ours: &str, floor: &str) {
    for (ours, floor) in pairs(rows, ours, floor) {
        let over = |figure: fn(&Figures) -> f64| ours.median(figure) / floor.median(figure);
        println!(
            "{:>7} readers: p50 {:.2}, p99 {:.2}, cpu {:.2}, burst {:.2}, cpu in it {:.2}",
            ours.load.readers,
            over(|run| run.p50),
            over(|run| run.p99),
            over(|run| run.cpu),
            over(|run| run.burst),
            over(|run| run.burst_cpu),
        );
    }
}

/// Ours beside the floor under the same load.
fn pairs<'a>(
    rows: &'a [Row],
    ours: &'a str,
    floor: &'a str,
) -> impl Iterator<Item = (&'a Row, &'a Row)> {
    rows.iter().filter(move |row| row.name == ours).filter_map(move |ours| {
        let same = |row: &&Row| row.name == floor && row.load.readers == ours.load.readers;
        Some((ours, rows.iter().find(same)?))
    })
}

/// The same for machines.
pub fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let spread = |figure: fn(&Figures) -> f64| row.spread(figure).json();
        json!({
            "contender": row.name,
            "readers": row.load.readers,
            "p50Ms": spread(|run| run.p50),
            "p99Ms": spread(|run| run.p99),
            "burstEditsPerSecond": spread(|run| run.burst),
            "cpuMsPerEdit": spread(|run| run.cpu),
            "burstCpuMsPerEdit": spread(|run| run.burst_cpu),
            "bytesPerEditAndReader": spread(|run| run.bytes),
            "burstBytesPerEditAndReader": spread(|run| run.burst_bytes),
            "callsPerEdit": spread(|run| run.calls),
            "burstCallsPerEdit": spread(|run| run.burst_calls),
            "residentMegabytes": spread(|run| run.resident),
        })
    };
    rows.iter().map(row).collect()
}
