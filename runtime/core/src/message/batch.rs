//! Several messages in one body between objects. One alone is the body; several are an array of byte strings, so that
//! each is found without looking into those before it.

use ciborium::Value;

use crate::codec::{CodecError, decode_own_value, encode_value};
use crate::message::Malformed;

/// The most requests in one call.
pub const MAX_BATCH: usize = 64;

/// The most bytes of several requests in one call, and about the most of their replies. A larger one goes alone.
pub const MAX_BATCH_BYTES: usize = 256 << 10;

/// The body that carries these messages, each the bytes of a map.
///
/// # Errors
/// None that is known: byte strings have a CBOR form.
pub fn join(mut messages: Vec<Vec<u8>>) -> Result<Vec<u8>, CodecError> {
    match messages.pop() {
        Some(only) if messages.is_empty() => Ok(only),
        Some(last) => {
            messages.push(last);
            encode_value(&Value::Array(messages.into_iter().map(Value::Bytes).collect()))
        }
        None => encode_value(&Value::Array(Vec::new())),
    }
}

/// The messages that a body carries.
///
/// # Errors
/// If it is something else than what [`join`] makes.
pub fn split(body: Vec<u8>) -> Result<Vec<Vec<u8>>, Malformed> {
    const MAP: u8 = 5;
    if body.first().is_some_and(|first| first >> 5 == MAP) {
        return Ok(vec![body]);
    }
    let no_batch = || Malformed::new("a body is a map, or an array of byte strings");
    let Value::Array(parts) = decode_own_value(&body)? else { return Err(no_batch()) };
    parts.into_iter().map(|part| part.into_bytes().map_err(|_| no_batch())).collect()
}

/// Answers the requests of a body, one after the other. Once the replies are large the rest is left, and the Person
/// asks again for what it got no reply to: so a body stays small also where many ask for all of a large entity.
pub fn answer_each(body: Vec<u8>, mut answer: impl FnMut(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let Ok(requests) = split(body) else { return Vec::new() };
    let (mut replies, mut bytes) = (Vec::new(), 0_usize);
    for request in requests {
        let reply = answer(request);
        bytes = bytes.saturating_add(reply.len());
        replies.push(reply);
        if bytes > MAX_BATCH_BYTES {
            break;
        }
    }
    // An empty answer is no reply: the Person then tells the browser that nobody answered.
    join(replies).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_is_the_body_and_several_are_found_again() {
        let (one, two) = (vec![0xa1, 0x01, 0x02], vec![0xa0]);
        assert_eq!(join(vec![one.clone()]).unwrap(), one);
        for messages in [vec![], vec![one.clone()], vec![two, one.clone(), Vec::new()]] {
            assert_eq!(split(join(messages.clone()).unwrap()).unwrap(), messages);
        }
        for other in ["", "01", "8101", "8240", "40"] {
            let bytes = other.as_bytes().chunks(2);
            let bytes =
                bytes.map(|hex| u8::from_str_radix(str::from_utf8(hex).unwrap(), 16).unwrap());
            assert!(split(bytes.collect()).is_err(), "{other}");
        }
    }

    #[test]
    fn what_comes_after_large_replies_is_left() {
        let asked = join(vec![vec![0xa0]; 5]).unwrap();
        let mut count = 0;
        let answer = |_| {
            count += 1;
            vec![0xa0; MAX_BATCH_BYTES / 2]
        };
        assert_eq!(split(answer_each(asked, answer)).unwrap().len(), 3);
        assert_eq!(count, 3);
        assert!(answer_each(vec![0x01], |_| vec![0xa0]).is_empty());
    }
}
