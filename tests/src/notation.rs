//! CBOR diagnostic notation (RFC 8949, section 8), as much of it as the protocol needs, so that tests and
//! documents can write values down.
//!
//! One thing is added: `@12.5s` is an instant that many seconds after [`BASE`], which keeps versions readable.

use temporal_entity_core::value::Value;

/// The instant `@0s`: 2027-01-15T08:00:00Z in microseconds.
pub const BASE: u64 = 1_800_000_000_000_000;

/// Instants up to this many microseconds after [`BASE`] are written with `@`.
const NEAR: u64 = 1_000_000_000_000;

const SECOND: u64 = 1_000_000;

/// Reads a value.
///
/// # Panics
/// If `text` is none: it is part of a test.
pub fn parse(text: &str) -> Value {
    let (value, rest) = parse_first(text);
    assert!(rest.trim().is_empty(), "{rest:?} follows the value in {text:?}");
    value
}

/// Reads the value that `text` begins with, and returns what follows.
///
/// # Panics
/// If there is none.
pub fn parse_first(text: &str) -> (Value, &str) {
    let mut parser = Parser { rest: text };
    let value = parser.value();
    (value, parser.rest)
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Value {
        self.skip_space();
        match self.rest.chars().next() {
            Some('{') => self.map(),
            Some('[') => self.array(),
            Some('"') => Value::Text(self.text()),
            Some('h') => self.bytes(),
            Some('@') => self.instant(),
            _ => self.word(),
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) {
        assert!(self.take(token), "{token:?} expected before {:?}", self.rest);
    }

    fn map(&mut self) -> Value {
        self.expect("{");
        let mut entries = Vec::new();
        while !self.take("}") {
            let key = self.value();
            self.expect(":");
            entries.push((key, self.value()));
            assert!(self.take(",") || self.rest.trim_start().starts_with('}'), "{:?}", self.rest);
        }
        Value::Map(entries)
    }

    fn array(&mut self) -> Value {
        self.expect("[");
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.value());
            assert!(self.take(",") || self.rest.trim_start().starts_with(']'), "{:?}", self.rest);
        }
        Value::Array(items)
    }

    fn text(&mut self) -> String {
        self.expect("\"");
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return text;
                }
                '\\' => match chars.next().map(|(_, c)| c) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('0') => text.push('\0'),
                    Some(c) => text.push(c),
                    None => break,
                },
                c => text.push(c),
            }
        }
        panic!("a string does not end: {:?}", self.rest)
    }

    fn bytes(&mut self) -> Value {
        self.expect("h'");
        let (digits, rest) = self.rest.split_once('\'').expect("bytes that end");
        self.rest = rest;
        Value::Bytes(from_hex(digits))
    }

    fn instant(&mut self) -> Value {
        self.expect("@");
        let (seconds, rest) = self.rest.split_once('s').expect("an instant ends with `s`");
        self.rest = rest;
        Value::from(BASE + micros(seconds))
    }

    fn word(&mut self) -> Value {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "NaN" => Value::Float(f64::NAN),
            number if self.rest.starts_with('(') => {
                self.expect("(");
                let inner = self.value();
                self.expect(")");
                Value::Tag(number.parse().expect("the number of a tag"), Box::new(inner))
            }
            number => number
                .parse::<i128>()
                .ok()
                .and_then(|n| Some(Value::Integer(n.try_into().ok()?)))
                .or_else(|| number.parse().ok().map(Value::Float))
                .unwrap_or_else(|| panic!("no value: {number:?} before {rest:?}")),
        }
    }
}

/// Microseconds of a number of seconds with up to six digits of fraction.
///
/// # Panics
/// If `seconds` is none.
pub fn micros(seconds: &str) -> u64 {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |digits: &str| digits.parse::<u64>().unwrap_or_else(|_| panic!("{seconds:?}"));
    number(whole) * SECOND + number(&format!("{fraction:0<6}"))
}

/// Bytes of hexadecimal digits; spaces and line breaks are left out.
///
/// # Panics
/// If there are other characters.
pub fn from_hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> =
        digits.split_whitespace().flat_map(str::chars).filter_map(|c| c.to_digit(16)).collect();
    assert!(digits.len().is_multiple_of(2), "half a byte");
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

/// Hexadecimal digits of bytes.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a value, near instants with `@`.
pub fn write(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Integer(n) => match u64::try_from(*n).ok().and_then(|n| n.checked_sub(BASE)) {
            Some(after) if after < NEAR => write_instant(after),
            _ => i128::from(*n).to_string(),
        },
        Value::Float(float) => format!("{float:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Bytes(bytes) => format!("h'{}'", to_hex(bytes)),
        Value::Tag(number, inner) => format!("{number}({})", write(inner)),
        Value::Array(items) => format!("[{}]", list(items.iter().map(write).collect())),
        Value::Map(entries) => {
            let entry = |(key, value): &(Value, Value)| format!("{}: {}", write(key), write(value));
            format!("{{{}}}", list(entries.iter().map(entry).collect()))
        }
        other => format!("{other:?}"),
    }
}

fn write_instant(after: u64) -> String {
    let fraction = format!(".{:06}", after % SECOND);
    format!("@{}{}s", after / SECOND, fraction.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in [
            r#"{"a": [1, -2, 1.5, true, null], 7: h'00ff', "t": 1(2.0)}"#,
            r#"{"quoted \"": "line\nbreak", "empty": [{}, [], ""]}"#,
            "[@0s, @1.5s, @86400.000001s, 1700000000000000]",
        ] {
            assert_eq!(write(&parse(text)), text);
        }
    }
}
