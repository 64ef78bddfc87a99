//! Every option, spelled right.
use serde::{Deserialize, Serialize};
use temporal_entity::{Access, Entity, EntityField, Granularity, Retain, temporal_entity};

#[temporal_entity(
    access = "signed-in",
    version = 3,
    migrate(from = 2, with = steps::second),
    migrate(from = 1),
    retain = "90d",
    validate = steps::check,
    granularity = "day",
    name = "BoardCard",
    role = "person",
    diff = CardChanges,
    crate = ::temporal_entity,
)]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
}

#[temporal_entity(access = "signed-in", granularity = 90_000, retain = 100)]
#[derive(Serialize, Deserialize)]
struct Quick {
    title: String,
    place: Place,
}

#[derive(Serialize, Deserialize, EntityField)]
#[entity(diff = Move, crate = ::temporal_entity)]
#[serde(rename = "Position")]
struct Place {
    row: u32,
}

mod steps {
    use temporal_entity::Value;

    pub fn second(old: Value) -> Result<Value, String> {
        Ok(old)
    }

    pub fn check(_: &super::Card) -> Result<(), String> {
        Ok(())
    }
}

fn main() {
    assert_eq!(Card::ENTITY, "BoardCard");
    assert_eq!(Card::CONFIG.version, 3);
    assert_eq!(Card::CONFIG.access, Access::SignedIn);
    assert_eq!(Card::CONFIG.granularity, Granularity::from_millis(86_400_000));
    assert_eq!(Card::CONFIG.retain, Retain::Seconds(90 * 86_400));
    assert_eq!(Card::MIGRATIONS.len(), 2);
    assert_eq!(Quick::CONFIG.retain, Retain::Snapshots(100));
    assert_eq!(Quick::CONFIG.version, 1);
    assert_eq!(Quick::CONFIG.granularity, Granularity::from_millis(90_000));
    let _ = CardChanges { title: None };
    let _ = Move { row: None };
    let _ = Card { title: String::new() };
    let _ = Quick { title: String::new(), place: Place { row: 0 } };
}
