//! Who may connect, and for how long.

use temporal_entity_tests::client::{Event, Session, connect, open, send};
use temporal_entity_tests::workerd::{TEST, Workerd};
use tungstenite::Message;

use crate::common::{meta, posted_card, server, titled, unique};

const CONNECT: &str = "/connect?browser=laptop";

#[test]
fn a_socket_needs_a_session_that_was_signed_here() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let origin = session.origin.as_str();
    let refused = |headers: &[(&str, &str)]| connect(origin, CONNECT, headers).err();
    assert_eq!(refused(&[("origin", origin)]), Some(401));
    for forged in forgeries(&session.cookie) {
        assert_eq!(refused(&[("origin", origin), ("cookie", &forged)]), Some(401), "{forged}");
    }
    assert_eq!(refused(&[("origin", origin), ("cookie", &session.cookie)]), None);
}

#[test]
fn a_ping_is_answered_and_is_no_message() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let headers = [("origin", session.origin.as_str()), ("cookie", session.cookie.as_str())];
    let mut socket = open(&session.origin, CONNECT, &headers).unwrap();
    assert!(socket.read().unwrap().is_binary());
    // More than the frames in a row that are no messages and end a socket.
    for _ in 0..5 {
        socket.send(Message::text("ping")).unwrap();
        assert_eq!(socket.read().unwrap(), Message::text("pong"));
    }
}

/// Cookies that nobody signed.
fn forgeries(cookie: &str) -> Vec<String> {
    let (start, mac) = cookie.split_once('.').unwrap();
    let (name, payload) = start.split_once('=').unwrap();
    let mut changed = payload.to_owned();
    let first = if changed.starts_with('b') { "c" } else { "b" };
    changed.replace_range(..1, first);
    vec![
        format!("{name}={changed}.{mac}"),
        format!("{name}={payload}.{}", "A".repeat(mac.len())),
        format!("{name}={payload}."),
        format!("{name}={payload}"),
        format!("{name}="),
        format!("other={payload}.{mac}"),
    ]
}

#[test]
fn a_socket_needs_an_origin_that_is_ours() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let (origin, cookie) = (session.origin.as_str(), ("cookie", session.cookie.as_str()));
    assert_eq!(connect(origin, CONNECT, &[cookie]).err(), Some(403));
    for foreign in ["https://evil.example", "null", "http://127.0.0.1", "http://localhost"] {
        assert_eq!(connect(origin, CONNECT, &[("origin", foreign), cookie]).err(), Some(403));
    }
}

#[test]
fn headers_of_a_client_say_nothing_about_who_it_is() {
    let server = server();
    let session = Session::login(&server, &unique("eve"));
    let headers = [
        ("origin", session.origin.as_str()),
        ("cookie", session.cookie.as_str()),
        ("x-session", "YWRhCnNlc3Npb24KOTk5OTk5OTk5OQ"),
        ("x-browser", "phone"),
        ("x-person", "ada"),
    ];
    let mut browser = connect(&session.origin, CONNECT, &headers).ok().unwrap();
    assert_eq!(browser.welcome(), session.person);
}

