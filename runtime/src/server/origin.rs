//! Which pages may talk to the Worker, and under which names it is reached. WebSockets have no preflight, so the `Origin`
//! is checked by hand. An `Origin` that is the Worker's own proves nothing where somebody else's name leads to it: so the
//! name is checked, too.

/// Scheme, host and port of an absolute URL, as a browser writes them into `Origin`.
pub(super) fn of_url(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at.saturating_add(3));
    let path = url
        .bytes()
        .enumerate()
        .skip(authority)
        .find(|(_, byte)| matches!(byte, b'/' | b'?' | b'#'));
    path.and_then(|(at, _)| url.get(..at)).unwrap_or(url)
}

/// Whether a request from a page of `origin` is welcome at `own`. Who sends no `Origin` is no browser page, or
/// hides what it is.
pub(super) fn is_allowed(origin: Option<&str>, own: &str, others: &str) -> bool {
    let listed = |origin: &str| others.split(',').any(|other| other.trim() == origin);
    // `null` is the origin of sandboxed and local pages, which anybody can make.
    origin.is_some_and(|origin| !matches!(origin, "" | "null") && (origin == own || listed(origin)))
}

/// Whether the Worker serves requests to the host of this origin. `allowed` are names separated by commas, with a port
/// where one alone is meant. On a developer's machine loopback names are served and those that are allowed; elsewhere
/// every name, unless some are.
pub(super) fn is_served(own: &str, is_local: bool, allowed: &str) -> bool {
    let host = own.split_once("://").map_or(own, |(_, host)| host);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let mut listed = allowed.split(',').map(str::trim).filter(|other| !other.is_empty());
    let is_allowed =
        |other: &str| other.eq_ignore_ascii_case(name) || other.eq_ignore_ascii_case(host);
    if is_local {
        return is_loopback(name) || listed.any(is_allowed);
    }
    let mut listed = listed.peekable();
    listed.peek().is_none() || listed.any(is_allowed)
}

/// Whether a name leads to the machine itself, whatever a name server says.
fn is_loopback(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let in_range = || {
        let mut parts = name.split('.');
        let first = parts.next() == Some("127");
        let rest: Vec<_> = parts.collect();
        first && rest.len() == 3 && rest.iter().all(|part| part.parse::<u8>().is_ok())
    };
    matches!(name.as_str(), "localhost" | "[::1]") || name.ends_with(".localhost") || in_range()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_developers_machine_is_reached_by_loopback_names_and_those_that_are_allowed() {
        for own in [
            "http://localhost:8787",
            "http://127.0.0.1:8787",
            "http://127.8.8.8",
            "http://[::1]:8787",
            "http://[::1]",
            "http://board.localhost:1",
        ] {
            assert!(is_served(own, true, ""), "{own}");
        }
        for evil in [
            "http://evil.example",
            "http://evil.example:8787",
            "http://127.0.0.1.evil.example",
            "http://127.evil.example",
            "http://localhost.evil.example",
            "http://evil-localhost",
            "http://192.168.0.7:8787",
            "http://[::2]",
            "",
        ] {
            assert!(!is_served(evil, true, ""), "{evil}");
            assert!(!is_served(evil, true, "desk.example"), "{evil}");
        }
        assert!(is_served("http://Desk.example:8787", true, "a.example, desk.example"));
        assert!(is_served("http://desk.example:8787", true, "desk.example:8787"));
        assert!(!is_served("http://desk.example:8788", true, "desk.example:8787"));
    }

    #[test]
    fn elsewhere_every_name_is_served_unless_some_are_named() {
        assert!(is_served("https://app.example", false, ""));
        assert!(is_served("https://app.example", false, " , "));
        assert!(is_served("https://app.example", false, "app.example"));
        assert!(!is_served("https://evil.example", false, "app.example"));
        assert!(!is_served("http://localhost", false, "app.example"));
    }

    #[test]
    fn the_origin_of_a_url_ends_before_the_path() {
        for (url, origin) in [
            ("https://a.example/b/c?d#e", "https://a.example"),
            ("http://127.0.0.1:8787/connect?browser=x", "http://127.0.0.1:8787"),
            ("https://a.example", "https://a.example"),
            ("https://a.example?b=/", "https://a.example"),
        ] {
            assert_eq!(of_url(url), origin);
        }
    }

    #[test]
    fn only_the_own_origin_and_the_listed_ones_are_welcome() {
        let own = "https://a.example";
        assert!(is_allowed(Some(own), own, ""));
        assert!(is_allowed(Some("https://b.example"), own, "https://c.example, https://b.example"));
        for foreign in [
            None,
            Some(""),
            Some("null"),
            Some("http://a.example"),
            Some("https://a.example:8443"),
            Some("https://a.example.evil.example"),
            Some("https://evil.example"),
        ] {
            assert!(!is_allowed(foreign, own, "https://b.example"), "{foreign:?}");
        }
        assert!(!is_allowed(Some(""), own, ""));
        assert!(!is_allowed(Some("null"), own, "null"));
    }
}
