//! Code that stands for itself. Of a function that awaits nothing `#[inline(never)]` says the same.

use std::pin::Pin;

/// The future behind a pointer. The compiler would put it into the one function that awaits it, and V8 compiles a function
/// as a whole when it is first called: an isolate that starts would have to wait for what nobody asked it for.
pub(super) fn apart<'a, R>(
    future: impl Future<Output = R> + 'a,
) -> Pin<Box<dyn Future<Output = R> + 'a>> {
    Box::pin(future)
}
