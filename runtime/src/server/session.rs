//! The session: who is logged in, in a signed cookie. Nothing here touches the platform.
//!
//! The cookie is `<payload>.<mac>`, both base64url; the payload is the lines of a [`Session`], the mac is
//! HMAC-SHA256 over the payload with a key of [`SessionKeys`].

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use temporal_entity_core::message::check_id;

/// The name of the cookie.
const COOKIE: &str = "session";

/// How long a session lasts: a week.
pub(super) const SESSION_SECONDS: u64 = 7 * 24 * 3600;

/// By how much the clocks of two machines may differ, in seconds.
const CLOCK_SLACK: u64 = 60;

/// A shorter key could be guessed.
const MIN_KEY_BYTES: usize = 32;

/// What something is signed for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// A session.
    Session,
    /// A ticket of a direct line.
    Line,
}

impl Purpose {
    /// Signed together with the payload, so that what was signed for one purpose is good for no other.
    fn prefix(self) -> &'static [u8] {
        match self {
            Purpose::Session => b"temporal-entity session 1\n",
            Purpose::Line => b"temporal-entity line 1\n",
        }
    }
}

/// Who is logged in, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    /// The person.
    pub person: String,
    /// Unique among all sessions.
    pub id: String,
    /// Seconds since the epoch.
    pub expires: u64,
    /// Who acts in the person's name, if somebody else does.
    #[serde(default)]
    pub impersonator: Option<String>,
}

impl Session {
    /// The text form: base64url, so that it fits cookies and headers.
    pub fn encode(&self) -> String {
        // Ids have no control characters, so a line break parts them.
        let mut lines = format!("{}\n{}\n{}", self.person, self.id, self.expires);
        if let Some(impersonator) = &self.impersonator {
            lines.push('\n');
            lines.push_str(impersonator);
        }
        URL_SAFE_NO_PAD.encode(lines)
    }

    /// Reads the text form.
    pub fn decode(text: &str) -> Option<Session> {
        let lines = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut lines = lines.split('\n');
        let (person, id, expires) = (lines.next()?, lines.next()?, lines.next()?);
        check_id("the person", person).ok()?;
        check_id("the session", id).ok()?;
        let impersonator = lines.next();
        if let Some(impersonator) = impersonator {
            check_id("the impersonator", impersonator).ok()?;
        }
        Some(Session {
            person: person.into(),
            id: id.into(),
            expires: expires.parse().ok().filter(|_| lines.next().is_none())?,
            impersonator: impersonator.map(str::to_owned),
        })
    }

    /// Whether it has ended.
    pub fn is_over(&self, now_seconds: u64) -> bool {
        self.expires <= now_seconds
    }

    /// Whether it lasts longer than any session that begins now: nobody who logs in is given such a one.
    fn is_too_long(&self, now_seconds: u64) -> bool {
        self.expires > now_seconds.saturating_add(SESSION_SECONDS).saturating_add(CLOCK_SLACK)
    }
}

/// The keys of sessions: one that signs, and the one before it, still accepted, so that a key is replaced without
/// logging everybody out.
pub(super) struct SessionKeys {
    current: Hmac<Sha256>,
    before: Option<Hmac<Sha256>>,
}

/// Why a setting is no key: a sentence for the operator.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadKey(String);

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl SessionKeys {
    /// The keys in these settings; the second may be empty.
    pub fn new(current: &str, before: &str) -> Result<SessionKeys, BadKey> {
        let before =
            if before.is_empty() { None } else { Some(key("SESSION_KEY_BEFORE", before)?) };
        Ok(SessionKeys { current: key("SESSION_KEY", current)?, before })
    }

    /// The session as a cookie's value.
    pub fn sign(&self, session: &Session) -> String {
        self.sign_for(Purpose::Session, session.encode())
    }

    /// A payload, which is base64url, and its signature.
    pub fn sign_for(&self, purpose: Purpose, payload: String) -> String {
        let mac = mac(&self.current, purpose, &payload).finalize().into_bytes();
        format!("{payload}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// The payload of what [`SessionKeys::sign_for`] gave, with this or the earlier key.
    pub fn verified<'a>(&self, purpose: Purpose, signed: &'a str) -> Option<&'a str> {
        let (payload, signature) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // `verify_slice` takes the same time wherever the first wrong byte is.
        let signed_here = |key: &_| mac(key, purpose, payload).verify_slice(&signature).is_ok();
        let known = signed_here(&self.current) || self.before.as_ref().is_some_and(signed_here);
        known.then_some(payload)
    }

    /// The session in a request's `Cookie` header, if one is there that was signed here and is not over.
    pub fn session(&self, cookies: &str, now_seconds: u64) -> Option<Session> {
        let values = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
        values
            .filter(|(name, _)| *name == COOKIE)
            .find_map(|(_, value)| self.verify(value, now_seconds))
    }

    fn verify(&self, signed: &str, now_seconds: u64) -> Option<Session> {
        let payload = self.verified(Purpose::Session, signed)?;
        let holds =
            |session: &Session| !session.is_over(now_seconds) && !session.is_too_long(now_seconds);
        Session::decode(payload).filter(holds)
    }
}

