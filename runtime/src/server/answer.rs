//! Answers over HTTP: refusals as one sentence, the rest as bytes.

use worker::{Response, ResponseBuilder};

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
        ResponseBuilder::new()
            .with_status(self.status)
            .with_header("cache-control", "no-store")?
            .ok(self.sentence)
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
