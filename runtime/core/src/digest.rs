//! The hash for what an attacker may choose: where two texts with one hash would be taken for one.

use sha2::{Digest, Sha256};

/// The first 128 bits of SHA-256 over these parts, one behind the other.
pub fn digest(parts: &[&[u8]]) -> [u64; 2] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let hash = hash.finalize();
    let half = |at: usize| {
        let bytes = hash.iter().skip(at).take(8);
        bytes.fold(0_u64, |half, byte| (half << 8) | u64::from(*byte))
    };
    [half(0), half(8)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(digest(&[b"ab", b"c"]), [0xba78_16bf_8f01_cfea, 0x4141_40de_5dae_2223]);
    }
}
