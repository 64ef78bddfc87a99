//! What a request costs, in steps and in rows that are read: however long the past is that a hostile client made.

mod host;
mod long_snapshot;
mod replay;
mod retain;
