//! The fat half: the stages of both derives in order.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::model::Model;
use crate::report::Errors;
use crate::{check, expand, parse};

/// `#[temporal_entity]`, by way of the hidden derive.
pub fn entity(item: TokenStream) -> TokenStream {
    stages(item, parse::entity)
}

/// `#[derive(EntityField)]`.
pub fn field(item: TokenStream) -> TokenStream {
    stages(item, |input, errors| Some(parse::field_type(input, errors)))
}

/// Parses, breaks off to report, checks, breaks off to report, expands. After an error the expansion still gives
/// the rest of the crate the types and impls it speaks of, so that one mistake is one error.
fn stages(
    item: TokenStream,
    parse: impl FnOnce(&DeriveInput, &mut Errors) -> Option<Model>,
) -> TokenStream {
    let mut errors = Errors::new();
    let model = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => parse(&input, &mut errors),
        Err(error) => {
            errors.push(error);
            None
        }
    };
    if let Some(model) = &model
        && errors.is_empty()
    {
        check::check(model, &mut errors);
    }
    let sound = errors.is_empty();
    let mut output = errors.finish();
    match model {
        Some(model) if sound && model.can_have_impls => output.extend(expand::expand(&model)),
        Some(model) => output.extend(expand::fallback(&model)),
        None => {}
    }
    output
}
