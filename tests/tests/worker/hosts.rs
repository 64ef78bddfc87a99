//! Under which names the Worker is served, what it tells browsers with a refusal, and what of its bindings is reached from
//! outside.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use temporal_entity_core::message::{EntityRef, Method};
use temporal_entity_tests::client::{Session, send};
use temporal_entity_tests::workerd::{SESSION_KEY, TEST, Workerd};

use crate::common::{assert_refused, person, server, unique};

/// A plain request to a host of any name: status, and the whole answer in small letters.
fn ask(server: &Workerd, method: &str, path: &str, host: &str) -> (u16, String) {
    let authority = server.origin().replace("http://", "");
    let mut stream = TcpStream::connect(&authority).unwrap();
    let (_, port) = authority.split_once(':').unwrap();
    let host = host.replace("PORT", port);
    let body = r#"{"name":"eve"}"#;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    (status, answer)
}

const ROUTES: [(&str, &str); 7] = [
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/session"),
    ("GET", "/connect?browser=laptop"),
    ("GET", "/connect?browser=laptop&ticket=x"),
    ("GET", "/"),
    ("GET", "/index.html"),
];

#[test]
fn a_name_of_somebody_else_that_leads_here_is_not_served() {
    let server = server();
    for (method, path) in ROUTES {
        for host in ["evil.example", "evil.example:PORT", "127.0.0.1.evil.example:PORT"] {
            let (status, answer) = ask(&server, method, path, host);
            assert_eq!(status, 421, "{method} {path} at {host}: {answer}");
            assert!(answer.contains("allowed_hosts"), "{answer}");
            assert!(!answer.contains("set-cookie"), "{answer}");
        }
    }
    for host in ["127.0.0.1:PORT", "localhost:PORT", "board.localhost:PORT"] {
        assert_eq!(ask(&server, "POST", "/login", host).0, 200, "{host}");
    }
}

#[test]
fn hosts_that_are_named_are_served() {
    let settings = [("ENVIRONMENT", "test"), ("ALLOWED_HOSTS", "desk.example, other.example")];
    let server = Workerd::start(TEST, &settings);
    assert_eq!(ask(&server, "POST", "/login", "desk.example:PORT").0, 200);
    assert_eq!(ask(&server, "POST", "/login", "127.0.0.1:PORT").0, 200);
    assert_eq!(ask(&server, "POST", "/login", "evil.example").0, 421);
    let settings = [("ENVIRONMENT", ""), ("ALLOWED_HOSTS", "desk.example")];
    let server = Workerd::start(TEST, &settings);
    // In production the names that are set hold, and without any all are served. Names alone do not log in.
    assert_eq!(ask(&server, "POST", "/login", "desk.example").0, 403);
    assert_eq!(ask(&server, "POST", "/login", "127.0.0.1:PORT").0, 421);
    let server = Workerd::start(TEST, &[("ENVIRONMENT", "")]);
    assert_eq!(ask(&server, "POST", "/login", "app.example").0, 403);
}

#[test]
fn no_browser_guesses_the_type_of_an_answer() {
    let server = server();
    for (method, path) in ROUTES.into_iter().chain([("GET", "/no/such.page"), ("PUT", "/")]) {
        for host in ["127.0.0.1:PORT", "evil.example"] {
            let (status, answer) = ask(&server, method, path, host);
            assert!(
                answer.contains("x-content-type-options: nosniff"),
                "{path}: {status} {answer}"
            );
        }
    }
}

/// A cookie that is signed with the server's key, as if it had leaked.
fn cookie(person: &str, expires: u64) -> String {
    let payload = URL_SAFE_NO_PAD.encode(format!("{person}\nsession\n{expires}"));
    let mut mac = Hmac::<Sha256>::new_from_slice(SESSION_KEY.as_bytes()).unwrap();
    mac.update(b"temporal-entity session 1\n");
    mac.update(payload.as_bytes());
    format!("session={payload}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_session_that_lasts_longer_than_any_is_refused() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let (_, value) = session.cookie.split_once('=').unwrap();
    let payload = URL_SAFE_NO_PAD.decode(value.split_once('.').unwrap().0).unwrap();
    let payload = String::from_utf8(payload).unwrap();
    let expires: u64 = payload.split('\n').nth(2).unwrap().parse().unwrap();
    let status = |expires| {
        let cookie = cookie(&session.person, expires);
        send("GET", &format!("{}/session", session.origin), &[("cookie", &cookie)], "").status
    };
    assert_eq!(status(expires), 200);
    for later in [expires + 3_600, expires + 365 * 24 * 3_600, u64::MAX] {
        assert_eq!(status(later), 401, "{later}");
    }
}

#[test]
fn a_namespace_that_is_no_type_of_entities_is_never_asked() {
    let server = server();
    let mut eve = person(&server, "eve");
    let secret = EntityRef::new("Secret", unique("secret")).unwrap();
    for method in [Method::Get, Method::Post, Method::Subscribe, Method::Delete, Method::Line] {
        assert_refused(&eve.simply(method, &secret), 404, "unknownType");
    }
    // Nor is a type under another spelling.
    for name in ["card", "CARD", "Nothing"] {
        let other = EntityRef::new(name, "x").unwrap();
        assert_refused(&eve.simply(Method::Get, &other), 404, "unknownType");
    }
    assert_eq!(server.calls_made(&secret), 0);
}
