//! The two options of a field that say how changes by several people come together.

use syn::{Ident, LitStr, Type};

use super::settings::Setting;
use crate::model::{Merge, Policy};
use crate::report::Errors;
use crate::spelling::{self, Spelling};
use crate::words::{MERGES, NO_MERGES};
use crate::{messages, suggest};

/// Reads `merge` or `key` above a field of type `ty`.
pub fn policy(setting: &Setting, ty: &Type, errors: &mut Errors) -> Option<Policy> {
    if setting.key == "key" { key(setting, ty, errors) } else { merge(setting, ty, errors) }
}

fn merge(setting: &Setting, ty: &Type, errors: &mut Errors) -> Option<Policy> {
    let source = setting.text("merge = \"counter\"", errors)?;
    let name = source.value();
    let merge = match name.as_str() {
        "atomic" => Merge::Atomic,
        "counter" => Merge::Counter,
        "text" => Merge::Text,
        _ => {
            let instead = NO_MERGES.iter().find(|(word, _)| *word == name).map(|(_, help)| *help);
            let guess = suggest::nearest(&name, MERGES);
            errors.add(&source, messages::unknown_merge(&name, guess, instead, MERGES));
            return None;
        }
    };
    if merge == Merge::Counter && matches!(spelling::of(ty), Spelling::Float) {
        errors.add(&source, messages::counter_of_floats());
        return None;
    }
    Some(Policy { merge, source })
}

fn key(setting: &Setting, ty: &Type, errors: &mut Errors) -> Option<Policy> {
    let source = setting.text("key = \"id\"", errors)?;
    if !is_name(&source) {
        errors.add(&source, messages::key_is_no_name(&source.value()));
        return None;
    }
    match spelling::of(ty) {
        Spelling::List(_) => Some(Policy { merge: Merge::Key, source }),
        Spelling::Map(..) => {
            errors.add(&setting.key, messages::key_of_a_map());
            None
        }
        _ => {
            errors.add(&setting.key, messages::key_of_no_list());
            None
        }
    }
}

/// Whether a literal could name a field in Rust. Keywords can, as raw identifiers.
fn is_name(literal: &LitStr) -> bool {
    literal.parse_with(<Ident as syn::ext::IdentExt>::parse_any).is_ok()
}
