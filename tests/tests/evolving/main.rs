//! Entities that grow old: schemas that change, a past that is let go, and one that is long.

mod callbacks;
mod desk;
mod instants;
mod lock;
mod long;
mod retain;
mod schema;
