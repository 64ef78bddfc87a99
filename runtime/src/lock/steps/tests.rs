use temporal_entity_core::schema::{
    EnumKind, FieldSchema, IntKind, StructKind, UnionKind, VariantSchema,
};
use temporal_entity_core::value::Value;

use super::*;

const U8: Kind = Kind::Int(IntKind { name: "u8", min: 0, max: 255, bigint: false });
const U16: Kind = Kind::Int(IntKind { name: "u16", min: 0, max: 65_535, bigint: false });

const fn field(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: false }
}

const fn defaulted(name: &'static str, kind: Kind) -> FieldSchema {
    FieldSchema { name, kind, default: true }
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn of(name: &'static str, fields: fn() -> &'static [FieldSchema]) -> Kind {
    Kind::Struct(leaked(StructKind { name, diff: "", fields }))
}

const BARE: [Migration; 3] = [
    Migration { from: 1, with: None },
    Migration { from: 2, with: None },
    Migration { from: 3, with: None },
];

/// What is said where each of the versions was published, and the last one is the present one.
fn said(versions: &[fn() -> &'static [FieldSchema]], steps: &'static [Migration]) -> Vec<String> {
    let version = |(version, fields): (u32, &fn() -> &'static [FieldSchema])| Published {
        name: "Team",
        version,
        kind: of("Team", *fields),
    };
    let published: Vec<_> = (1..).zip(versions).map(version).collect();
    let entries: Vec<_> = published.iter().map(Entry::of).collect();
    let (now, earlier) = entries.split_last().expect("a version");
    let entity = Locked { published: *published.last().expect("a version"), steps };
    problems(&earlier.iter().collect::<Vec<_>>(), now, &entity)
}

const PLAIN: StructKind =
    StructKind { name: "Member", diff: "", fields: || const { &[field("age", U8)] } };
const NAMED: StructKind = StructKind {
    name: "Member",
    diff: "",
    fields: || const { &[field("age", U8), field("name", Kind::Text), defaulted("city", Kind::Text)] },
};
const MEMBER: Kind = Kind::Struct(&PLAIN);
const NAMED_MEMBER: Kind = Kind::Struct(&NAMED);

#[test]
fn a_field_without_a_default_is_named_at_any_depth() {
    let map = said(
        &[
            || const { &[field("members", Kind::Map(&Kind::Text, &MEMBER))] },
            || const { &[field("members", Kind::Map(&Kind::Text, &NAMED_MEMBER))] },
        ],
        &BARE,
    );
    assert_eq!(map, ["`members.*.name` came without a default: version 1 to 2 needs `with`"]);
    let list = said(
        &[
            || const { &[field("a", Kind::Option(&Kind::Keyed(&MEMBER, "age")))] },
            || const { &[field("a", Kind::Atomic(&Kind::Option(&Kind::List(&NAMED_MEMBER))))] },
        ],
        &BARE,
    );
    assert_eq!(list, ["`a.*.name` came without a default: version 1 to 2 needs `with`"]);
}

#[test]
fn what_has_a_default_or_can_be_absent_may_come() {
    let said = said(
        &[
            || const { &[field("title", Kind::Text), field("votes", U8)] },
            || {
                const {
                    &[
                        // Wider, mergeable, perhaps absent: every old value is one of the new kind.
                        field("title", Kind::Option(&Kind::MergedText)),
                        field(
                            "votes",
                            Kind::Counter(IntKind {
                                name: "i16",
                                min: -32_768,
                                max: 32_767,
                                bigint: false,
                            }),
                        ),
                        defaulted("members", Kind::Map(&Kind::Text, &MEMBER)),
                        field("place", Kind::Option(&MEMBER)),
                    ]
                }
            },
        ],
        &BARE,
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn a_field_that_left_or_was_renamed_is_named() {
    let left = said(
        &[
            || const { &[field("a", Kind::Text), field("b", U8)] },
            || const { &[field("a", Kind::Text)] },
        ],
        &BARE,
    );
    assert_eq!(left, ["`b` left: version 1 to 2 needs `with`"]);
    let renamed = said(
        &[
            || const { &[field("a", Kind::Text), field("b", U8)] },
            || const { &[field("a", Kind::Text), defaulted("c", U8)] },
        ],
        &BARE,
    );
    assert_eq!(renamed, ["`b` left or was renamed to `c`: version 1 to 2 needs `with`"]);
}

#[test]
fn another_type_is_named() {
    const CALM: Kind = Kind::Enum(&EnumKind { name: "Mood", variants: &["busy", "calm"] });
    const BUSY: Kind = Kind::Enum(&EnumKind { name: "Mood", variants: &["busy", "sad"] });
    let said = said(
        &[
            || {
                const {
                    &[
                        field("a", Kind::Text),
                        field("b", U16),
                        field("c", CALM),
                        field("d", Kind::Option(&Kind::Text)),
                        field("e", Kind::Set(&Kind::Text)),
                        field("f", Kind::List(&Kind::Text)),
                    ]
                }
            },
            || {
                const {
                    &[
                        field("a", U8),
                        field("b", U8),
                        field("c", BUSY),
                        field("d", Kind::Text),
                        field("e", Kind::List(&Kind::Text)),
                        field("f", Kind::Set(&Kind::Text)),
                    ]
                }
            },
        ],
        &BARE,
    );
    let expected = [
        "`a` was text and is u8",
        "`b` was u16 and is u8",
        "the variant `calm` of `c` left",
        "`d` was option of text and is text",
        "`e` was set of text and is list of text",
    ];
    assert_eq!(said, expected.map(|problem| format!("{problem}: version 1 to 2 needs `with`")));
}

#[test]
fn variants_are_looked_into() {
    const fn union(variants: fn() -> &'static [VariantSchema]) -> UnionKind {
        UnionKind { name: "Event", tag: "what", content: Some("with"), variants }
    }
    const OLD: UnionKind = union(|| {
        const {
            &[
                VariantSchema { name: "gone", content: VariantContent::Unit },
                VariantSchema {
                    name: "moved",
                    content: VariantContent::Struct(&[field("to", Kind::Text)]),
                },
                VariantSchema { name: "said", content: VariantContent::Newtype(MEMBER) },
            ]
        }
    });
    const NEW: UnionKind = union(|| {
        const {
            &[
                VariantSchema {
                    name: "moved",
                    content: VariantContent::Struct(&[
                        field("to", Kind::Text),
                        field("by", Kind::Text),
                    ]),
                },
                VariantSchema { name: "said", content: VariantContent::Newtype(NAMED_MEMBER) },
            ]
        }
    });
    let said = said(
        &[
            || const { &[field("event", Kind::Union(&OLD))] },
            || const { &[field("event", Kind::Union(&NEW))] },
        ],
        &BARE,
    );
    let expected = [
        "the variant `gone` of `event` left",
        "`event.moved.by` came without a default",
        "`event.said.name` came without a default",
    ];
    assert_eq!(said, expected.map(|problem| format!("{problem}: version 1 to 2 needs `with`")));
}

#[test]
fn a_step_that_converts_is_trusted_and_those_behind_it_are_not() {
    const FIRST: fn() -> &'static [FieldSchema] = || const { &[field("a", Kind::Text)] };
    const SECOND: fn() -> &'static [FieldSchema] =
        || const { &[field("a", Kind::Text), field("b", U8)] };
    const THIRD: fn() -> &'static [FieldSchema] =
        || const { &[field("a", Kind::Text), field("b", U8), field("c", U8)] };
    fn step(value: Value) -> Result<Value, String> {
        Ok(value)
    }
    const WITH: Migration = Migration { from: 1, with: Some(step) };
    const ALL: &[Migration] = &[WITH, Migration { from: 2, with: Some(step) }];
    const BEHIND: &[Migration] = &[WITH, BARE[1]];
    assert_eq!(said(&[FIRST, SECOND], ALL), Vec::<String>::new());
    assert_eq!(said(&[FIRST, SECOND, THIRD], ALL), Vec::<String>::new());
    assert_eq!(
        said(&[FIRST, SECOND, THIRD], BEHIND),
        ["`c` came without a default: version 2 to 3 needs `with`"]
    );
    // What came two versions ago had a default then, and has none now: the oldest values lack it.
    assert_eq!(
        said(&[FIRST, SECOND, SECOND], &BARE),
        ["`b` came without a default: version 1 to 3 needs `with`"]
    );
}

#[test]
fn types_that_contain_themselves_are_compared_once() {
    const TREE: StructKind = StructKind {
        name: "Tree",
        diff: "",
        fields: || const { &[field("trees", Kind::List(&Kind::Struct(&TREE)))] },
    };
    const LEAVED: StructKind = StructKind {
        name: "Tree",
        diff: "",
        fields: || const { &[field("trees", Kind::List(&Kind::Struct(&LEAVED))), field("leaf", U8)] },
    };
    let said = said(
        &[
            || const { &[field("tree", Kind::Struct(&TREE))] },
            || const { &[field("tree", Kind::Struct(&LEAVED))] },
        ],
        &BARE,
    );
    assert_eq!(said, ["`tree.leaf` came without a default: version 1 to 2 needs `with`"]);
}
