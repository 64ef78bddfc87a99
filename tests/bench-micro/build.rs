//! Lets the measured code say how it was optimised.

fn main() {
    // Cargo always sets it for build scripts; nothing else tells the code of its opt-level.
    let level = std::env::var("OPT_LEVEL").unwrap_or_default();
    println!("cargo::rustc-env=BENCH_OPT_LEVEL={level}");
    println!("cargo::rerun-if-changed=build.rs");
}
