//! The disk of one object: [`Storage`] on the synchronous SQL API.
//!
//! Rows written are what the platform bills, so every statement here writes exactly the rows that it names: no
//! secondary index, and `WITHOUT ROWID` where a key is not an integer.
//!
//! Versions are bound and read as text, which SQLite turns into its own 64-bit integers and back: a number of JavaScript
//! would round those past 2^53.

pub(super) mod columns;

use std::cell::Cell;
use std::rc::Rc;

use temporal_entity_core::storage::{
    Amount, ChangeKey, Changes, Checkpoint, CheckpointHead, SERIES, Storage, StorageError,
    first_within, removal_end,
};
use temporal_entity_core::time::Stamp;
use worker::SqlStorage as Sql;
use worker::js_sys::Reflect;
use worker::wasm_bindgen::JsValue;

use self::columns::{
    Row, blob, bytes_of, checkpoint, columns, count, exact, integer, joined, size, stamp, text,
    unreadable,
};
use super::js::sentence;

/// The layout of the tables below. An object that finds a later one was written by a later release.
const LAYOUT: i64 = 2;

/// The first layout that a release wrote.
const FIRST_LAYOUT: i64 = 2;

const ENTITY_TABLES: &[&str] = &[
    "CREATE TABLE layout (version INTEGER PRIMARY KEY)",
    "CREATE TABLE checkpoint (version INTEGER, part INTEGER, head BLOB, bytes BLOB NOT NULL,
        PRIMARY KEY (version, part)) WITHOUT ROWID",
    "CREATE TABLE change (version INTEGER, part INTEGER, sender INTEGER, request INTEGER,
        bytes BLOB NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID",
    "CREATE TABLE subscriber (person TEXT PRIMARY KEY) WITHOUT ROWID",
];

const PERSON_TABLE: &str =
    "CREATE TABLE interest (browser TEXT, type TEXT, entity TEXT, handle INTEGER,
        PRIMARY KEY (browser, type, entity)) WITHOUT ROWID";

/// Persons that are not to be reached. Made when the first one is not: the layout that was released has none.
const SILENT_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS silent (person TEXT PRIMARY KEY, since INTEGER) WITHOUT ROWID";

/// What the platform says, within a sentence, where an object or the disk is full. It has rolled back all that the turn
/// wrote by then, and ends the object: whoever called it is thrown the same sentence, whatever it answered.
pub(super) const FULL: &str = "SQLITE_FULL";

/// Whose tables an object has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tables {
    /// An entity's.
    Entity,
    /// An entity's, and the interests of a Person's browsers.
    Person,
}

/// Rows that an object has read and written since it woke up, for the benchmarks.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Rows {
    pub read: u64,
    pub written: u64,
}

/// The tables of one object. Clones share the object's tables and counters.
#[derive(Clone)]
pub(super) struct SqlStorage {
    sql: Sql,
    tables: Tables,
    /// Whether the tables are there; `None` before anybody looked.
    created: Rc<Cell<Option<bool>>>,
    rows: Rc<Cell<Rows>>,
}

impl SqlStorage {
    /// The tables of the object that `sql` belongs to. Nothing is read yet.
    pub fn new(sql: Sql, tables: Tables) -> SqlStorage {
        SqlStorage { sql, tables, created: Rc::default(), rows: Rc::default() }
    }

    /// What was read and written so far, rolled-back writes included.
    pub fn rows(&self) -> Rows {
        self.rows.get()
    }

    /// Looks again whether the tables are there: the transaction that made them may have been rolled back.
    pub fn forget(&self) {
        self.created.set(None);
    }

    /// The rows of a query; none if the object has no tables yet.
    pub(super) fn select(
        &self,
        query: &str,
        values: Vec<JsValue>,
    ) -> Result<Vec<Row>, StorageError> {
        if self.is_created()? { self.run(query, values) } else { Ok(Vec::new()) }
    }

