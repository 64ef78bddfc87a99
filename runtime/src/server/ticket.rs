//! The ticket of a direct line: which browser of whom may open a socket to which entity, for a moment. Nothing here touches
//! the platform.
//!
//! A ticket has the form of a session's cookie, and is signed by the same keys for another purpose. The Person's object
//! gives it to a browser over that browser's socket; the Worker takes it with the cookie of the same session.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use temporal_entity_core::message::EntityRef;

use temporal_entity_core::object::TICKET_SECONDS;
use temporal_entity_core::time::Stamp;

use super::session::{Purpose, Session, SessionKeys};

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub entity: EntityRef,
    pub browser: String,
    pub person: String,
    /// The id of the session.
    pub session: String,
    /// When it was issued. No other ticket of the browser was issued at the same instant, so it tells the ticket from
    /// others: an entity admits each once.
    pub issued: Stamp,
}

/// Why a ticket opens nothing: a sentence for the browser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(pub &'static str);

impl Ticket {
    /// The text to hand to the browser.
    pub fn sign(&self, keys: &SessionKeys) -> String {
        let Ticket { entity: EntityRef { name, id }, browser, person, session, issued } = self;
        // No id has a line break.
        let lines = format!("{name}\n{id}\n{browser}\n{person}\n{session}\n{}", issued.micros());
        keys.sign_for(Purpose::Line, URL_SAFE_NO_PAD.encode(lines))
    }

    /// The entity that `text` opens for a browser in a session, and when the ticket was issued. Whether it was used is for
    /// the entity to say.
    pub fn admit(
        text: &str,
        keys: &SessionKeys,
        session: &Session,
        browser: &str,
        now: Stamp,
    ) -> Result<(EntityRef, Stamp), Refused> {
        let payload = keys.verified(Purpose::Line, text);
        let ticket =
            payload.and_then(Ticket::decode).ok_or(Refused("the ticket is none of ours"))?;
        if now.since(ticket.issued) >= TICKET_SECONDS * 1_000_000 {
            return Err(Refused("the ticket is too old: ask for another one"));
        }
        let own = ticket.person == session.person && ticket.session == session.id;
        if !own || ticket.browser != browser {
            return Err(Refused("the ticket is for another browser or session"));
        }
        Ok((ticket.entity, ticket.issued))
    }

    fn decode(payload: &str) -> Option<Ticket> {
        let lines = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let lines: Vec<&str> = lines.split('\n').collect();
        let [name, id, browser, person, session, issued] = lines.try_into().ok()?;
        Some(Ticket {
            entity: EntityRef::new(name, id).ok()?,
            browser: browser.to_owned(),
            person: person.to_owned(),
            session: session.to_owned(),
            issued: issued.parse().ok().and_then(Stamp::from_micros)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(key: &str) -> SessionKeys {
        SessionKeys::new(key, "").unwrap()
    }

    const KEY: &str = "a key of at least 32 bytes: 01234567";

    fn session() -> Session {
        let (person, id) = ("ada".to_owned(), "s1".to_owned());
        Session { person, id, expires: 9_999, impersonator: None }
    }

    fn at(seconds: u64) -> Stamp {
        Stamp::default().plus(seconds.saturating_mul(1_000_000))
    }

    fn ticket() -> Ticket {
        Ticket {
            entity: EntityRef::new("Card", "c 1/ö").unwrap(),
            browser: "b1".to_owned(),
            person: "ada".to_owned(),
            session: "s1".to_owned(),
            issued: at(70),
        }
    }

    #[test]
    fn a_ticket_opens_its_entity_for_its_browser_in_its_session_while_it_is_fresh() {
        let (keys, signed) = (keys(KEY), ticket().sign(&keys(KEY)));
        let admit = |session: &Session, browser, now| {
            Ticket::admit(&signed, &keys, session, browser, at(now)).map_err(|Refused(why)| why)
        };
        assert_eq!(admit(&session(), "b1", 99), Ok((ticket().entity, at(70))));
        assert!(admit(&session(), "b1", 100).unwrap_err().contains("too old"));
        assert!(admit(&session(), "b2", 99).unwrap_err().contains("another browser"));
        let borrowed = Session { person: "eve".to_owned(), ..session() };
        assert!(admit(&borrowed, "b1", 99).unwrap_err().contains("another browser"));
        let later = Session { id: "s2".to_owned(), ..session() };
        assert!(admit(&later, "b1", 99).unwrap_err().contains("another browser"));
    }

    #[test]
    fn what_was_not_signed_as_a_ticket_is_none() {
        let signed = ticket().sign(&keys(KEY));
        let (payload, mac) = signed.split_once('.').unwrap();
        let other = Ticket { person: "eve".to_owned(), ..ticket() }.sign(&keys(KEY));
        let (eve, _) = other.split_once('.').unwrap();
        let cookie = keys(KEY).sign(&session());
        for forged in [format!("{eve}.{mac}"), format!("{payload}."), String::new(), cookie] {
            let admitted = Ticket::admit(&forged, &keys(KEY), &session(), "b1", at(0));
            assert_eq!(admitted, Err(Refused("the ticket is none of ours")), "{forged}");
        }
        let elsewhere = keys("another key of at least 32 bytes: 01");
        assert!(Ticket::admit(&signed, &elsewhere, &session(), "b1", at(0)).is_err());
        // And a ticket is no session.
        assert_eq!(keys(KEY).session(&format!("session={signed}"), 0), None);
    }
}
