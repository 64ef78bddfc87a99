//! Which pages may talk to the Worker: WebSockets have no preflight, so the `Origin` is checked by hand.

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

#[cfg(test)]
mod tests {
    use super::*;

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
