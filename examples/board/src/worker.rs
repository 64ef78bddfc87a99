//! The Worker: all of its routes are the library's.

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    temporal_entity::server::handle(request, env).await
}