    /// Runs a statement that writes, and makes the tables before the first one.
    pub(super) fn write(&self, statement: &str, values: Vec<JsValue>) -> Result<(), StorageError> {
        if !self.is_created()? {
            let more = (self.tables == Tables::Person).then_some(PERSON_TABLE);
            for table in ENTITY_TABLES.iter().copied().chain(more) {
                self.run(table, vec![])?;
            }
            let layout = vec![JsValue::from(LAYOUT as f64)];
            self.run("INSERT INTO layout VALUES (?)", layout)?;
            self.created.set(Some(true));
        }
        self.run(statement, values).map(drop)
    }

    /// Whether a table is there that is made only when it is needed.
    pub(super) fn has_table(&self, name: &str) -> Result<bool, StorageError> {
        let query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
        Ok(!self.select(query, vec![name.into()])?.is_empty())
    }

    fn is_created(&self) -> Result<bool, StorageError> {
        if let Some(created) = self.created.get() {
            return Ok(created);
        }
        let query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'layout'";
        let created = !self.run(query, vec![])?.is_empty();
        if created {
            self.check_layout()?;
        }
        self.created.set(Some(created));
        Ok(created)
    }

    fn check_layout(&self) -> Result<(), StorageError> {
        let found = self.run("SELECT version FROM layout", vec![])?;
        let version = found.into_iter().next().map(columns).transpose()?;
        match version.map(|[version]| integer(version)).transpose()? {
            Some(FIRST_LAYOUT..=LAYOUT) => Ok(()),
            found => Err(StorageError::Failed(format!(
                "the tables have layout {}, and this release knows {FIRST_LAYOUT} to {LAYOUT}",
                found.map_or("none".into(), |version| version.to_string())
            ))),
        }
    }

    fn run(&self, query: &str, values: Vec<JsValue>) -> Result<Vec<Row>, StorageError> {
        let cursor = self.sql.exec_raw(query, values).map_err(failed)?;
        let rows = cursor.raw().collect::<Result<Vec<_>, _>>().map_err(failed);
        let sum = self.rows.get();
        self.rows.set(Rows {
            read: sum.read.saturating_add(cursor.rows_read() as u64),
            written: sum.written.saturating_add(cursor.rows_written() as u64),
        });
        rows
    }
}

impl Storage for SqlStorage {
    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, StorageError> {
        // From the end, and nothing is looked for: to compare a key with that of a row in which a value of megabytes lies
        // SQLite reads the value.
        let query = "SELECT CAST(version AS TEXT), head, bytes FROM checkpoint
            ORDER BY version DESC, part DESC LIMIT (
                SELECT count(*) FROM checkpoint GROUP BY version ORDER BY version DESC LIMIT 1
            )";
        checkpoint(self.select(query, vec![])?.into_iter().rev())
    }

    fn latest_head(&self) -> Result<Option<CheckpointHead>, StorageError> {
        // The parts' lengths stand in front of them: of the value itself nothing is read.
        // The first of them alone has a head.
        let query = "SELECT CAST(version AS TEXT), max(head), sum(length(bytes)) FROM checkpoint
            GROUP BY version ORDER BY version DESC LIMIT 1";
        let head = |row| {
            let [version, head, bytes] = columns(row)?;
            Ok(CheckpointHead {
                version: stamp(version)?,
                head: bytes_of(head)?,
                bytes: size(bytes)?,
            })
        };
        self.select(query, vec![])?.pop().map(head).transpose()
    }

    fn checkpoint_from(&self, version: Stamp) -> Result<Option<Checkpoint>, StorageError> {
        let query = "SELECT CAST(version AS TEXT), head, bytes FROM checkpoint
            WHERE version = (SELECT min(version) FROM checkpoint WHERE version >= ?) ORDER BY part";
        checkpoint(self.select(query, vec![exact(version)])?)
    }

    fn write_checkpoint(
        &mut self,
        version: Stamp,
        head: &[u8],
        parts: &[&[u8]],
    ) -> Result<(), StorageError> {
        for (number, part) in parts.iter().enumerate() {
            let head = if number == 0 { blob(head) } else { JsValue::NULL };
            self.write(
                "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)",
                vec![exact(version), count(number), head, blob(part)],
            )?;
        }
        Ok(())
    }

