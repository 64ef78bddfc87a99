//! The files of the page, from the `ASSETS` binding: static assets on Cloudflare, a `disk` service on workerd.
//! The latter names no content type and lists folders, so both are decided here.

use worker::{Env, Headers, Method, Request, RequestInit, Response};

use super::answer::Refusal;

/// What every answer tells the browser: load nothing from elsewhere, be framed by nobody, guess no types.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Serves the file that the request names.
pub(super) async fn serve(request: &Request, env: &Env) -> Result<Response, Refusal> {
    let path = request.path();
    let file = file(&path).ok_or_else(|| Refusal::new(404, "no such page"))?;
    let found = fetch(request, env, file).await?;
    match found.status_code() {
        200 | 304 => {}
        404 => return Err(Refusal::new(404, "no such page")),
        status => {
            worker::console_error!("ASSETS answered {status} for {file}");
            return Err(Refusal::new(502, "the page could not be read: try again"));
        }
    }
    let headers = Headers::new();
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    headers.set("content-type", content_type(file))?;
    headers.set("cache-control", caching(file))?;
    if let Some(tag) = found.headers().get("etag")? {
        headers.set("etag", &tag)?;
    }
    Ok(found.with_headers(headers))
}

async fn fetch(request: &Request, env: &Env, file: &str) -> Result<Response, Refusal> {
    let assets = env.assets("ASSETS").map_err(|_| {
        Refusal::new(500, "there is no `ASSETS` binding: name one in the Worker's configuration")
    })?;
    let mut init = RequestInit::new();
    init.with_method(request.method());
    if let Some(tag) = request.headers().get("if-none-match")? {
        init.headers.set("if-none-match", &tag)?;
    }
    Ok(assets.fetch(format!("https://assets{file}"), Some(init)).await?)
}

/// The file that a path names, if it may be named: every part begins with a letter, a digit or `_`, which leaves
/// out hidden files and ways up, and the last one has a dot, which leaves out folders.
fn file(path: &str) -> Option<&str> {
    if path == "/" {
        return Some("/index.html");
    }
    let is_plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let (_, name) = path.rsplit_once('/')?;
    let named = path.strip_prefix('/')?.split('/').all(is_plain) && name.contains('.');
    named.then_some(path)
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Bundlers put a hash of the content into the names under `/assets/`: such a file never changes.
fn caching(file: &str) -> &'static str {
    if file.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether assets are asked for.
pub(super) fn is_reading(method: &Method) -> bool {
    matches!(method, Method::Get | Method::Head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_file_or_nothing() {
        assert_eq!(file("/"), Some("/index.html"));
        for plain in ["/index.html", "/assets/index-B_x-9.js", "/hub.worker.js", "/a/b/c.wasm"] {
            assert_eq!(file(plain), Some(plain));
        }
        for refused in [
            "",
            "/assets",
            "/assets/",
            "//x.js",
            "/../x.js",
            "/a/../x.js",
            "/.env",
            "/a/.git/x.y",
            "/%2e%2e/x.js",
            "/a%2fb.js",
            "/a\\b.js",
            "/ä.js",
            "/a b.js",
            "x.js",
        ] {
            assert_eq!(file(refused), None, "{refused}");
        }
    }

    #[test]
    fn browsers_are_told_what_a_file_is() {
        assert_eq!(content_type("/a/b.wasm"), "application/wasm");
        assert_eq!(content_type("/index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("/hub.worker.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("/a.unknown"), "application/octet-stream");
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(caching("/assets/index-1a2b.js").contains("immutable"));
        assert_eq!(caching("/index.html"), "no-cache");
        assert_eq!(caching("/hub.worker.js"), "no-cache");
    }
}
