//! What an object tells a test about the platform's side of it.

use worker::{Env, Response, State};

use super::answer::Refusal;
use super::settings::Environment;

/// When the platform will wake the object by itself, in milliseconds; null if it will not.
pub(super) async fn alarm(state: &State, env: &Env) -> worker::Result<Response> {
    if Environment::of(env) != Environment::Test {
        return Refusal::new(404, "an object serves no such path").response();
    }
    let at = state.storage().get_alarm().await?;
    let at = at.map_or_else(|| "null".to_owned(), |at| at.to_string());
    Response::ok(format!(r#"{{"at":{at}}}"#))
}
