//! `transactionSync`, which the `worker` crate does not bind, and the alarm that is set with what it wrote.

use std::panic::AssertUnwindSafe;

use temporal_entity_core::storage::StorageError;
use temporal_entity_core::time::Stamp;
use worker::Storage;
use worker::wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen};

use super::js::sentence;
use super::sql::storage_error;

#[wasm_bindgen]
extern "C" {
    type Transactions;

    /// Runs the closure in a transaction that is committed when it returns and rolled back when it throws.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactions,
        run: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// Sets the alarm at once. (The one of `worker` waits for its future to be polled.)
    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &Transactions, millis: f64) -> Result<JsValue, JsValue>;
}

/// Sets the object's alarm. What was written in the same turn is stored with it, or neither is.
pub(super) fn set_alarm(storage: &Storage, at: Stamp) -> Result<(), StorageError> {
    let millis = at.micros().div_ceil(1000) as f64;
    let set = storage.as_raw().unchecked_ref::<Transactions>().set_alarm(millis);
    set.map(drop).map_err(|error| storage_error(sentence(error)))
}

/// Runs `step` in one transaction: everything that it wrote stays, or on an error nothing.
///
/// There is no await inside, so no other request can come between.
pub(super) fn transaction<R>(
    storage: &Storage,
    step: impl FnOnce() -> Result<R, StorageError>,
) -> Result<R, StorageError> {
    let (mut step, mut outcome) = (Some(step), None);
    // A step that panics leaves no outcome, and the machine that it was given is gone with it.
    let mut state = AssertUnwindSafe((&mut step, &mut outcome));
    let mut run = move || {
        // Named as a whole, so that the closure holds it as a whole.
        let state = &mut state;
        let (step, outcome) = &mut state.0;
        match step.take().map(|step| step()) {
            Some(Err(error)) => {
                let thrown = JsValue::from_str(&error.to_string());
                **outcome = Some(Err(error));
                Err(thrown)
            }
            done => {
                **outcome = done;
                Ok(JsValue::UNDEFINED)
            }
        }
    };
    let committed = storage.as_raw().unchecked_ref::<Transactions>().transaction_sync(&mut run);
    match (outcome, committed) {
        (Some(Err(error)), _) => Err(error),
        // The step went well and the commit did not, or the step panicked in a build that unwinds.
        (_, Err(thrown)) => Err(storage_error(sentence(thrown))),
        (Some(Ok(value)), Ok(_)) => Ok(value),
        (None, Ok(_)) => Err(StorageError::Failed("the transaction did not run".into())),
    }
}
