//! The Worker's own routes: the upgrade of a browser's socket, the session, and the files of the page.

use serde::{Deserialize, Serialize};
use temporal_entity_core::message::check_id;
use worker::{Env, FormEntry, Method, Request, Response, ResponseBuilder};

use super::answer::{self, Refusal, answer};
use super::apart::apart;
use super::calls::{self, header, path};
use super::session::{SESSION_SECONDS, Session, SessionKeys, clear_cookie, set_cookie};
use super::settings::{self, Environment};
use super::ticket::Ticket;
use super::{assets, js, origin};

/// Longest name at the development login, in characters.
const MAX_NAME: usize = 64;

/// Longest browser id: a UUID has 36.
const MAX_BROWSER: usize = 64;

/// Answers a request to the Worker: the app calls it from its `#[event(fetch)]`.
///
/// | route | answer |
/// |---|---|
/// | `GET /connect?browser=<id>` | upgrades to the socket of that browser; needs a session |
/// | `GET /connect?browser=<id>&ticket=<ticket>` | upgrades to the direct line that the ticket is for |
/// | `POST /login` `{name}` | begins a session; only in development, where a name is enough. With `{name, impersonator}` that one acts in the person's name |
/// | `POST /logout` | ends it, and closes its sockets |
/// | `GET /session` | `{person}`, or 401 |
/// | any other `GET` | a file of the `ASSETS` binding |
///
/// # Errors
/// If the platform fails while an answer is made.
pub async fn handle(request: Request, env: Env) -> worker::Result<Response> {
    answer(route(request, &env).await)
}

async fn route(request: Request, env: &Env) -> Result<Response, Refusal> {
    check_host(&request, env)?;
    let method = request.method();
    match (&method, request.path().as_str()) {
        (Method::Get, "/connect") => connect(&request, env).await,
        (Method::Post, "/login") => apart(login(request, env)).await,
        (Method::Post, "/logout") => apart(logout(&request, env)).await,
        (Method::Get, "/session") => who(&request, env),
        (_, "/connect" | "/session") => Err(Refusal::new(405, "this route takes GET")),
        (_, "/login" | "/logout") => Err(Refusal::new(405, "this route takes POST")),
        _ if assets::is_reading(&method) => apart(assets::serve(&request, env)).await,
        _ => Err(Refusal::new(405, "files are read with GET")),
    }
}

/// Hands the upgrade on to the Person's object, in a request of our own: nothing that the client wrote goes with
/// it but the browser's id.
async fn connect(request: &Request, env: &Env) -> Result<Response, Refusal> {
    let session = session(request, env)?;
    check_origin(request, env)?;
    let url = request.inner().url();
    let browser = browser_id(&url).ok_or_else(|| {
        let what = format!("`?browser=` must be 1 to {MAX_BROWSER} letters, digits, `-` or `_`");
        Refusal::new(400, what)
    })?;
    let upgrade = request.headers().get("upgrade")?;
    if !upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(426, "/connect is a WebSocket: send `Upgrade: websocket`"));
    }
    let identity = session.encode();
    let headers = [(header::SESSION, identity.as_str()), (header::BROWSER, browser)];
    let upgraded = match query(&url, "ticket") {
        None => {
            let upgrade = calls::upgrade(&headers, &[]).map_err(worker::Error::from)?;
            calls::to_person(env, &session.person, path::CONNECT, &upgrade).await
        }
        Some(ticket) => {
            let admitted = Ticket::admit(ticket, &keys(env)?, &session, browser, js::now());
            let (entity, issued) = admitted.map_err(|refused| Refusal::new(403, refused.0))?;
            let issued = issued.micros().to_string();
            let upgrade = calls::upgrade(&headers, &[(header::ISSUED, issued.as_str())]);
            let upgrade = upgrade.map_err(worker::Error::from)?;
            calls::to_entity(env, &entity, path::LINE, &upgrade).await
        }
    };
    upgraded.map(Response::from).map_err(|why| {
        worker::console_error!("{:?} could not connect: {why}", session.person);
        Refusal::new(503, "the connection could not be made: try again")
    })
}

#[derive(Deserialize)]
struct Login {
    name: String,
    impersonator: Option<String>,
}

#[derive(Serialize)]
struct Who<'a> {
    person: &'a str,
}

async fn login(mut request: Request, env: &Env) -> Result<Response, Refusal> {
    check_origin(&request, env)?;
    if !Environment::of(env).trusts_names() {
        return Err(Refusal::new(
            403,
            "a name is enough to log in only where ENVIRONMENT is `development`",
        ));
    }
    let login = login_in(&mut request).await.ok_or_else(|| {
        Refusal::new(400, "send the name as JSON `{\"name\": ...}` or as a form field `name`")
    })?;
    let session = Session {
        person: person_named(&login.name)?,
        impersonator: login.impersonator.as_deref().map(person_named).transpose()?,
        id: js::random_id(),
        expires: js::now_seconds().saturating_add(SESSION_SECONDS),
    };
    let cookie = set_cookie(&keys(env)?.sign(&session), is_secure(&request));
    let who = Who { person: &session.person };
    Ok(uncached().with_header("set-cookie", &cookie)?.from_json(&who)?)
}

