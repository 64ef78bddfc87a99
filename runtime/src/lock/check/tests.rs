use std::path::PathBuf;

use temporal_entity_core::schema::{FieldSchema, IntKind, Kind, Published, StructKind};

use super::*;

const fn field(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: false }
}

const U8: IntKind = IntKind { name: "u8", min: 0, max: 255, bigint: false };
const CARD: Kind = Kind::Struct(&StructKind {
    name: "Card",
    diff: "CardDiff",
    fields: || const { &[field("title", Kind::Text), field("votes", Kind::Int(U8))] },
});
const CHANGED: Kind = Kind::Struct(&StructKind {
    name: "Card",
    diff: "CardDiff",
    fields: || const { &[field("title", Kind::MergedText), field("votes", Kind::Int(U8))] },
});

fn card(version: u32, kind: Kind) -> Locked {
    Locked { published: Published { name: "Card", version, kind }, steps: &[] }
}

const BOARD: Locked =
    Locked { published: Published { name: "Board", version: 1, kind: CARD }, steps: &[] };

/// A file of its own for each test.
struct Lock(PathBuf);

impl Lock {
    fn new(test: &str) -> Lock {
        let folder = env::temp_dir().join(format!("entities-lock-{}-{test}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let lock = Lock(folder.join(FILE));
        let _ = fs::remove_file(&lock.0);
        lock
    }

    /// With these versions in it, published one after the other.
    fn of(test: &str, versions: &[Locked]) -> Lock {
        let lock = Lock::new(test);
        for version in versions {
            lock.check(&[*version], true).unwrap();
        }
        lock
    }

    fn check(&self, entities: &[Locked], update: bool) -> Result<(), String> {
        check_file(&self.0, "board", entities, update)
    }

    /// Checks with and without updating; both say the same, and the file stays as it is.
    fn refused(&self, entities: &[Locked]) -> String {
        let before = self.text();
        let refusal = self.check(entities, false).unwrap_err();
        assert_eq!(self.check(entities, true), Err(refusal.clone()));
        assert_eq!(self.text(), before);
        refusal
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.0.parent().unwrap());
    }
}

#[test]
fn without_a_file_it_says_how_to_make_one() {
    let lock = Lock::new("absent");
    let refusal = lock.check(&[card(1, CARD), BOARD], false).unwrap_err();
    let expected = "version 1 of `Card` is not in entities.lock: run `UPDATE_EXPECT=1 cargo test --package board \
                    entities_lock`, and commit the file";
    assert!(refusal.contains(expected), "{refusal}");
    assert!(refusal.contains("version 1 of `Board`"), "{refusal}");
    assert!(!lock.0.exists());
}

#[test]
fn a_file_that_was_written_holds() {
    let lock = Lock::new("written");
    assert_eq!(lock.check(&[card(1, CARD), BOARD], true), Ok(()));
    assert_eq!(lock.check(&[card(1, CARD), BOARD], false), Ok(()));
    let text = lock.text();
    let shape = "\n  struct Card\n    \"title\": text\n    \"votes\": u8\n";
    let expected = format!(
        "\n\nentity Board 1 = {}{shape}\nentity Card 1 = {}{shape}",
        BOARD.published.fingerprint(),
        card(1, CARD).published.fingerprint()
    );
    assert!(text.starts_with('#') && text.ends_with(&expected), "{text}");
    // The order in which entities are named is nobody's business.
    assert_eq!(lock.check(&[BOARD, card(1, CARD)], true), Ok(()));
    assert_eq!(lock.text(), text);
}

#[test]
fn line_ends_of_another_system_are_none_of_the_shape() {
    let lock = Lock::of("lines", &[card(1, CARD)]);
    fs::write(&lock.0, lock.text().replace('\n', "\r\n")).unwrap();
    assert_eq!(lock.check(&[card(1, CARD)], false), Ok(()));
}

#[test]
fn a_change_without_a_new_version_is_refused_and_not_written() {
    let lock = Lock::of("changed", &[card(1, CARD)]);
    let refusal = lock.refused(&[card(1, CHANGED)]);
    let expected = "\
`Card` is not any more what its version 1 was published as:
  - struct Card: \"title\": text
  + struct Card: \"title\": merged text
raise `version` to 2 and add `migrate(from = 1, ..)`; if version 1 was never published, delete its lines in \
entities.lock and run `UPDATE_EXPECT=1 cargo test --package board entities_lock`";
    assert_eq!(refusal, expected);
}

#[test]
fn a_new_version_is_added_beside_the_old_one() {
    let lock = Lock::of("raised", &[card(1, CARD)]);
    let before = lock.text();
    let refusal = lock.check(&[card(2, CHANGED)], false).unwrap_err();
    assert!(refusal.starts_with("version 2 of `Card` is not in"), "{refusal}");
    assert_eq!(lock.text(), before);
    assert_eq!(lock.check(&[card(2, CHANGED)], true), Ok(()));
    assert!(lock.text().starts_with(&before));
    assert_eq!(lock.check(&[card(2, CHANGED)], false), Ok(()));
}

#[test]
fn an_old_version_is_not_come_back_to() {
    let lock = Lock::of("lowered", &[card(1, CARD), card(2, CHANGED)]);
    let refusal = lock.refused(&[card(1, CARD)]);
    let expected = "`Card` has version 1, and version 2 is in entities.lock: versions only rise";
    assert_eq!(refusal, expected);
}

#[test]
fn an_entity_that_is_not_named_any_more_is_noticed() {
    let lock = Lock::of("stranger", &[BOARD]);
    lock.check(&[card(1, CARD), BOARD], true).unwrap();
    let refusal = lock.refused(&[card(1, CARD)]);
    assert!(
        refusal.starts_with("`Board` is in entities.lock, and not in `schema_lock!`"),
        "{refusal}"
    );
}

#[test]
fn what_is_missing_is_added_also_where_something_else_is_wrong() {
    let lock = Lock::of("both", &[card(1, CARD)]);
    let refusal = lock.check(&[card(1, CHANGED), BOARD], true).unwrap_err();
    assert!(refusal.contains("Card") && !refusal.contains("Board"), "{refusal}");
    assert!(lock.text().contains("entity Board 1"));
}

#[test]
fn lines_that_were_changed_by_hand_are_noticed() {
    let lock = Lock::of("by-hand", &[card(1, CARD), card(2, CHANGED)]);
    fs::write(&lock.0, lock.text().replacen("\"votes\": u8", "\"votes\": u16", 1)).unwrap();
    let refusal = lock.refused(&[card(2, CHANGED)]);
    assert!(refusal.starts_with("version 1 of `Card` in entities.lock does not have"), "{refusal}");
    let twice = Lock::of("twice", &[card(1, CARD)]);
    let (_, entry) = twice.text().split_once("\n\n").map(|(a, b)| (a.len(), b.to_owned())).unwrap();
    fs::write(&twice.0, format!("{}\n{entry}", twice.text())).unwrap();
    assert_eq!(twice.refused(&[card(1, CARD)]), "version 1 of `Card` is twice in entities.lock");
}

#[test]
fn a_merge_that_was_not_finished_is_no_file() {
    let lock = Lock::of("merge", &[card(1, CARD)]);
    fs::write(&lock.0, format!("{}<<<<<<< HEAD\n", lock.text())).unwrap();
    let refusal = lock.refused(&[card(1, CARD)]);
    assert_eq!(refusal, "entities.lock is no such file: line 8: <<<<<<< HEAD");
}
