//! An operation that is measured.

use std::hint::black_box;

/// What an operation does; the table has a section for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Finds or makes the change of one field of one record.
    Diff,
    /// Carries that change out.
    Apply,
    /// Turns the whole value into bytes.
    Encode,
    /// Makes the whole value of bytes.
    Decode,
}

impl Group {
    /// All of them, in the order of the table.
    pub const ALL: [Group; 4] = [Group::Diff, Group::Apply, Group::Encode, Group::Decode];

    /// In tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Group::Diff => "diff",
            Group::Apply => "apply",
            Group::Encode => "encode",
            Group::Decode => "decode",
        }
    }
}

/// An operation, ready to be run any number of times.
pub struct Contender {
    /// What it does.
    pub group: Group,
    /// Whose it is.
    pub name: &'static str,
    run: Box<dyn FnMut(u32)>,
}

impl Contender {
    /// An operation under the name that the table gives it.
    pub fn new<R>(
        group: Group,
        name: &'static str,
        mut operation: impl FnMut() -> R + 'static,
    ) -> Contender {
        // The loop is in here, so that one indirect call pays for a whole sample.
        let run = move |iterations| {
            for _ in 0..iterations {
                drop(black_box(operation()));
            }
        };
        Contender { group, name, run: Box::new(run) }
    }

    /// Runs it so many times.
    pub fn run(&mut self, iterations: u32) {
        (self.run)(iterations);
    }
}
