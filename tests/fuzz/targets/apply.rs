#![no_main]

use libfuzzer_sys::fuzz_target;
use temporal_entity_fuzz::apply;

fuzz_target!(|input: &[u8]| apply::check(input));
