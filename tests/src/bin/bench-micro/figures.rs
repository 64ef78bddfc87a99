//! What was measured.

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
    fn of(rounds: &[f64]) -> Self {
        let mut rounds = rounds.to_vec();
        rounds.sort_by(f64::total_cmp);
        Self { low: rounds[0], median: rounds[rounds.len() / 2], high: rounds[rounds.len() - 1] }
    }
}

/// The times of one contender in one place.
pub struct Figure {
    pub group: String,
    pub name: String,
    pub place: Place,
    /// Nanoseconds per call, by rounds.
    pub rounds: Vec<f64>,
}

impl Figure {
    /// Without a round as yet.
    pub fn new(group: impl Into<String>, name: impl Into<String>, place: Place) -> Self {
        Self { group: group.into(), name: name.into(), place, rounds: Vec::new() }
    }

    pub fn spread(&self) -> Spread {
        Spread::of(&self.rounds)
    }
}

/// An entity of one size, and all that was measured with it.
pub struct Entity {
    pub name: &'static str,
    pub records: usize,
    pub cbor_bytes: usize,
    pub json_bytes: usize,
    pub figures: Vec<Figure>,
    /// The size of the diff in each one's form.
    pub diff_bytes: Vec<(String, usize)>,
}

impl Entity {
    /// The times of one contender.
    pub fn find(&self, group: &str, name: &str, place: Place) -> Option<Spread> {
        let mut figures = self.figures.iter();
        let wanted = |f: &&Figure| f.group == group && f.name == name && f.place == place;
        figures.find(wanted).map(Figure::spread)
    }
}
