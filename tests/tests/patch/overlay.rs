//! An overlay against a plain model of it.

use proptest::collection::vec;
use proptest::prelude::*;
use temporal_entity_core::overlay::Overlay;
use temporal_entity_core::patch::{apply, is_empty, replacement};
use temporal_entity_core::value::{Value, entries, same};

use crate::trees::{between, tree, two};

/// What an overlay is: a value, and edits on it of which those that do not fit fall away.
struct Model {
    below: Value,
    edits: Vec<(u32, Value)>,
}

impl Model {
    fn view(&mut self) -> Value {
        let mut view = self.below.clone();
        self.edits.retain(|(_, patch)| apply(&mut view, patch).is_ok());
        view
    }
}

impl Model {
    /// What others have done already is no part of an edit any more, so the overlay says what its edits are now. None
    /// comes to them.
    fn take_over(&mut self, overlay: &Overlay<u32>) {
        let before = std::mem::take(&mut self.edits);
        self.edits = overlay.edits().map(|(label, patch)| (*label, patch.clone())).collect();
        for (label, patch) in &self.edits {
            let of = before.iter().find(|(of, _)| of == label).map(|(_, patch)| entries(patch));
            let known =
                |(key, _): &(Value, Value)| of.is_some_and(|of| of.iter().any(|(k, _)| k == key));
            assert!(entries(patch).iter().all(known), "{patch:?}");
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Edit(Value),
    /// The value below becomes another, and some edits leave.
    Rebase(Value, u32),
    /// A diff that was made on something else.
    Foreign(Value, Value),
    Replace(Value),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => tree().prop_map(Step::Edit),
        3 => (tree(), any::<u32>()).prop_map(|(to, leaving)| Step::Rebase(to, leaving)),
        1 => two().prop_map(|(a, b)| Step::Foreign(a, b)),
        1 => tree().prop_map(Step::Replace),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_overlay_is_a_value_under_edits(below in tree(), steps in vec(step(), 1..8)) {
        let mut overlay = Overlay::new(below.clone());
        let mut model = Model { below, edits: Vec::new() };
        for (number, step) in (0..).zip(steps) {
            let before = overlay.view().clone();
            match step {
                Step::Edit(to) => {
                    // Half of it, so that the edits of one run touch different places.
                    let change: Vec<_> = entries(&between(&before, &to)).iter().step_by(2).cloned().collect();
                    overlay.push(number, Value::Map(change.clone())).unwrap();
                    model.edits.push((number, Value::Map(change)));
                }
                Step::Rebase(to, leaving) => {
                    let leaves = |label: &u32| leaving >> (label % 32) & 1 == 1;
                    let below = between(&model.below, &to);
                    let rebased = overlay.rebase(&below, leaves, |_, _| false).unwrap();
                    model.below = to;
                    model.edits.retain(|(label, _)| !leaves(label));
                    let count = model.edits.len();
                    model.take_over(&overlay);
                    assert_same!(overlay.view(), model.view());
                    prop_assert_eq!(count - model.edits.len(), rebased.refused.len());
                    // It leads from what was shown to what is.
                    let mut shown = before.clone();
                    apply(&mut shown, &rebased.patch).unwrap();
                    assert_same!(shown, overlay.view());
                    prop_assert_eq!(is_empty(&rebased.patch), same(&before, overlay.view()));
                }
                Step::Foreign(a, b) => {
                    let fits = apply(&mut model.below.clone(), &between(&a, &b)).is_ok();
                    match overlay.rebase(&between(&a, &b), |_| false, |_, _| false) {
                        Ok(_) => {
                            prop_assert!(fits);
                            apply(&mut model.below, &between(&a, &b)).unwrap();
                            model.take_over(&overlay);
                        }
                        Err(_) => {
                            prop_assert!(!fits);
                            assert_same!(overlay.view(), before);
                        }
                    }
                }
                Step::Replace(to) => {
                    overlay = overlay.moved_to(to.clone(), |_| false).0;
                    model.below = to;
                    model.take_over(&overlay);
                }
            }
            assert_same!(overlay.view(), model.view());
            prop_assert!(overlay.edits().map(|(label, _)| *label).eq(model.edits.iter().map(|(label, _)| *label)));
            let all = overlay.composed(|_| true);
            let mut shown = model.below.clone();
            apply(&mut shown, &all).unwrap();
            assert_same!(shown, overlay.view());
            prop_assert!(replacement(&all).is_none());
        }
    }
}
