//! The lock of schemas: what a crate's entities have published is kept in a file, and a test holds the types to it.

#[cfg(not(target_family = "wasm"))] // A file is compared: nothing that is deployed needs it.
pub mod check;
#[cfg(not(target_family = "wasm"))]
mod file;
#[cfg(not(target_family = "wasm"))]
mod outline;
#[cfg(not(target_family = "wasm"))]
pub mod steps;

/// Holds entities to what they have published: a test that compares them with the file `entities.lock` beside the
/// crate's `Cargo.toml`. Name all entities of the crate in one place:
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use temporal_entity::temporal_entity;
/// # #[temporal_entity(access = "signed-in")]
/// # #[derive(Serialize, Deserialize)]
/// # struct Card { title: String }
/// # #[temporal_entity(access = "signed-in")]
/// # #[derive(Serialize, Deserialize)]
/// # struct Board { title: String }
/// temporal_entity::schema_lock!(Card, Board);
/// ```
///
/// The file has the shape of each version that was published, with its fingerprint, which is what pages that were built
/// for it send along. The test, `entities_lock`, fails
///
/// - if a shape changed and its version did not,
/// - if a version is not in the file: `UPDATE_EXPECT=1 cargo test` adds it, and never changes one that is there,
/// - if an entity in the file is not named here,
/// - if a step without `with` leads to the present version from one whose values it does not read as they are: a field
///   without a default came, a field left or was renamed, or has another type, at any depth.
///
/// Keep the file under version control.
#[macro_export]
macro_rules! schema_lock {
    ($($entity:ty),+ $(,)?) => {
        #[test]
        fn entities_lock() {
            let checked = $crate::__private::check_lock(
                ::core::env!("CARGO_MANIFEST_DIR"),
                ::core::env!("CARGO_PKG_NAME"),
                &[$($crate::__private::Locked::of::<$entity>()),+],
            );
            if let ::core::result::Result::Err(problems) = checked {
                ::core::panic!("{problems}");
            }
        }
    };
}
