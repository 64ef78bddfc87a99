//! The figures of each turn, and the ratios between them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bench::Bench;

/// Figures by their names. More is worse in all of them.
pub type Figures = BTreeMap<String, f64>;

/// The three turns of a round.
#[derive(Default)]
pub struct Round {
    pub ours: Figures,
    pub theirs: Figures,
    pub again: Figures,
}

/// The figures of ours in what a benchmark wrote.
pub fn of(bench: Bench, result: &Value) -> Figures {
    match bench {
        Bench::Micro => micro(result),
        _ => edits(&result[bench.name()]),
    }
}

/// What is compared of edits, and whether more of it is better.
const OF_EDITS: [(&str, bool); 4] = [
    ("p50Ms", false),
    ("cpuMsPerEdit", false),
    ("burstEditsPerSecond", true),
    ("burstCpuMsPerEdit", false),
];

fn edits(rows: &Value) -> Figures {
    let mut figures = Figures::new();
    for row in rows.as_array().into_iter().flatten() {
        let who = row["contender"].as_str().unwrap_or_default();
        if !who.starts_with("temporal-entity") {
            continue;
        }
        let entity = row["entity"].as_str().unwrap_or("15 KB");
        let way = if who.contains("lines") { ", lines" } else { "" };
        for (name, more_is_better) in OF_EDITS {
            let Some(figure) = row[name]["median"].as_f64() else { continue };
            let figure = if more_is_better { 1.0 / figure } else { figure };
            let name = format!("{name}, {entity}, {} readers{way}", row["readers"]);
            figures.insert(name, figure);
        }
    }
    figures
}

fn micro(result: &Value) -> Figures {
    let mut figures = Figures::new();
    for entity in result["entities"].as_array().into_iter().flatten() {
        for row in entity["times"].as_array().into_iter().flatten() {
            let text = |name: &str| row[name].as_str().unwrap_or_default();
            if let (true, Some(nanos)) =
                (text("contender").starts_with("ours"), row["nanos"]["median"].as_f64())
            {
                let size = entity["entity"].as_str().unwrap_or_default();
                let (what, who, place) = (text("operation"), text("contender"), text("place"));
                figures.insert(format!("{what}, {who}, {place}, {size}"), nanos);
            }
        }
    }
    figures
}

/// Median and quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    fn of(mut all: Vec<f64>) -> Option<Spread> {
        all.retain(|ratio| ratio.is_finite());
        all.sort_by(f64::total_cmp);
        let last = all.len().checked_sub(1)?;
        // Between two where it falls between them.
        let at = |quarters: usize| {
            let (low, rest) = (last * quarters / 4, last * quarters % 4);
            let next = all[(low + 1).min(last)];
            all[low] + (next - all[low]) * rest as f64 / 4.0
        };
        Some(Spread { low: at(1), median: at(2), high: at(3) })
    }

    fn told(self) -> String {
        format!("{:.3} ({:.3}-{:.3})", self.median, self.low, self.high)
    }

    fn json(self) -> Value {
        json!({ "median": self.median, "lowerQuartile": self.low, "upperQuartile": self.high })
    }
}

/// Prints the ratios of every figure, and returns them.
pub fn report(bench: Bench, rounds: &[Round]) -> Value {
    println!();
    let head = format!("{}: median of {} ratios (quartiles)", bench.name(), rounds.len());
    println!("{head:60} {:>24} {:>24}", "this / other", "this / itself");
    let names: Vec<&String> = rounds.first().into_iter().flat_map(|r| r.ours.keys()).collect();
    let (mut all, mut control, mut told) = (Vec::new(), Vec::new(), serde_json::Map::new());
    for name in names {
        let ratios = |over: fn(&Round) -> [&Figures; 2]| {
            let ratio = |round| {
                let [above, below] = over(round).map(|figures| figures.get(name));
                Some(above? / below?)
            };
            Spread::of(rounds.iter().filter_map(ratio).collect())
        };
        let (Some(of_other), Some(of_itself)) =
            (ratios(|r| [&r.ours, &r.theirs]), ratios(|r| [&r.again, &r.ours]))
        else {
            continue;
        };
        println!("{name:60} {:>24} {:>24}", of_other.told(), of_itself.told());
        all.push(of_other.median);
        control.push(of_itself.median);
        told.insert(name.clone(), json!({ "ratio": of_other.json(), "control": of_itself.json() }));
    }
    if let (Some(all), Some(control)) = (Spread::of(all), Spread::of(control)) {
        println!("{:60} {:>24} {:>24}", "median of these medians", all.told(), control.told());
        told.insert("all".into(), json!({ "ratio": all.json(), "control": control.json() }));
    }
    println!("Above one, this build is worse. The aim is a median of at most 1.03.");
    Value::Object(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_what_was_measured() {
        let of = |all: &[f64]| Spread::of(all.to_vec()).map(|s| (s.low, s.median, s.high));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[2.0]), Some((2.0, 2.0, 2.0)));
        assert_eq!(of(&[5.0, 1.0, 3.0, 2.0, 4.0]), Some((2.0, 3.0, 4.0)));
        assert_eq!(of(&[1.0, 2.0, f64::NAN]), Some((1.25, 1.5, 1.75)));
    }

    #[test]
    fn only_ours_is_compared_and_more_is_always_worse() {
        let row = |who: &str, burst: f64| json!({ "contender": who, "entity": "1 MB", "readers": 10, "burstEditsPerSecond": { "median": burst } });
        let result =
            json!({ "edits": [row("temporal-entity", 50.0), row("floor, one hop", 90.0)] });
        let figures = of(Bench::Edits, &result);
        let name = "burstEditsPerSecond, 1 MB, 10 readers".to_owned();
        assert_eq!(figures, BTreeMap::from([(name, 0.02)]));
    }
}
