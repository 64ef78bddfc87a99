//! Which types of entities the app has: those of the classes that `#[temporal_entity]` wrote into this module of wasm.
//!
//! A name that a browser sends must not reach any other namespace of the Worker, which may be bound under a name that ends
//! in `Object` as well. Each class exports a function under the name of its type, which nobody calls: that it is there
//! says enough, and the class of somebody else is never asked.

use std::cell::RefCell;
use std::collections::BTreeSet;

use worker::js_sys::Reflect;
use worker::wasm_bindgen::{self, JsValue};

/// Whether the app has a type of entities of this name.
pub(super) fn is_entity(name: &str) -> bool {
    thread_local! {
        /// The names that were found before: a request need not ask JavaScript.
        static KNOWN: RefCell<BTreeSet<String>> = RefCell::default();
    }
    if KNOWN.with_borrow(|known| known.contains(name)) {
        return true;
    }
    let found = Reflect::has(&wasm_bindgen::exports(), &JsValue::from_str(&export_of(name)));
    let found = found.unwrap_or(false);
    if found {
        KNOWN.with_borrow_mut(|known| known.insert(name.to_owned()));
    }
    found
}

/// What wasm-bindgen calls the function `__entity_<name>` of the class `<Name>Object` in the module.
fn export_of(name: &str) -> String {
    format!("{}object___entity_{name}", name.to_lowercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_type_is_told_from_others_letter_by_letter() {
        assert_eq!(super::export_of("Card"), "cardobject___entity_Card");
        assert_ne!(super::export_of("CARD"), super::export_of("Card"));
    }
}
