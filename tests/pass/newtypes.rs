//! A newtype is on the wire what is in it, and can be a key where that can.
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{Bytes, EntityField, EntityId, Timestamp, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: Title,
    labels: BTreeSet<Label>,
    limits: BTreeMap<Status, Votes>,
    places: Places,
    since: Since,
    picture: Picture,
    parent: Parent,
}

/// Without `Ord`, which only a key needs.
#[derive(Serialize, Deserialize, EntityField)]
struct Title(String);

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
#[serde(transparent, rename = "no-type")]
struct Label(pub String);

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EntityField)]
enum Status {
    Open,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Votes(u32);

#[derive(Serialize, Deserialize, EntityField)]
struct Places(BTreeMap<String, Place>);

#[derive(Serialize, Deserialize, EntityField)]
struct Place {
    row: u32,
}

#[derive(Serialize, Deserialize, EntityField)]
struct Since(Option<Timestamp>);

#[derive(Serialize, Deserialize, EntityField)]
struct Picture(Bytes);

#[derive(Serialize, Deserialize, EntityField)]
struct Parent(EntityId<Card>);

fn main() {
    let card = Card {
        title: Title("a".into()),
        labels: BTreeSet::from([Label("b".into())]),
        limits: BTreeMap::from([(Status::Open, Votes(1))]),
        places: Places(BTreeMap::from([("c".into(), Place { row: 1 })])),
        since: Since(None),
        picture: Picture(vec![1].into()),
        parent: Parent("d".into()),
    };
    assert!(card.same(&card.copy()));
}
