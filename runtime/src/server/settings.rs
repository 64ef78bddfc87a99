//! The variables of the Worker's environment.

use std::ops::RangeInclusive;

use temporal_entity_core::object::{Limits, LineLimits, MOST_QUOTA_BYTES};
use temporal_entity_core::person::SocketLimits;
use worker::Env;
use worker::js_sys::Reflect;
use worker::wasm_bindgen::JsValue;

use super::session::{BadKey, SessionKeys};

/// Where the Worker runs, from the variable `ENVIRONMENT`. Anything that is not named is production, so that a
/// forgotten setting never opens a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Environment {
    /// For the world.
    Production,
    /// On a developer's machine: a login needs no password.
    Development,
    /// Under test: as development, and objects tell what they wrote and how much memory there is.
    Test,
}

impl Environment {
    pub fn of(env: &Env) -> Environment {
        Environment::named(&variable(env, "ENVIRONMENT"))
    }

    fn named(name: &str) -> Environment {
        match name {
            "development" => Environment::Development,
            "test" => Environment::Test,
            _ => Environment::Production,
        }
    }

    /// Whether a name alone is enough to log in.
    pub fn trusts_names(self) -> bool {
        self != Environment::Production
    }

    /// Whether it is on a developer's machine, where a page of another site may reach it under a name of its own that
    /// leads there (DNS rebinding).
    pub fn is_local(self) -> bool {
        self != Environment::Production
    }
}

/// The keys of `SESSION_KEY` and `SESSION_KEY_BEFORE`.
pub(super) fn session_keys(env: &Env) -> Result<SessionKeys, BadKey> {
    SessionKeys::new(&variable(env, "SESSION_KEY"), &variable(env, "SESSION_KEY_BEFORE"))
}

/// The origins of `ALLOWED_ORIGINS`, separated by commas: pages there may connect as well as the Worker's own.
pub(super) fn allowed_origins(env: &Env) -> String {
    variable(env, "ALLOWED_ORIGINS")
}

/// The limits of one object: `MESSAGE_BYTES` sets that of a message, `LINES` from how many readers on browsers open direct
/// lines, `QUOTA_BYTES` what an entity may store, `DAILY_BYTES` what one person may write to it in a day. Under test `TEST_PART_BYTES` lowers the size of a
/// stored part, because the local runtime does not enforce the one that the platform has, and `TEST_VALUE_BYTES` that of a
/// value; `TEST_PING_SECONDS` says how often types with a ping ask.
pub(super) fn limits(env: &Env) -> Limits {
    let mut limits = Limits::default();
    match message_bytes(&variable(env, "MESSAGE_BYTES")) {
        Ok(bytes) => limits.message_bytes = bytes.unwrap_or(limits.message_bytes),
        Err(why) => worker::console_error!("{why}"),
    }
    match lines(&variable(env, "LINES")) {
        Ok(lines) => limits.lines = lines,
        Err(why) => worker::console_error!("{why}"),
    }
    limits.quota_bytes = set_bytes(env, "QUOTA_BYTES", LEAST_QUOTA_BYTES..=MOST_QUOTA_BYTES);
    let daily = set_bytes(env, "DAILY_BYTES", LEAST_QUOTA_BYTES..=MOST_QUOTA_BYTES);
    limits.daily_bytes = daily.unwrap_or(limits.daily_bytes);
    if Environment::of(env) != Environment::Test {
        return limits;
    }
    let size = |name, usual| variable(env, name).parse().unwrap_or(usual);
    Limits {
        part_bytes: size("TEST_PART_BYTES", limits.part_bytes),
        value_bytes: size("TEST_VALUE_BYTES", limits.value_bytes),
        ping: variable(env, "TEST_PING_SECONDS").parse().ok(),
        ..limits
    }
}

/// What a person may ask for: `REQUESTS_PER_SECOND` is that of one browser, `PERSON_REQUESTS_PER_SECOND` that of all,
/// `BYTES_PER_SECOND` what they send, `UNREAD_BYTES` what waits to be read, `PERSON_SUBSCRIPTIONS` and
/// `NEW_ENTITIES_PER_HOUR` what they keep.
pub(super) fn socket_limits(env: &Env) -> SocketLimits {
    let usual = SocketLimits::default();
    let rate = |name, usual| match set(env, name, 1..=1_000_000) {
        Some(number) => u32::try_from(number).unwrap_or(usual),
        None => usual,
    };
    let size = |name, range, usual: usize| set(env, name, range).unwrap_or(usual);
    SocketLimits {
        message_bytes: limits(env).message_bytes,
        requests_per_second: rate("REQUESTS_PER_SECOND", usual.requests_per_second),
        person_requests_per_second: rate(
            "PERSON_REQUESTS_PER_SECOND",
            usual.person_requests_per_second,
        ),
        bytes_per_second: size(
            "BYTES_PER_SECOND",
            LEAST_MESSAGE_BYTES..=1 << 30,
            usual.bytes_per_second,
        ),
        unread_bytes: size("UNREAD_BYTES", LEAST_MESSAGE_BYTES..=64 << 20, usual.unread_bytes),
        subscriptions: size("PERSON_SUBSCRIPTIONS", 1..=100_000, usual.subscriptions),
        new_entities_per_hour: rate("NEW_ENTITIES_PER_HOUR", usual.new_entities_per_hour),
    }
}

