//! What generated code is for: each half passes through a macro that keeps or drops it.
//!
//! Worker and browser are both wasm32, so no `cfg` on the target can tell them apart; a `cfg(feature)` in generated
//! code would ask for the features of the user's crate; and the proc macro is built once for all crates. Only a
//! `macro_rules!` of this crate sees the features of this crate.

/// Keeps the half for the Worker.
#[cfg(feature = "server")]
#[doc(hidden)]
#[macro_export]
macro_rules! __server_only {
    ($($kept:tt)*) => { $($kept)* };
}

/// Drops the half for the Worker.
#[cfg(not(feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __server_only {
    ($($dropped:tt)*) => {};
}

/// Keeps the half for the browser.
#[cfg(feature = "client")]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_only {
    ($($kept:tt)*) => { $($kept)* };
}

/// Drops the half for the browser.
#[cfg(not(feature = "client"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_only {
    ($($dropped:tt)*) => {};
}
