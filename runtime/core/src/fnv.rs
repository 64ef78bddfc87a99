//! The one hash of the project, where a number has to stand for a text and nobody attacks: it is the same everywhere.

/// FNV-1a with 64 bits (RFC 9923).
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.into_iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// The same folded to 53 bits, so that a JavaScript number holds it.
pub fn fnv1a_53(bytes: impl Iterator<Item = u8>) -> u64 {
    const BITS: u32 = 53;
    const MASK: u64 = (1 << BITS) - 1;
    let hash = fnv1a(bytes);
    (hash >> BITS) ^ (hash & MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_rfc_does() {
        for (text, hash) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(fnv1a(text.bytes()), hash, "{text:?}");
        }
    }

    #[test]
    fn folded_it_is_a_number_of_javascript() {
        for text in ["", "a", "foobar"] {
            let folded = fnv1a_53(text.bytes());
            assert!(folded < 1 << 53, "{text:?}");
            assert_eq!(folded as f64 as u64, folded);
        }
        assert_eq!(fnv1a_53("a".bytes()), (0xaf63_dc4c_8601_ec8c_u64 >> 53) ^ 0x3_dc4c_8601_ec8c);
    }
}
