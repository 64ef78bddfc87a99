//! Each mistake in `ui/` is one message, and each file in `pass/` shows the right way.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn the_right_ways_compile() {
    trybuild::TestCases::new().pass("pass/*.rs");
}