    fn remove_checkpoint(&mut self, version: Stamp) -> Result<(), StorageError> {
        self.write("DELETE FROM checkpoint WHERE version = ?", vec![exact(version)])
    }

    fn changes_from(&self, version: Stamp, most: usize) -> Result<Changes, StorageError> {
        // Of all there is no need to list which: so every wake asks.
        if most == usize::MAX {
            let query = "SELECT CAST(version AS TEXT), bytes FROM change WHERE version >= ?
                ORDER BY version, part";
            return joined(self.select(query, vec![exact(version)])?);
        }
        let query = "SELECT CAST(version AS TEXT), bytes FROM change WHERE version IN (
                SELECT DISTINCT version FROM change WHERE version >= ?
                ORDER BY version LIMIT ?
            ) ORDER BY version, part";
        joined(self.select(query, vec![exact(version), count(most)])?)
    }

    fn changes_before(&self, version: Stamp, most: usize) -> Result<Changes, StorageError> {
        let query = "SELECT CAST(version AS TEXT), bytes FROM change WHERE version IN (
                SELECT DISTINCT version FROM change WHERE version < ?
                ORDER BY version DESC LIMIT ?
            ) ORDER BY version DESC, part";
        joined(self.select(query, vec![exact(version), count(most)])?)
    }

    fn amount_behind(&self, version: Stamp) -> Result<Amount, StorageError> {
        let query = "SELECT coalesce(sum(part = 0), 0), coalesce(sum(length(bytes)), 0) FROM change
            WHERE version > ?";
        let amount = |row| {
            let [changes, bytes] = columns(row)?;
            Ok(Amount { changes: size(changes)?, bytes: size(bytes)? })
        };
        let sum = self.select(query, vec![exact(version)])?.pop().map(amount).transpose()?;
        Ok(sum.unwrap_or_default())
    }

    fn recent_from(&self, most: usize, bytes: usize) -> Result<Option<Stamp>, StorageError> {
        let query = "SELECT CAST(version AS TEXT), sum(length(bytes)) FROM change GROUP BY version
            ORDER BY version DESC LIMIT ?";
        let sizes = self.select(query, vec![count(most)])?.into_iter().map(|row| {
            let [version, bytes] = columns(row)?;
            Ok((stamp(version)?, size(bytes)?))
        });
        first_within(sizes, most, bytes)
    }

    fn append_change(&mut self, key: ChangeKey, parts: &[&[u8]]) -> Result<(), StorageError> {
        for (part, bytes) in parts.iter().enumerate() {
            let (version, sender) = (exact(key.version), JsValue::from(key.sender as f64));
            let request = JsValue::from(key.request as f64);
            self.write(
                "INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?, ?)",
                vec![version, count(part), sender, request, blob(bytes)],
            )?;
        }
        Ok(())
    }

    fn senders(&self, from: Stamp, most: usize) -> Result<Vec<(u64, u64)>, StorageError> {
        // Of the latest ones, and of those that are not older than asked for: whichever reaches further back.
        let query = format!(
            "SELECT sender, max(request) FROM change
            WHERE version >= min(CAST(? AS INTEGER), coalesce(
                (SELECT version FROM change ORDER BY version DESC LIMIT 1 OFFSET ?), 0))
            GROUP BY sender, request / {SERIES}"
        );
        let rows = self.select(&query, vec![exact(from), count(most.saturating_sub(1))])?;
        let whole = |column| u64::try_from(integer(column)?).map_err(|_| unreadable("a hash"));
        rows.into_iter()
            .map(|row| {
                let [sender, request] = columns(row)?;
                Ok((whole(sender)?, whole(request)?))
            })
            .collect()
    }

    fn changes_by(
        &self,
        (sender, request): (u64, u64),
        from: Stamp,
        most: usize,
    ) -> Result<Changes, StorageError> {
        let query = "WITH own AS (SELECT version, part, request FROM change
                WHERE sender = ? AND request >= ? AND version >= min(CAST(? AS INTEGER), coalesce(
                    (SELECT version FROM change ORDER BY version DESC LIMIT 1 OFFSET ?), 0)))
            SELECT CAST(version AS TEXT), bytes FROM change JOIN own USING (version, part)
            WHERE own.request = (SELECT min(request) FROM own)
            ORDER BY version DESC, part";
        let numbers = [sender, request].map(|number| JsValue::from(number as f64));
        let values = numbers.into_iter().chain([exact(from), count(most.saturating_sub(1))]);
        joined(self.select(query, values.collect())?)
    }

    fn forget_before(&mut self, version: Stamp, most: Amount) -> Result<bool, StorageError> {
        let old = "SELECT CAST(version AS TEXT), sum(length(bytes)) FROM change WHERE version < ?
            GROUP BY version ORDER BY version LIMIT ?";
        let size_of = |row| {
            let [version, bytes] = columns(row)?;
            Ok((stamp(version)?, size(bytes)?))
        };
        let limit = count(most.changes.saturating_add(1));
        let old = self.select(old, vec![exact(version), limit])?.into_iter().map(size_of);
        let old = old.collect::<Result<Vec<_>, StorageError>>()?;
        let (end, is_more) = removal_end(old, version, most);
        self.write("DELETE FROM change WHERE version < ?", vec![exact(end)])?;
        let checkpoints = "DELETE FROM checkpoint
            WHERE version < ? AND version < (SELECT max(version) FROM checkpoint)";
        self.write(checkpoints, vec![exact(end)])?;
        Ok(is_more)
    }

    fn subscribers(&self) -> Result<Vec<String>, StorageError> {
        let rows = self.select("SELECT person FROM subscriber ORDER BY person", vec![])?;
        let person = |row| columns(row).and_then(|[person]| text(person));
        rows.into_iter().map(person).collect()
    }

    fn add_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        // A release before this one did not take away what was noted of one that it removed.
        self.write_silence(person, None)?;
        self.write("INSERT OR IGNORE INTO subscriber VALUES (?)", vec![person.into()])
    }

    fn remove_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        self.write("DELETE FROM subscriber WHERE person = ?", vec![person.into()])
    }

    fn silent(&self) -> Result<Vec<(String, Stamp)>, StorageError> {
        if !self.has_table("silent")? {
            return Ok(Vec::new());
        }
        let silent = |row| {
            let [person, since] = columns(row)?;
            Ok((text(person)?, stamp(since)?))
        };
        let query = "SELECT person, CAST(since AS TEXT) FROM silent";
        self.select(query, vec![])?.into_iter().map(silent).collect()
    }

    fn write_silence(&mut self, person: &str, since: Option<Stamp>) -> Result<(), StorageError> {
        let Some(since) = since else {
            return match self.has_table("silent")? {
                true => self.write("DELETE FROM silent WHERE person = ?", vec![person.into()]),
                false => Ok(()),
            };
        };
        self.write(SILENT_TABLE, vec![])?;
        let values = vec![person.into(), exact(since)];
        self.write("INSERT OR REPLACE INTO silent VALUES (?, ?)", values)
    }

    fn stored_bytes(&self) -> Result<u64, StorageError> {
        // Pages that are free do not count. `database_size` of the crate ends at 4 GB, where `usize` does.
        let size = Reflect::get(self.sql.as_ref(), &"databaseSize".into());
        let size = size.map_err(|thrown| storage_error(sentence(thrown)))?;
        size.as_f64().map(|size| size as u64).ok_or_else(|| unreadable("a size"))
    }
}

fn failed(error: worker::Error) -> StorageError {
    storage_error(error.to_string())
}

/// Returns what the sentence of a failed statement means.
pub(super) fn storage_error(sentence: String) -> StorageError {
    if sentence.contains(FULL) {
        StorageError::Full
    } else if sentence.contains("too big") || sentence.contains("TOOBIG") {
        StorageError::RowTooLarge
    } else {
        StorageError::Failed(sentence)
    }
}