fn key(setting: &str, key: &str) -> Result<Hmac<Sha256>, BadKey> {
    if key.len() < MIN_KEY_BYTES {
        let length = key.len();
        let why =
            format!("{setting} has {length} bytes: set it to {MIN_KEY_BYTES} random ones or more");
        return Err(BadKey(why));
    }
    Hmac::new_from_slice(key.as_bytes()).map_err(|error| BadKey(error.to_string()))
}

fn mac(key: &Hmac<Sha256>, purpose: Purpose, payload: &str) -> Hmac<Sha256> {
    let mut mac = key.clone();
    mac.update(purpose.prefix());
    mac.update(payload.as_bytes());
    mac
}

/// The `Set-Cookie` header that begins a session.
pub(super) fn set_cookie(signed: &str, secure: bool) -> String {
    cookie(signed, SESSION_SECONDS, secure)
}

/// The `Set-Cookie` header that ends it.
pub(super) fn clear_cookie(secure: bool) -> String {
    cookie("", 0, secure)
}

fn cookie(value: &str, max_age: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an old key of at least 32 bytes: old";
    const NEW: &str = "a new key of at least 32 bytes: new";

    fn keys(current: &str) -> SessionKeys {
        SessionKeys::new(current, "").unwrap()
    }

    fn ada() -> Session {
        Session {
            person: "ada løvelace".into(),
            id: "6f1c".into(),
            expires: 1_000,
            impersonator: None,
        }
    }

    #[test]
    fn a_signed_session_is_found_among_other_cookies_until_it_is_over() {
        let new = keys(NEW);
        let cookies = format!("theme=dark; session={}; x=1", new.sign(&ada()));
        assert_eq!(new.session(&cookies, 999), Some(ada()));
        assert_eq!(new.session(&cookies, 1_000), None);
        assert_eq!(new.session("theme=dark", 0), None);
    }

    #[test]
    fn a_session_that_lasts_longer_than_any_that_begins_is_refused() {
        let keys = keys(NEW);
        let lasting = |expires| {
            let signed = keys.sign(&Session { expires, ..ada() });
            keys.session(&format!("session={signed}"), 1_000).is_some()
        };
        assert!(lasting(1_000 + SESSION_SECONDS));
        assert!(!lasting(1_000 + 2 * SESSION_SECONDS));
        assert!(!lasting(u64::MAX));
    }

    #[test]
    fn what_was_not_signed_here_is_no_session() {
        let new = keys(NEW);
        let signed = new.sign(&ada());
        let (payload, signature) = signed.split_once('.').unwrap();
        let mut eve = ada();
        eve.person = "eve".into();
        for forged in [
            format!("{}.{signature}", eve.encode()),
            format!("{payload}."),
            format!("{payload}.AAAA"),
            payload.into(),
            String::new(),
            "ü.ü".into(),
        ] {
            assert_eq!(new.session(&format!("session={forged}"), 0), None);
        }
        assert_eq!(keys(OLD).session(&format!("session={signed}"), 0), None);
    }

    #[test]
    fn a_key_is_replaced_without_ending_sessions() {
        let signed = keys(OLD).sign(&ada());
        let both = SessionKeys::new(NEW, OLD).unwrap();
        assert_eq!(both.session(&format!("session={signed}"), 0), Some(ada()));
        let again = format!("session={}", both.sign(&ada()));
        assert_eq!(keys(NEW).session(&again, 0), Some(ada()));
    }

    #[test]
    fn short_keys_are_refused_with_their_length() {
        let refused = SessionKeys::new("secret", "").err().unwrap().to_string();
        assert!(refused.contains("SESSION_KEY has 6 bytes"), "{refused}");
        assert!(SessionKeys::new("", "").is_err());
        assert!(SessionKeys::new(NEW, "short").is_err());
    }

    #[test]
    fn a_session_has_exactly_three_good_lines_or_four() {
        assert_eq!(Session::decode(&ada().encode()), Some(ada()));
        let impersonated = Session { impersonator: Some("eve".into()), ..ada() };
        assert_eq!(Session::decode(&impersonated.encode()), Some(impersonated));
        for lines in
            ["a\nb", "a\nb\nc", "a\nb\n1\n", "a\nb\n1\nd\ne", "\nb\n1", "a\n\n1", "a\tb\nb\n1"]
        {
            assert_eq!(Session::decode(&URL_SAFE_NO_PAD.encode(lines)), None);
        }
    }

    #[test]
    fn cookies_are_for_this_site_and_not_for_scripts() {
        assert_eq!(
            set_cookie("v", true),
            "session=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800; Secure"
        );
        assert_eq!(clear_cookie(false), "session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    }
}