/// What a person may have of lines to one entity: `PERSON_LINES_PER_ENTITY`, and the pace of a browser.
pub(super) fn line_limits(env: &Env) -> LineLimits {
    let per_person = set(env, "PERSON_LINES_PER_ENTITY", 1..=1_000);
    LineLimits {
        per_person: per_person.unwrap_or(LineLimits::default().per_person),
        requests_per_second: socket_limits(env).requests_per_second,
    }
}

/// The lines that a person may have in a day, over all entities and sessions: `PERSON_LINES`.
pub(super) fn person_lines(env: &Env) -> usize {
    const USUAL: usize = 1_000;
    set(env, "PERSON_LINES", 1..=10_000).unwrap_or(USUAL)
}

/// The hosts of `ALLOWED_HOSTS`, separated by commas.
pub(super) fn allowed_hosts(env: &Env) -> String {
    variable(env, "ALLOWED_HOSTS")
}

/// A number that is set, and in its range.
fn set(env: &Env, name: &str, range: RangeInclusive<u64>) -> Option<usize> {
    set_bytes(env, name, range).and_then(|number| usize::try_from(number).ok())
}

/// The same of what can be more than `usize` holds. One that is out of its range is left, and the log says so.
fn set_bytes(env: &Env, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
    number(name, &variable(env, name), range).unwrap_or_else(|why| {
        worker::console_error!("{why}");
        None
    })
}

/// The largest message that a setting may allow: what the platform lets through.
const MOST_MESSAGE_BYTES: u64 = 32 << 20;

/// A smaller one would refuse what every page sends.
const LEAST_MESSAGE_BYTES: u64 = 64 << 10;

/// A smaller quota would refuse the second write of many an entity.
const LEAST_QUOTA_BYTES: u64 = 1_000_000;

/// Zero for never.
fn lines(setting: &str) -> Result<Option<u32>, String> {
    match setting.parse() {
        _ if setting.is_empty() => Ok(None),
        _ if setting == "never" => Ok(Some(0)),
        Ok(readers) if readers >= 2 => Ok(Some(readers)),
        _ => Err(format!(
            "LINES is {setting:?} and is left: set it to a number of readers from 2 on, or to \"never\""
        )),
    }
}

/// A number in its range, if it is set.
fn number(name: &str, setting: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, String> {
    match setting.parse() {
        _ if setting.is_empty() => Ok(None),
        Ok(number) if range.contains(&number) => Ok(Some(number)),
        _ => {
            let (least, most) = range.into_inner();
            Err(format!(
                "{name} is {setting:?} and is left: set it to a number from {least} to {most}"
            ))
        }
    }
}

fn message_bytes(setting: &str) -> Result<Option<usize>, String> {
    let bytes = number("MESSAGE_BYTES", setting, LEAST_MESSAGE_BYTES..=MOST_MESSAGE_BYTES)?;
    Ok(bytes.and_then(|bytes| usize::try_from(bytes).ok()))
}

/// A variable, empty if it is not set. (`Env::var` throws where nobody catches if workerd made it null, which it does
/// for `fromEnvironment` when the variable is missing.)
fn variable(env: &Env, name: &str) -> String {
    let value = Reflect::get(env, &JsValue::from_str(name));
    value.ok().and_then(|value| value.as_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Environment, message_bytes};

    #[test]
    fn messages_are_bounded_by_a_setting_within_reason() {
        assert_eq!(message_bytes(""), Ok(None));
        assert_eq!(message_bytes("33554432"), Ok(Some(32 << 20)));
        for refused in ["0", "1000", "33554433", "8 MiB", "-1"] {
            assert!(message_bytes(refused).unwrap_err().contains(refused), "{refused}");
        }
    }

    #[test]
    fn only_development_and_test_trust_names() {
        for name in ["", "production", "Development", "dev", "staging"] {
            assert!(!Environment::named(name).trusts_names(), "{name}");
        }
        assert!(Environment::named("development").trusts_names());
        assert!(Environment::named("test").trusts_names());
    }
}
