//! An entity may live in a function or in a private module, and two of one name in two modules.
use serde::{Deserialize, Serialize};
use temporal_entity::{Entity, temporal_entity};

mod inner {
    mod private {
        use serde::{Deserialize, Serialize};
        use temporal_entity::temporal_entity;

        #[temporal_entity(access = "signed-in")]
        #[derive(Serialize, Deserialize)]
        pub(in crate::inner) struct Card {
            pub(super) title: String,
        }
    }

    pub fn title() -> String {
        let diff = private::CardDiff::default();
        assert!(diff.title.is_none());
        private::Card { title: "inner".into() }.title
    }
}

fn main() {
    #[temporal_entity(access = "signed-in")]
    #[derive(Serialize, Deserialize)]
    struct Card {
        title: String,
    }

    assert_eq!(Card { title: inner::title() }.title, "inner");
    assert_eq!(Card::ENTITY, "Card");
}
