//! FNV-1a (RFC 9923): a hash that is the same on every machine and in every release.

/// The hash of these bytes.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.into_iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// A hash folded so far that a number of JavaScript holds it.
pub fn below_2_53(hash: u64) -> u64 {
    (hash >> 53) ^ (hash & ((1 << 53) - 1))
}
