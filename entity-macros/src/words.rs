//! Every word that the macros know, once. Lists are sorted: messages print them.

/// The attribute macro.
pub const ATTRIBUTE: &str = "temporal_entity";
/// The helper attribute in which the attribute macro hands its arguments to the hidden derive.
pub const ARGUMENTS: &str = "__temporal_entity";
/// The helper attribute of fields, and of structs and enums with the field derive.
pub const HELPER: &str = "entity";

/// Options of `#[temporal_entity(..)]`.
pub const ENTITY_OPTIONS: &[&str] = &[
    "access",
    "crate",
    "diff",
    "granularity",
    "lines",
    "migrate",
    "name",
    "ping",
    "quota",
    "retain",
    "role",
    "validate",
    "version",
];
/// Those of them that may be given again and again.
pub const REPEATED_OPTIONS: &[&str] = &["migrate"];

/// Options of `migrate(..)`.
pub const STEP_OPTIONS: &[&str] = &["from", "with"];

/// Options of `#[entity(..)]` on a struct or enum with `#[derive(EntityField)]`.
pub const CONTAINER_OPTIONS: &[&str] = &["crate", "diff"];

/// Options of `#[entity(..)]` on a field of an entity.
pub const FIELD_OPTIONS: &[&str] = &["key", "merge", "normalize", "validate"];
/// Those of them that a field of a struct with `#[derive(EntityField)]` has, too.
pub const POLICY_OPTIONS: &[&str] = &["key", "merge"];
/// Those of them that only the entity's own fields have.
pub const CALLBACK_OPTIONS: &[&str] = &["normalize", "validate"];
/// Options of `#[entity(..)]` on a field that are planned and do not exist yet.
pub const FIELD_OPTIONS_TO_COME: &[&str] = &["id", "ts"];

/// Policies of the `merge` option.
pub const MERGES: &[&str] = &["atomic", "counter", "text"];
/// What somebody may take for a policy of the `merge` option, and what to do instead.
pub const NO_MERGES: &[(&str, &str)] = &[
    ("key", "write `key = \"id\"`, with the name of the field that tells the elements apart"),
    ("keyed", "write `key = \"id\"`, with the name of the field that tells the elements apart"),
    ("list", "a list merges by element once it has a key, as in `key = \"id\"`"),
    ("map", "remove it: a `BTreeMap` merges by its keys already"),
    ("set", "remove it: a `BTreeSet` merges by its elements already"),
];

/// Normalisers that have a name.
pub const NORMALISERS: &[&str] = &["lowercase", "trim"];

/// Methods that a diff has anyway: a field of such a name has no setter, for it would stand in front of them.
pub const METHODS_OF_DIFFS: &[&str] =
    &["compose", "default", "from_value", "is_empty", "overlap", "to_value"];

/// Policies of the `access` option.
pub const POLICIES: &[&str] = &["signed-in"];
/// Policies that are planned and do not exist yet.
pub const POLICIES_TO_COME: &[&str] = &["org", "owner", "public-read"];

/// Roles of the `role` option.
pub const ROLES: &[&str] = &["person"];

