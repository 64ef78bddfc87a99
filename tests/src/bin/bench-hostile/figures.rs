//! What was measured, as a table and as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use temporal_entity_tests::attacks::Row;

/// Where a row ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Native,
    Workerd,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Place::Native => "native",
            Place::Workerd => "workerd",
        }
    }
}

/// What the rows of each half can have, in the order of the columns: a name, and how it is headed.
const NATIVE: [(&str, &str); 4] =
    [("ms", "cpu ms"), ("steps", "steps"), ("megabytes", "MB"), ("left", "rows left")];
const WORKERD: [(&str, &str); 4] =
    [("waitMs", "others wait ms"), ("cpuMs", "cpu ms"), ("megabytes", "MB"), ("status", "status")];

/// The figures of all rows.
#[derive(Default)]
pub struct Figures {
    /// By place and row, in the order in which they ran.
    rows: Vec<(Place, String, BTreeMap<String, f64>)>,
}

impl Figures {
    /// Adds what was measured of a row.
    pub fn add(&mut self, place: Place, row: Row, figures: &[(&str, f64)]) {
        let figures = figures.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
        self.rows.push((place, row.name().to_owned(), figures));
    }

    fn find(&self, place: Place, row: &str, name: &str) -> Option<f64> {
        let mut rows = self.rows.iter();
        let (_, _, figures) = rows.find(|(of, known, _)| *of == place && known == row)?;
        figures.get(name).copied()
    }

    /// Prints both halves; where the figures of another build are there, they stand before ours.
    pub fn print(&self, before: Option<&Figures>) {
        for (place, columns) in [(Place::Native, &NATIVE), (Place::Workerd, &WORKERD)] {
            let rows: Vec<_> = self.rows.iter().filter(|(of, ..)| *of == place).collect();
            if rows.is_empty() {
                continue;
            }
            print!("{:24}", place.name());
            columns.iter().for_each(|(_, head)| print!(" {head:>22}"));
            println!();
            for (_, row, figures) in rows {
                print!("{row:24}");
                for (name, _) in columns {
                    let of_before = before.and_then(|before| before.find(place, row, name));
                    print!(" {:>22}", cell(of_before, figures.get(*name).copied()));
                }
                println!();
            }
            println!();
        }
        if before.is_some() {
            println!("Where there are two figures, the first is the build before.");
        }
        println!(
            "cpu ms: of this thread, or of the process workerd. MB: by which the process grew,"
        );
        println!(
            "    natively, and the most that it had, on workerd. rows left: changes stored after"
        );
        println!("    two days. others wait: the longest time until another person had an answer.");
    }

    pub fn to_json(&self) -> Value {
        let row = |(place, row, figures): &(Place, String, BTreeMap<String, f64>)| json!({ "place": place.name(), "row": row, "figures": figures });
        json!({ "rows": self.rows.iter().map(row).collect::<Value>() })
    }

    pub fn from_json(json: &Value) -> Figures {
        let mut figures = Figures::default();
        for row in json["rows"].as_array().expect("the file has rows") {
            let place = match row["place"].as_str() {
                Some("native") => Place::Native,
                _ => Place::Workerd,
            };
            let name = row["row"].as_str().expect("a row has a name").to_owned();
            let entry = |(name, figure): (&String, &Value)| Some((name.clone(), figure.as_f64()?));
            let of = row["figures"].as_object().into_iter().flat_map(Map::iter).filter_map(entry);
            figures.rows.push((place, name, of.collect()));
        }
        figures
    }
}

fn cell(before: Option<f64>, now: Option<f64>) -> String {
    let now = now.map_or_else(|| "-".to_owned(), short);
    before.map_or(now.clone(), |before| format!("{} -> {now}", short(before)))
}

/// Three digits, or all of a whole number.
fn short(figure: f64) -> String {
    if figure.fract() == 0.0 || figure >= 100.0 {
        format!("{figure:.0}")
    } else {
        format!("{figure:.1}")
    }
}
