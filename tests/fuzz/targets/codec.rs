#![no_main]

use libfuzzer_sys::fuzz_target;
use temporal_entity_fuzz::codec;

fuzz_target!(|input: &[u8]| codec::check(input));
