//! The `id` of a request that is not decoded: because its sender is too fast, or because it cannot be.

use super::typed_array::half;
use crate::steps;

/// The deepest nesting that is passed over.
const DEPTH: usize = 64;

/// The byte that ends what has no definite length.
const BREAK: u8 = 0xff;

const SELF_DESCRIBED: u64 = 55_799;
const SHAREABLE: u64 = 28;
const DEFINITION: u64 = 57_343;

/// Returns the whole number under the key `id` of the map that a frame is, as far as it can be read. A frame may be cut
/// short, malformed or too large behind it.
///
/// Nothing is allocated, and each byte is looked at once at most.
pub fn find_id(frame: &[u8]) -> Option<u64> {
    let mut scan = Scan { rest: frame };
    let found = scan.id();
    steps::count(frame.len().saturating_sub(scan.rest.len()).saturating_add(1));
    found
}

struct Scan<'a> {
    rest: &'a [u8],
}

/// The first bytes of an item.
struct Head {
    major: u8,
    /// Length, number or tag; `None` for what has no definite length.
    argument: Option<u64>,
    /// The lower bits of the first byte.
    size: u8,
}

impl<'a> Scan<'a> {
    fn id(&mut self) -> Option<u64> {
        loop {
            let head = self.head()?;
            match (head.major, head.argument) {
                (6, Some(SELF_DESCRIBED | SHAREABLE)) => {}
                (6, Some(DEFINITION)) => return self.id_of_record(),
                (5, entries) => return self.id_of_map(entries),
                _ => return None,
            }
        }
    }

    fn id_of_map(&mut self, entries: Option<u64>) -> Option<u64> {
        let mut left = entries.unwrap_or(u64::MAX);
        while left > 0 {
            if self.is_id()? {
                return self.number();
            }
            self.skip(DEPTH)?;
            left = left.saturating_sub(1);
        }
        None
    }

    /// A record is `[tag, [keys], values...]`.
    fn id_of_record(&mut self) -> Option<u64> {
        self.array()?;
        self.skip(DEPTH)?;
        let keys = self.array()?;
        let mut place = None;
        for at in 0..keys {
            if self.is_id()? {
                place = Some(at);
            }
        }
        for _ in 0..place? {
            self.skip(DEPTH)?;
        }
        self.number()
    }

    fn array(&mut self) -> Option<u64> {
        let head = self.head()?;
        head.argument.filter(|_| head.major == 4)
    }

    /// Reads a key; whether it is `id`. `None` at the end of a map.
    fn is_id(&mut self) -> Option<bool> {
        if let Some(rest) = self.rest.strip_prefix(b"\x62id") {
            self.rest = rest;
            return Some(true);
        }
        self.skip(DEPTH)?;
        Some(false)
    }

    /// A whole number, which some clients write as a float.
    fn number(&mut self) -> Option<u64> {
        const MAX: u64 = 1 << 53;
        let head = self.head()?;
        let bits = head.argument?;
        let float = match (head.major, head.size) {
            (0, _) => return Some(bits).filter(|number| *number <= MAX),
            (7, 25) => half(u16::try_from(bits).ok()?),
            (7, 26) => f32::from_bits(u32::try_from(bits).ok()?).into(),
            (7, 27) => f64::from_bits(bits),
            _ => return None,
        };
        let is_whole = float.fract() == 0.0 && (0.0..=MAX as f64).contains(&float);
        is_whole.then_some(float as u64)
    }

    fn head(&mut self) -> Option<Head> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        let size = first & 0x1f;
        let bytes = match size {
            0..24 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return (size == 31).then_some(Head { major: first >> 5, argument: None, size }),
        };
        let number = self.take(bytes)?.iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
        let argument = if bytes == 0 { size.into() } else { number };
        Some(Head { major: first >> 5, argument: Some(argument), size })
    }

    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    /// Passes over one item. `None` if it ends too early, is nested too deep, or is the end of what holds it.
    fn skip(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let Head { major, argument, .. } = self.head()?;
        let items = match (major, argument) {
            (0 | 1 | 7, Some(_)) => 0,
            (2 | 3, Some(length)) => {
                self.take(usize::try_from(length).ok()?)?;
                0
            }
            (4, Some(items)) => items,
            (5, Some(entries)) => entries.saturating_mul(2),
            (6, Some(_)) => 1,
            (2..=5, None) => {
                while self.rest.first() != Some(&BREAK) {
                    self.skip(depth)?;
                }
                self.take(1)?;
                0
            }
            _ => return None,
        };
        for _ in 0..items {
            self.skip(depth)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use ciborium::Value;

    use super::find_id;
    use crate::codec::encode;
    use crate::steps;

    fn frame(entries: &[(&str, Value)]) -> Vec<u8> {
        let entries = entries.iter().map(|(key, value)| (Value::from(*key), value.clone()));
        encode(&Value::Map(entries.collect())).unwrap()
    }

    #[test]
    fn the_id_is_found_wherever_it_stands_and_however_it_is_written() {
        let method = ("method", Value::from("get"));
        let deep = Value::Array(vec![Value::Map(vec![("id".into(), 1.into())]), Value::Null]);
        for (id, expected) in [
            (Value::from(7), Some(7)),
            (Value::from(1_u64 << 53), Some(1 << 53)),
            (Value::Float(4_294_967_296.0), Some(1 << 32)),
            (Value::Float(65_504.0), Some(65_504)),
            (Value::Float(0.5), None),
            (Value::from(-1), None),
            (Value::from("7"), None),
            (Value::from(u64::MAX), None),
        ] {
            let id = ("id", id);
            assert_eq!(find_id(&frame(&[id.clone(), method.clone()])), expected);
            let last = frame(&[method.clone(), ("value", deep.clone()), id]);
            assert_eq!(find_id(&last), expected);
        }
        assert_eq!(find_id(&frame(&[method])), None);
        // Maps without a length, with a tag in front, and records.
        let hex = |digits: &str| -> Vec<u8> {
            let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
            digits.as_bytes().chunks(2).map(byte).collect()
        };
        assert_eq!(find_id(&hex("bf6161 9f01ff 626964 05 ff".replace(' ', "").as_str())), Some(5));
        assert_eq!(find_id(&hex("d9d9f7a162696405")), Some(5));
        assert_eq!(
            find_id(&hex("d9dfff84 19e000 82 6161 626964 6178 09".replace(' ', "").as_str())),
            Some(9)
        );
    }

    #[test]
    fn what_ends_too_early_or_is_no_map_has_none() {
        let whole = frame(&[("value", Value::Bytes(vec![0; 300])), ("id", Value::from(9))]);
        let cut = |length: usize| find_id(whole.get(..length).unwrap());
        assert!((0..whole.len()).all(|length| cut(length).is_none()));
        assert_eq!(cut(whole.len()), Some(9));
        let first = frame(&[("id", Value::from(9)), ("value", Value::Bytes(vec![0; 300]))]);
        assert!((5..first.len()).all(|length| find_id(first.get(..length).unwrap()) == Some(9)));
        for frame in [&[0x81; 100_000][..], &[0xbf; 100_000], &[0x9f; 9], &[0xff], &[]] {
            assert_eq!(find_id(frame), None);
        }
        assert_eq!(find_id(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]), None);
    }

    #[test]
    fn each_byte_is_looked_at_once_at_most() {
        for frame in [vec![0x00; 10_000], [&[0xbf][..], &[0x00; 10_000]].concat()] {
            let (_, steps) = steps::of(|| find_id(&frame));
            assert!(steps <= frame.len() as u64 + 1, "{steps}");
        }
    }
}
