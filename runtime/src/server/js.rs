//! What JavaScript gives and the core must not take itself: the clock, randomness, and a limit to waiting.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use temporal_entity_core::time::Stamp;
use worker::Delay;
use worker::js_sys::Date;
use worker::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = randomUUID)]
    fn random_uuid() -> String;
}

/// The time, to the millisecond that the platform gives.
pub(super) fn now() -> Stamp {
    Stamp::from_clock_millis(Date::now())
}

/// The time in whole seconds since the epoch.
pub(super) fn now_seconds() -> u64 {
    now().micros() / 1_000_000
}

/// An id that nobody can guess.
pub(super) fn random_id() -> String {
    random_uuid()
}

/// What was thrown, as a sentence.
pub(super) fn sentence(thrown: JsValue) -> String {
    worker::Error::from(thrown).to_string()
}

/// The future's output, or `None` if it takes longer.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut timer = pin!(Delay::from(limit));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
