//! Answers over HTTP, as the platform takes them: refusals are one sentence.

use std::panic::AssertUnwindSafe;

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::future_to_promise;
use worker::{Response, ResponseBuilder, web_sys};

/// The promise of a response.
pub(super) fn later(response: impl Future<Output = worker::Result<Response>> + 'static) -> JsValue {
    let answer = AssertUnwindSafe(async move { response.await.map(given).map_err(JsValue::from) });
    future_to_promise(answer).into()
}

/// A response as JavaScript has it.
pub(super) fn given(response: Response) -> JsValue {
    web_sys::Response::from(response).into()
}

/// A response that nobody keeps, and of which no browser guesses the type.
pub(super) fn plain(response: ResponseBuilder) -> ResponseBuilder {
    [("cache-control", "no-store"), ("x-content-type-options", "nosniff")].into_iter().fold(
        response,
        // Only an invalid name or value is refused, and these are neither.
        |response, (name, value)| response.clone().with_header(name, value).unwrap_or(response),
    )
}

/// A request that is refused: a status, and a sentence that says what was wrong and what to do.
#[derive(Debug)]
pub(super) struct Refusal {
    pub status: u16,
    pub sentence: String,
}

impl Refusal {
    pub fn new(status: u16, sentence: impl Into<String>) -> Refusal {
        Refusal { status, sentence: sentence.into() }
    }

    pub fn response(self) -> worker::Result<Response> {
        plain(ResponseBuilder::new()).with_status(self.status).ok(self.sentence)
    }
}

impl From<worker::Error> for Refusal {
    /// A fault of ours: the log has the details, the caller has no use for them.
    fn from(error: worker::Error) -> Refusal {
        worker::console_error!("{error}");
        Refusal::new(500, "the server failed: try again")
    }
}

/// The response, or the refusal as one.
pub(super) fn answer(outcome: Result<Response, Refusal>) -> worker::Result<Response> {
    outcome.or_else(Refusal::response)
}
