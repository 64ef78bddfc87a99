//! What was measured.

use serde_json::Value;

/// Where a contender ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Native,
    Node,
}

/// Lowest, median and highest of the rounds, in nanoseconds per call.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    pub fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self { low: rounds[0], median: rounds[rounds.len() / 2], high: rounds[rounds.len() - 1] }
    }
}

/// The time of one contender in one place.
pub struct Figure {
    pub group: String,
    pub name: String,
    pub place: Place,
    pub nanos: Spread,
}

/// An entity of one size, and all that was measured with it.
pub struct Entity {
    pub name: &'static str,
    pub records: usize,
    /// The key of the record whose quantity differs.
    pub edited: String,
    pub cbor_bytes: usize,
    pub json_bytes: usize,
    pub figures: Vec<Figure>,
    /// The size of the diff in each one's form.
    pub diff_bytes: Vec<(String, usize)>,
    /// Group and name of our contenders, in the order of their list.
    pub ours: Vec<(&'static str, &'static str)>,
    /// Before and after the edit.
    pub json: [Value; 2],
}

impl Entity {
    /// The times of one contender.
    pub fn find(&self, group: &str, name: &str, place: Place) -> Option<Spread> {
        let mut figures = self.figures.iter();
        let wanted = |f: &&Figure| f.group == group && f.name == name && f.place == place;
        figures.find(wanted).map(|figure| figure.nanos)
    }
}