#[test]
fn routes_say_what_they_take() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let (origin, cookie) = (session.origin.as_str(), session.cookie.as_str());
    let headers = [("origin", origin), ("cookie", cookie)];
    let status = |method, path: &str| send(method, &format!("{origin}{path}"), &headers, "").status;
    assert_eq!(status("GET", "/connect?browser=laptop"), 426);
    assert_eq!(status("GET", "/connect"), 400);
    assert_eq!(status("GET", "/connect?browser=a%20b"), 400);
    assert_eq!(status("GET", "/login"), 405);
    assert_eq!(status("GET", "/logout"), 405);
    assert_eq!(status("POST", "/session"), 405);
    assert_eq!(status("DELETE", "/index.html"), 405);
    assert_eq!(status("POST", "/login"), 400);
    let who = send("GET", &format!("{origin}/session"), &headers, "");
    assert_eq!(who.body, format!(r#"{{"person":"{}"}}"#, session.person));
    assert_eq!(send("GET", &format!("{origin}/session"), &[], "").status, 401);
}

#[test]
fn a_session_is_kept_from_scripts_and_other_sites() {
    let server = server();
    let headers = [("origin", &*server.origin()), ("content-type", "application/json")];
    let url = format!("{}/login", server.origin());
    let answer = send("POST", &url, &headers, r#"{"name":" Grace Hopper "}"#);
    assert_eq!(answer.body, r#"{"person":"grace hopper"}"#);
    let cookie = answer.set_cookie.unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
    }
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
    assert_eq!(send("POST", &url, &foreign, r#"{"name":"grace"}"#).status, 403);
}

#[test]
fn a_login_is_a_name_in_one_of_two_forms() {
    let server = server();
    let origin = server.origin();
    let login = |kind: &str, body: &str| {
        let headers = [("origin", origin.as_str()), ("content-type", kind)];
        send("POST", &format!("{origin}/login"), &headers, body)
    };
    for (kind, body) in [
        ("application/json; charset=utf-8", r#"{"name": " Ada Byron "}"#),
        ("application/x-www-form-urlencoded", "name=Ada+Byron"),
    ] {
        let answer = login(kind, body);
        assert_eq!((answer.status, &*answer.body), (200, r#"{"person":"ada byron"}"#), "{kind}");
        let cookie = answer.set_cookie.expect("a cookie");
        let (_, attributes) = cookie.split_once("; ").expect("attributes");
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");
    }
    let json = "application/json";
    for (kind, body) in [
        (json, "name=ada"),
        (json, r#"{"name": "  "}"#),
        (json, r#"{"name": "ada", "impersonator": ""}"#),
        ("text/plain", "ada"),
    ] {
        let answer = login(kind, body);
        assert_eq!((answer.status, answer.set_cookie), (400, None), "{kind} {body}");
    }
}

#[test]
fn an_impersonator_acts_in_the_name_of_a_person() {
    let server = server();
    let own = Session::login(&server, &unique("ada"));
    let root = Session::impersonated(&server, &own.person, "Root");
    assert_eq!(root.person, own.person, "the session is the person's");
    let mut laptop = root.connect("laptop");
    let (card, first) = posted_card(&mut laptop);
    let mut phone = own.connect("phone");
    let read = phone.get(&card, None);
    let (person, impersonator) = (&meta(&read).person, meta(&read).impersonator.as_deref());
    assert_eq!((person, impersonator), (&own.person, Some("root")));
    let edited = phone.patch(&card, first, titled("Paint it red"));
    assert_eq!(meta(&edited).impersonator, None);
    assert_ne!(meta(&edited).valid_from, first, "it begins a snapshot of its own");
}

#[test]
fn a_name_is_not_enough_outside_development() {
    for environment in ["production", "", "Development"] {
        let server = Workerd::start(TEST, &[("ENVIRONMENT", environment)]);
        let origin = server.origin();
        let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
        let answer = send("POST", &format!("{origin}/login"), &headers, r#"{"name":"ada"}"#);
        assert_eq!((answer.status, answer.set_cookie), (403, None), "{environment:?}");
    }
}

#[test]
fn logging_out_closes_the_sockets_of_that_session_only() {
    let server = server();
    let name = unique("ada");
    let (here, there) = (Session::login(&server, &name), Session::login(&server, &name));
    assert_eq!(here.person, there.person);
    let mut laptop = here.connect("laptop");
    let mut tablet = here.connect("tablet");
    let mut phone = there.connect("phone");
    let (card, first) = posted_card(&mut phone);
    let answer = here.logout();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.set_cookie.unwrap().contains("Max-Age=0"));
    for browser in [&mut laptop, &mut tablet] {
        assert_eq!(browser.closed().0, 4401);
    }
    assert_eq!(phone.get(&card, Some(first)).status, 304);
}

#[test]
fn a_browser_has_one_socket() {
    let server = server();
    let session = Session::login(&server, &unique("ada"));
    let mut old = session.connect("laptop");
    let mut new = session.connect("laptop");
    assert_eq!(old.closed().0, 4409);
    assert!(matches!(old.event(), Event::Lost));
    posted_card(&mut new);
}
