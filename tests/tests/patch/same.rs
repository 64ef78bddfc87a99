//! Compares values as values are compared.

macro_rules! assert_same {
    ($a:expr, $b:expr) => {
        let (a, b) = (&$a, &$b);
        prop_assert!(temporal_entity_core::value::same(a, b), "{a:?}\nis not\n{b:?}");
    };
}
