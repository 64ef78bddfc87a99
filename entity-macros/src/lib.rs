//! The macros of `temporal-entity`: parse, model, check, expand. Their users' documentation is where the facade
//! re-exports them, so that its links resolve.

mod attribute;
mod check;
mod derive;
mod expand;
mod messages;
mod model;
mod parse;
mod report;
mod spelling;
mod suggest;
#[cfg(test)]
mod tests;
mod words;

use proc_macro::TokenStream;

/// Documented in `temporal-entity`.
#[proc_macro_attribute]
pub fn temporal_entity(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(arguments.into(), item.into()).into()
}

/// What `#[temporal_entity]` adds to a struct. A derive, because it sees the fields after `#[cfg]`, and because
/// only a derive may have helper attributes on fields.
#[doc(hidden)]
#[proc_macro_derive(__TemporalEntity, attributes(__temporal_entity, entity))]
pub fn derive_temporal_entity(item: TokenStream) -> TokenStream {
    derive::entity(item.into()).into()
}

/// Documented in `temporal-entity`.
#[proc_macro_derive(EntityField, attributes(entity))]
pub fn derive_entity_field(item: TokenStream) -> TokenStream {
    derive::field(item.into()).into()
}
