//! What the lock of schemas refuses is what could not be read after a deploy.

use std::fs;
use std::path::PathBuf;

use temporal_entity::__private::{Locked, Published, check_lock};
use temporal_entity::Entity;
use temporal_entity_core::field::read;
use temporal_entity_core::message::Method;

use super::desk::Desk;

/// The first version.
mod first {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use temporal_entity::{EntityField, temporal_entity};

    #[temporal_entity(version = 1, access = "signed-in")]
    #[derive(Serialize, Deserialize)]
    pub struct Team {
        title: String,
        members: BTreeMap<String, Member>,
    }

    #[derive(Serialize, Deserialize, EntityField)]
    pub struct Member {
        age: u8,
    }
}

/// A second one, whose step converts nothing and would have to.
mod bare {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use temporal_entity::{EntityField, temporal_entity};

    #[temporal_entity(version = 2, access = "signed-in", migrate(from = 1))]
    #[derive(Serialize, Deserialize)]
    pub struct Team {
        title: String,
        members: BTreeMap<String, Member>,
    }

    #[derive(Serialize, Deserialize, EntityField)]
    pub struct Member {
        age: u8,
        name: String,
    }
}

/// A second one that needs no conversion.
mod fine {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use temporal_entity::{EntityField, temporal_entity};

    #[temporal_entity(version = 2, access = "signed-in", migrate(from = 1))]
    #[derive(Serialize, Deserialize)]
    pub struct Team {
        title: Option<String>,
        members: BTreeMap<String, Member>,
    }

    #[derive(Serialize, Deserialize, EntityField)]
    pub struct Member {
        age: u16,
        #[serde(default)]
        name: String,
        born: Option<i64>,
    }
}

/// A folder with an `entities.lock`, as earlier releases wrote it, of the first version.
fn published(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("lock-{}-{test}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let first = Published::of::<first::Team>();
    let shape: String = first.outline().lines().skip(1).map(|line| format!("  {line}\n")).collect();
    let text = format!("entity Team 1 = {}\n{shape}", first.fingerprint());
    fs::write(folder.join("entities.lock"), text).expect("a file");
    folder
}

/// What the test of the lock says of a type. (It may be told to add what the file lacks, as other tests here are.)
fn said<T: Entity>(test: &str) -> String {
    let folder = published(test);
    let said = check_lock(folder.to_str().expect("a path"), "app", &[Locked::of::<T>()]);
    fs::remove_dir_all(folder).expect("removed");
    said.err().unwrap_or_default()
}

fn stored() -> Desk {
    let mut desk = Desk::default();
    desk.post::<first::Team>(r#"{"title": "x", "members": {"ada": {"age": 7}}}"#);
    desk
}

#[test]
fn a_step_that_would_have_to_convert_is_refused() {
    let said = said::<bare::Team>("bare");
    let expected = "`members.*.name` came without a default: version 1 to 2 needs `with`";
    assert!(said.contains(expected), "{said}");
    let (_, value) = stored().current::<first::Team>();
    assert!(read::<bare::Team>(value).is_err(), "what is stored could not be read");
}

#[test]
fn a_step_that_need_not_convert_is_not() {
    let said = said::<fine::Team>("fine");
    assert!(!said.contains("needs `with`"), "{said}");
    let reply = stored().once::<fine::Team>("ada", Method::Get, |_| {});
    assert_eq!(reply.status, 200);
}
