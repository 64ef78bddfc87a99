use super::*;
use crate::schema::{EnumKind, IntKind, StructKind, UnionKind, VariantSchema};

const I64: IntKind =
    IntKind { name: "i64", min: i64::MIN as i128, max: i64::MAX as i128, bigint: true };
const MOOD: Kind = Kind::Enum(&EnumKind { name: "Mood", variants: &["calm", "busy"] });

const fn field(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: false }
}

const fn of(name: &'static str, fields: fn() -> &'static [FieldSchema]) -> StructKind {
    StructKind { name, diff: "", fields }
}

fn outline(fields: fn() -> &'static [FieldSchema]) -> String {
    let shape: &'static StructKind = Box::leak(Box::new(of("Card", fields)));
    Published { name: "Card", version: 3, kind: Kind::Struct(shape) }.outline()
}

#[test]
fn every_kind_is_told_from_the_others() {
    const STEP: Kind = Kind::Struct(&of("Step", || const { &[field("id", Kind::Id)] }));
    let text = outline(|| {
        const {
            &[
                field("title", Kind::MergedText),
                field("votes", Kind::Counter(I64)),
                field("steps", Kind::Keyed(&STEP, "id")),
                field("place", Kind::Atomic(&Kind::Option(&STEP))),
                field("labels", Kind::Set(&Kind::Text)),
                field("byMood", Kind::Map(&MOOD, &Kind::List(&Kind::Int(I64)))),
                field("odd \"name\"\n\\", Kind::Bool),
                field("a", Kind::Float),
                field("b", Kind::Bytes),
                field("c", Kind::Timestamp),
                field("d", Kind::Json),
            ]
        }
    });
    let expected = r#"entity Card 3
enum Mood
  "busy"
  "calm"
struct Card
  "a": float
  "b": bytes
  "byMood": map from enum Mood to list of i64
  "c": timestamp
  "d": json
  "labels": set of text
  "odd \"name\"\n\\": bool
  "place": atomic option of struct Step
  "steps": list by "id" of struct Step
  "title": merged text
  "votes": counter i64
struct Step
  "id": id
"#;
    assert_eq!(text, expected);
}

#[test]
fn enums_with_data_show_their_variants() {
    const EVENT: UnionKind = UnionKind {
        name: "Event",
        tag: "what",
        content: Some("with"),
        variants: || {
            const {
                &[
                    VariantSchema { name: "seen", content: VariantContent::Unit },
                    VariantSchema {
                        name: "moved",
                        content: VariantContent::Struct(&[
                            field("to", Kind::Text),
                            field("by", MOOD),
                        ]),
                    },
                    VariantSchema { name: "again", content: VariantContent::Newtype(MOOD) },
                    VariantSchema { name: "empty", content: VariantContent::Struct(&[]) },
                ]
            }
        },
    };
    const BESIDE: UnionKind = UnionKind { name: "Beside", content: None, ..EVENT };
    let text = outline(|| {
        const { &[field("event", Kind::Union(&EVENT)), field("beside", Kind::Union(&BESIDE))] }
    });
    let variants = r#"
  "again": enum Mood
  "empty" with
  "moved" with
    "by": enum Mood
    "to": text
  "seen"
"#;
    let holding = format!("\nunion Event tagged \"what\" holding \"with\"{variants}");
    assert!(text.contains(&holding), "{text}");
    assert!(text.contains(&format!("\nunion Beside tagged \"what\"{variants}")), "{text}");
    assert_eq!(text.matches("enum Mood\n  \"busy\"").count(), 1, "{text}");
}

#[test]
fn types_that_contain_themselves_are_described_once() {
    const TREE: StructKind = of("Tree", || {
        const { &[field("left", Kind::Option(&Kind::Struct(&TREE))), field("leaf", LEAF)] }
    });
    const LEAF: Kind =
        Kind::Struct(&of("Leaf", || const { &[field("trees", Kind::List(&Kind::Struct(&TREE)))] }));
    let expected = r#"entity Card 3
struct Card
  "tree": struct Tree
struct Leaf
  "trees": list of struct Tree
struct Tree
  "leaf": struct Leaf
  "left": option of struct Tree
"#;
    assert_eq!(outline(|| const { &[field("tree", Kind::Struct(&TREE))] }), expected);
}

#[test]
fn two_types_of_one_name_are_both_described() {
    const ONE: Kind = Kind::Struct(&of("Place", || const { &[field("city", Kind::Text)] }));
    const TWO: Kind = Kind::Struct(&of("Place", || const { &[field("shelf", Kind::Bool)] }));
    let text = outline(|| const { &[field("one", ONE), field("two", TWO)] });
    assert!(text.contains("\"city\": text") && text.contains("\"shelf\": bool"), "{text}");
}

#[test]
fn what_nobody_notices_changes_nothing() {
    const FIRST: [FieldSchema; 2] = [field("a", Kind::Text), field("b", MOOD)];
    const SECOND: [FieldSchema; 2] = [
        FieldSchema {
            default: true,
            ..field("b", Kind::Enum(&EnumKind { name: "Mood", variants: &["busy", "calm"] }))
        },
        field("a", Kind::Text),
    ];
    assert_eq!(outline(|| &FIRST), outline(|| &SECOND));
}

#[test]
fn the_version_is_part_of_the_fingerprint() {
    let shape = Published { name: "Card", version: 1, kind: Kind::Bool };
    let next = Published { version: 2, ..shape };
    assert_eq!(shape.fingerprint(), shape.fingerprint());
    assert_ne!(shape.fingerprint(), next.fingerprint());
    assert!(shape.fingerprint() < 1 << 53);
}
