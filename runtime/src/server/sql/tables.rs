//! The tables of an object.

/// The layout of the tables below. An object that finds a later one was written by a later release.
pub const LAYOUT: i64 = 3;

/// The first layout that a release wrote.
pub const FIRST_LAYOUT: i64 = 2;

pub const ENTITY_TABLES: &[&str] = &[
    "CREATE TABLE layout (version INTEGER PRIMARY KEY)",
    "CREATE TABLE checkpoint (version INTEGER, part INTEGER, head BLOB, bytes BLOB NOT NULL,
        PRIMARY KEY (version, part)) WITHOUT ROWID",
    "CREATE TABLE change (version INTEGER, part INTEGER, sender INTEGER, request INTEGER,
        bytes BLOB NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID",
    "CREATE TABLE subscriber (person TEXT PRIMARY KEY) WITHOUT ROWID",
    REQUEST_TABLE,
];

/// Which changes the requests of each sender made, in pages. Since layout 3, to which the first write brings an object.
pub const REQUEST_TABLE: &str =
    "CREATE TABLE request (sender INTEGER, page INTEGER, latest INTEGER NOT NULL,
        bytes BLOB NOT NULL, PRIMARY KEY (sender, page)) WITHOUT ROWID";

/// In place of a sender, in the row that says up to which version the requests of all changes are in pages.
pub const PAGED_THROUGH: &str = "-1";

pub const PERSON_TABLE: &str =
    "CREATE TABLE interest (browser TEXT, type TEXT, entity TEXT, handle INTEGER,
        PRIMARY KEY (browser, type, entity)) WITHOUT ROWID";

/// Persons that are not to be reached. Made when the first one is not: the layout that was released has none.
pub const SILENT_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS silent (person TEXT PRIMARY KEY, since INTEGER) WITHOUT ROWID";