async fn login_in(request: &mut Request) -> Option<Login> {
    let kind = request.headers().get("content-type").ok().flatten().unwrap_or_default();
    if kind.starts_with("application/json") {
        return request.json::<Login>().await.ok();
    }
    match request.form_data().await.ok()?.get("name")? {
        FormEntry::Field(name) => Some(Login { name, impersonator: None }),
        FormEntry::File(_) => None,
    }
}

/// The person of that name: lower-cased, so that `Ada` and `ada` are one.
fn person_named(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Refusal::new(400, format!("a name has 1 to {MAX_NAME} characters")));
    }
    let person = name.to_lowercase();
    match check_id("a name", &person) {
        Ok(()) => Ok(person),
        Err(error) => Err(Refusal::new(400, error.to_string())),
    }
}

async fn logout(request: &Request, env: &Env) -> Result<Response, Refusal> {
    check_origin(request, env)?;
    // Without a session there are no sockets to close, and the cookie goes all the same.
    if let Ok(session) = session(request, env) {
        let body = calls::post(session.id.as_bytes());
        let told = calls::to_person(env, &session.person, path::LOGOUT, &body).await;
        if let Err(why) = told {
            worker::console_error!("{:?} could not log out: {why}", session.person);
            return Err(Refusal::new(503, "the connections could not be closed: try again"));
        }
    }
    Ok(uncached().with_header("set-cookie", &clear_cookie(is_secure(request)))?.empty())
}

fn who(request: &Request, env: &Env) -> Result<Response, Refusal> {
    let session = session(request, env)?;
    Ok(uncached().from_json(&Who { person: &session.person })?)
}

fn uncached() -> ResponseBuilder {
    answer::plain(ResponseBuilder::new())
}

fn session(request: &Request, env: &Env) -> Result<Session, Refusal> {
    let cookies = request.headers().get("cookie")?.unwrap_or_default();
    let session = keys(env)?.session(&cookies, js::now_seconds());
    session.ok_or_else(|| Refusal::new(401, "there is no session: log in first"))
}

fn keys(env: &Env) -> Result<SessionKeys, Refusal> {
    settings::session_keys(env).map_err(|error| Refusal::new(500, error.to_string()))
}

fn check_origin(request: &Request, env: &Env) -> Result<(), Refusal> {
    let url = request.inner().url();
    let from = request.headers().get("origin")?;
    if origin::is_allowed(from.as_deref(), origin::of_url(&url), &settings::allowed_origins(env)) {
        return Ok(());
    }
    let from = from.map_or("a request without `Origin`".into(), |from| format!("{from:?}"));
    Err(Refusal::new(403, format!("{from} is not welcome: ALLOWED_ORIGINS names other origins")))
}

/// Before everything else, the files of the page included.
fn check_host(request: &Request, env: &Env) -> Result<(), Refusal> {
    let (url, environment) = (request.inner().url(), Environment::of(env));
    let own = origin::of_url(&url);
    if origin::is_served(own, environment.is_local(), &settings::allowed_hosts(env)) {
        return Ok(());
    }
    Err(Refusal::new(421, format!("{own:?} is not served here: ALLOWED_HOSTS names the hosts")))
}

fn is_secure(request: &Request) -> bool {
    request.inner().url().starts_with("https:")
}

/// What a query says of `key`. What is looked for here has no characters that are escaped.
fn query<'a>(url: &'a str, key: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

/// The id in the query, if it is one that a browser made for itself.
fn browser_id(url: &str) -> Option<&str> {
    let id = query(url, "browser")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    ((1..=MAX_BROWSER).contains(&id.len()) && id.chars().all(is_plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_are_one_person() {
        assert_eq!(person_named("  Ada Lovelace ").unwrap(), "ada lovelace");
        assert_eq!(person_named(&"x".repeat(64)).unwrap().len(), 64);
        for refused in ["", "   ", "a\nb", &"x".repeat(65), &"語".repeat(60)] {
            assert_eq!(person_named(refused).unwrap_err().status, 400, "{refused:?}");
        }
    }

    #[test]
    fn a_browser_id_is_plain_and_short() {
        let url = |query: &str| format!("https://a.example/connect{query}");
        assert_eq!(browser_id(&url("?browser=a-B_9")), Some("a-B_9"));
        assert_eq!(browser_id(&url("?x=1&browser=b&y=2")), Some("b"));
        let long = format!("?browser={}", "x".repeat(65));
        for refused in ["", "?", "?browser=", "?browser=a%20b", "?browser=ä", "?other=1", &long] {
            assert_eq!(browser_id(&url(refused)), None, "{refused}");
        }
    }
}
