//! Logging in and out, and opening sockets.

use std::fmt::Display;
use std::net::TcpStream;
use std::time::Duration;

use tungstenite::client::client;
use tungstenite::handshake::HandshakeError;
use tungstenite::{ClientRequestBuilder, Error, WebSocket};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

use crate::client::browser::welcomed;
use crate::client::{Browser, Event};
use crate::workerd::Workerd;

/// A socket, as `tungstenite` has it.
pub type Socket = WebSocket<TcpStream>;

/// A test that waits this long for an answer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person's session: what the cookie jar of a browser knows.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where the person is logged in, and where the pages come from.
    pub origin: String,
    /// The cookie, as a browser sends it back.
    pub cookie: String,
    /// The person's id.
    pub person: String,
}

impl Session {
    /// Logs in by name alone.
    pub fn login(server: &Workerd, name: &str) -> Session {
        Session::begin(server, &serde_json::json!({ "name": name }))
    }

    /// Logs in as somebody who acts in the name of a person.
    pub fn impersonated(server: &Workerd, name: &str, impersonator: &str) -> Session {
        Session::begin(server, &serde_json::json!({ "name": name, "impersonator": impersonator }))
    }

    fn begin(server: &Workerd, login: &serde_json::Value) -> Session {
        let (origin, body) = (server.origin(), login.to_string());
        let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
        let answer = send("POST", &format!("{origin}/login"), &headers, &body);
        assert_eq!(answer.status, 200, "the login by {body}: {}", answer.body);
        let who: serde_json::Value = serde_json::from_str(&answer.body).expect("it is JSON");
        let person = who["person"].as_str().expect("it names the person").to_owned();
        let cookie = answer.set_cookie.expect("a login sets a cookie");
        let (cookie, _attributes) = cookie.split_once(';').expect("the cookie has attributes");
        Session { origin, cookie: cookie.to_owned(), person }
    }

    /// Logs out.
    pub fn logout(&self) -> Answer {
        let headers = [("origin", self.origin.as_str()), ("cookie", self.cookie.as_str())];
        send("POST", &format!("{}/logout", self.origin), &headers, "")
    }

    /// Opens the socket of one of the person's browsers, and takes the welcome off it. The one on a `phone` is an old
    /// client, which gives no handles.
    pub fn connect(&self, browser: &str) -> Browser {
        self.try_connect(browser).unwrap_or_else(|| panic!("{} is gone", self.origin))
    }

    /// The same with a server that may be killed meanwhile; `None` if it was.
    pub fn try_connect(&self, browser_id: &str) -> Option<Browser> {
        let headers = [("origin", self.origin.as_str()), ("cookie", self.cookie.as_str())];
        let path = format!("/connect?browser={browser_id}");
        let mut browser = match attempt(&self.origin, &path, &headers) {
            Ok(socket) => Browser::new(socket),
            Err(NoSocket::Refused(status)) => panic!("the connection was refused with {status}"),
            Err(NoSocket::Gone(_)) => return None,
        };
        match browser.event() {
            Event::Closed(..) | Event::Lost => return None,
            event => assert_eq!(welcomed(event), self.person),
        }
        Some(if browser_id == "phone" { browser.without_handles() } else { browser })
    }
}

impl Session {
    /// Opens a direct line of one of the person's browsers; `Err` is the status of a refusal.
    ///
    /// # Errors
    /// If the ticket is refused.
    pub fn line(&self, browser: &str, ticket: &str) -> Result<Browser, u16> {
        let headers = [("origin", self.origin.as_str()), ("cookie", self.cookie.as_str())];
        connect(&self.origin, &format!("/connect?browser={browser}&ticket={ticket}"), &headers)
    }
}

/// Why there is no socket.
enum NoSocket {
    /// The server answered with this status.
    Refused(u16),
    /// Nobody answered.
    Gone(String),
}

/// Opens a browser's socket with these headers; `Err` is the status of a refusal.
///
/// # Errors
/// If the server refuses to upgrade.
pub fn connect(origin: &str, path: &str, headers: &[(&str, &str)]) -> Result<Browser, u16> {
    open(origin, path, headers).map(Browser::new)
}

/// Opens a socket with these headers; `Err` is the status of a refusal.
///
/// # Errors
/// If the server refuses to upgrade.
pub fn open(origin: &str, path: &str, headers: &[(&str, &str)]) -> Result<Socket, u16> {
    attempt(origin, path, headers).map_err(|why| match why {
        NoSocket::Refused(status) => status,
        NoSocket::Gone(why) => panic!("no handshake with {origin}{path}: {why}"),
    })
}

fn attempt(origin: &str, path: &str, headers: &[(&str, &str)]) -> Result<Socket, NoSocket> {
    let gone = |error: &dyn Display| NoSocket::Gone(error.to_string());
    let authority = origin.trim_start_matches("http://");
    let uri = format!("ws://{authority}{path}").parse().expect("the path is one of a URI");
    let request = headers
        .iter()
        .fold(ClientRequestBuilder::new(uri), |all, (name, value)| all.with_header(*name, *value));
    let stream = TcpStream::connect(authority).map_err(|error| gone(&error))?;
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a read timeout");
    // Frames are small and each is waited for.
    stream.set_nodelay(true).expect("a socket can be told to send at once");
    match client(request, stream) {
        Ok((socket, _)) => Ok(socket),
        Err(HandshakeError::Failure(Error::Http(response))) => {
            Err(NoSocket::Refused(response.status().as_u16()))
        }
        Err(error) => Err(gone(&error)),
    }
}

/// The answer to a plain request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The cookie that it sets.
    pub set_cookie: Option<String>,
    /// Its text.
    pub body: String,
}

/// A plain HTTP request.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut response = exchange(method, url, headers, body.as_bytes());
    let set_cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
    Answer {
        status: response.status().as_u16(),
        set_cookie: set_cookie.map(str::to_owned),
        body: response.body_mut().read_to_string().expect("the answer is text"),
    }
}

/// A POST of bytes that is answered with bytes.
pub fn send_bytes(url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Vec<u8> {
    let mut response = exchange("POST", url, headers, &body);
    assert_eq!(response.status().as_u16(), 200, "{url}");
    response.body_mut().read_to_vec().expect("the answer is short")
}

fn exchange(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Response<Body> {
    let request = headers
        .iter()
        .fold(Request::builder().method(method).uri(url), |all, (name, value)| {
            all.header(*name, *value)
        })
        .body(body)
        .expect("method, URL and headers are well-formed");
    // Refusals are what many tests are about, and a connection that is kept would outlive a killed server.
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_idle_connections(0)
        .build()
        .into();
    agent.run(request).unwrap_or_else(|error| panic!("{method} {url}: {error}"))
}