/// Names of granularities with their milliseconds.
pub const GRANULARITIES: &[(&str, u32)] =
    &[("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000)];
/// The default of the `granularity` option.
pub const DEFAULT_GRANULARITY: u32 = 3_600_000;
/// The default of the `lines` option: about as many readers as calls that go out in five turns.
pub const DEFAULT_LINES: u32 = 32;
/// Two readers are no crowd, and half of fewer is nobody.
pub const LEAST_LINES: u32 = 2;
/// The coarsest granularity.
pub const MAX_GRANULARITY: u32 = 86_400_000;

/// Units of the `retain` option with their seconds.
pub const RETENTIONS: &[(char, u32)] = &[('d', 86_400), ('h', 3_600), ('w', 604_800)];

/// Units of the `ping` option with their seconds.
pub const PERIODS: &[(char, u32)] = &[('d', 86_400), ('h', 3_600), ('m', 60)];
/// A shorter ping would hardly let an object sleep.
pub const LEAST_PING: u32 = 60;
/// A longer one would find nobody in time who is gone.
pub const MOST_PING: u32 = 7 * 86_400;

/// Units of the `quota` option with their bytes, which are those of the platform.
pub const SIZES: &[(&str, u64)] = &[("GB", 1_000_000_000), ("MB", 1_000_000)];
/// The default of the `quota` option, in bytes.
pub const DEFAULT_QUOTA: u64 = 1_000_000_000;
/// A smaller one would refuse the second write of many an entity.
pub const LEAST_QUOTA: u64 = 1_000_000;
/// The platform stores 10 GB in an object, of which the runtime keeps a reserve.
pub const MOST_QUOTA: u64 = 9_800_000_000;

/// Wire names that JavaScript objects have a meaning for.
pub const RESERVED_IN_OBJECTS: &[&str] = &["__proto__", "constructor", "prototype"];
/// Wire names that a message has beside the fields of an entity.
pub const RESERVED_IN_ENTITIES: &[&str] = &["meta", "validFrom", "validTo"];

/// Type names that the generated `.d.ts` file needs with another meaning.
pub const RESERVED_TYPES: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "BigInt",
    "Boolean",
    "BufferSource",
    "Date",
    "Error",
    "Function",
    "Map",
    "Number",
    "Object",
    "Promise",
    "Record",
    "Remove",
    "Replace",
    "Request",
    "Response",
    "Set",
    "String",
    "Symbol",
    "TemporalMeta",
    "TemporalProblem",
    "TemporalStatus",
    "TemporalStore",
    "URL",
    "Uint8Array",
    "WebAssembly",
];

/// A type that no field can have, told by its last name: the name, what is wrong with it, what to write instead.
///
/// Only names that nobody gives to a type of their own; the rest is left to the bound on the field trait.
pub const UNFIT_TYPES: &[(&str, &str, &str)] = &[
    (
        "HashMap",
        "the order of a `HashMap` is not stable, and so its wire form would not be",
        "use `BTreeMap`",
    ),
    (
        "HashSet",
        "the order of a `HashSet` is not stable, and so its wire form would not be",
        "use `BTreeSet`",
    ),
    ("i128", "`i128` has no form in JavaScript", "use `i64`, or a `String`"),
    ("isize", "`isize` is wider on one machine than on another", "use `i32` or `i64`"),
    ("u128", "`u128` has no form in JavaScript", "use `u64`, or a `String`"),
    ("usize", "`usize` is wider on one machine than on another", "use `u32` or `u64`"),
];

const NEWTYPE: &str =
    "give the field a type of your own that has that form, with `#[derive(EntityField)]`";

/// A serde attribute that cannot be honoured: the word, why, what to do instead.
pub const REFUSED_BY_SERDE_WORD: &[(&str, &str, &str)] = &[
    ("content", "only a variant of an enum has content", "remove it"),
    (
        "deny_unknown_fields",
        "snapshots keep the fields that they were written with, and could not be read once one is removed",
        "remove it: what comes over the wire is checked anyway",
    ),
    (
        "deserialize_with",
        "the typings cannot know the form that a function of yours reads",
        NEWTYPE,
    ),
    (
        "flatten",
        "a diff needs one key for each field, and a flattened one has none",
        "remove it, or move the inner fields up",
    ),
    ("from", "the typings cannot know the form that a conversion of yours reads", NEWTYPE),
    ("getter", "the typings cannot know the form that a function of yours writes", NEWTYPE),
    ("into", "the typings cannot know the form that a conversion of yours writes", NEWTYPE),
    ("other", "a value that nobody knows would be written back as another one", "remove it"),
    ("remote", "the typings cannot know the form of another crate's type", NEWTYPE),
    ("serialize_with", "the typings cannot know the form that a function of yours writes", NEWTYPE),
    (
        "skip_deserializing",
        "what one side writes the other must read",
        "use `skip`, which keeps the field off the wire",
    ),
    (
        "skip_serializing",
        "what one side writes the other must read",
        "use `skip`, which keeps the field off the wire",
    ),
    (
        "skip_serializing_if",
        "a value always has all of its keys, for one that is absent from a diff means `unchanged`",
        "remove it: an `Option` travels as null",
    ),
    (
        "tag",
        "a struct travels with one key for each field, and a tag is none of them",
        "put the struct into a variant of an enum",
    ),
    (
        "transparent",
        "a struct travels with one key for each field",
        "remove it, or leave the field without a name: `struct Name(Type);`",
    ),
    ("try_from", "the typings cannot know the form that a conversion of yours reads", NEWTYPE),
    (
        "untagged",
        "variants that carry no tag cannot be told apart",
        "name a tag: `#[serde(tag = \"kind\")]`",
    ),
    ("with", "the typings cannot know the form that a module of yours writes", NEWTYPE),
];

/// Serde attributes that do not touch the wire form.
pub const HARMLESS_IN_SERDE: &[&str] = &["alias", "bound", "crate", "expecting"];
