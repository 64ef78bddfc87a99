//! A client without a browser: plain HTTP, and the messages of the core over a blocking WebSocket.

mod browser;
mod session;

pub use browser::{Browser, Event, patch, request};
pub use session::{Answer, Session, Socket, connect, open, send, send_bytes};
