//! Why a patch cannot be applied.

use std::fmt;

/// A part of a patch does not fit the value: what it changes is not there, or of another kind, or would leave its
/// range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Keys from the entity down to the part, outermost first.
    pub path: Vec<String>,
    /// What is wrong there.
    pub problem: &'static str,
}

impl Misfit {
    /// A misfit at this place.
    pub fn new(problem: &'static str) -> Misfit {
        Misfit { path: Vec::new(), problem }
    }

    /// The misfit of what changes a part of something that is not there.
    pub fn absent() -> Misfit {
        Misfit::new("the diff changes a part of something that is not there")
    }

    /// The same misfit one level further out.
    pub fn inside(mut self, key: impl Into<String>) -> Misfit {
        self.path.insert(0, key.into());
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.join("."), self.problem)
    }
}

impl std::error::Error for Misfit {}
