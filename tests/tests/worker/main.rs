//! The example's worker in the real workerd, over real sockets: `cargo xtask test worker` builds it and runs these.

mod batches;
mod common;
mod cost;
mod crash;
mod crowd;
mod eviction;
mod fixtures;
mod floods;
mod hostile;
mod hosts;
mod kills;
mod limits;
mod lines;
mod memory;
mod merges;
mod methods;
mod panics;
mod ping;
mod pushes;
mod refusals;
mod replay;
mod session;
mod silence;
mod storage;
mod tickets;
mod transcripts;
