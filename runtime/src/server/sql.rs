//! The disk of one object: [`Storage`] on the synchronous SQL API.
//!
//! Rows written are what the platform bills, so every statement here writes exactly the rows that it names: no
//! secondary index, and `WITHOUT ROWID` where a key is not an integer.
//!
//! Versions are bound and read as text, which SQLite turns into its own 64-bit integers and back: a number of JavaScript
//! would round those past 2^53.

pub(super) mod columns;
mod tables;

use std::cell::Cell;
use std::rc::Rc;

use temporal_entity_core::storage::{
    Amount, ChangeKey, Changes, Checkpoint, CheckpointHead, REQUESTS_IN_PAGE, Storage,
    StorageError, first_within, removal_end,
};
use temporal_entity_core::time::Stamp;
use worker::SqlStorage as Sql;
use worker::js_sys::Reflect;
use worker::wasm_bindgen::JsValue;

use self::columns::{
    Row, blob, bytes_of, checkpoint, columns, count, digits, exact, integer, joined, size, stamp,
    text, unreadable,
};
use self::tables::{
    ENTITY_TABLES, FIRST_LAYOUT, LAYOUT, PAGED_THROUGH, PERSON_TABLE, REQUEST_TABLE, SILENT_TABLE,
};
use super::js::sentence;

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
    /// The layout of the tables, 0 if there are none; `None` before anybody looked.
    layout: Rc<Cell<Option<i64>>>,
    rows: Rc<Cell<Rows>>,
}

impl SqlStorage {
    /// The tables of the object that `sql` belongs to. Nothing is read yet.
    pub fn new(sql: Sql, tables: Tables) -> SqlStorage {
        SqlStorage { sql, tables, layout: Rc::default(), rows: Rc::default() }
    }

    /// What was read and written so far, rolled-back writes included.
    pub fn rows(&self) -> Rows {
        self.rows.get()
    }

    /// Looks again whether the tables are there: the transaction that made them may have been rolled back.
    pub fn forget(&self) {
        self.layout.set(None);
    }

    /// The rows of a query; none if the object has no tables yet.
    pub(super) fn select(
        &self,
        query: &str,
        values: Vec<JsValue>,
    ) -> Result<Vec<Row>, StorageError> {
        if self.layout()? > 0 { self.run(query, values) } else { Ok(Vec::new()) }
    }

    /// Runs a statement that writes, and makes the tables before the first one.
    pub(super) fn write(&self, statement: &str, values: Vec<JsValue>) -> Result<(), StorageError> {
        let layout = self.layout()?;
        if layout == 0 {
            let more = (self.tables == Tables::Person).then_some(PERSON_TABLE);
            for table in ENTITY_TABLES.iter().copied().chain(more) {
                self.run(table, vec![])?;
            }
            let layout = vec![JsValue::from(LAYOUT as f64)];
            self.run("INSERT INTO layout VALUES (?)", layout)?;
        } else if layout < LAYOUT {
            self.run(REQUEST_TABLE, vec![])?;
            self.run("UPDATE layout SET version = ?", vec![JsValue::from(LAYOUT as f64)])?;
        }
        self.layout.set(Some(LAYOUT));
        self.run(statement, values).map(drop)
    }

    /// Whether a table is there that is made only when it is needed.
    pub(super) fn has_table(&self, name: &str) -> Result<bool, StorageError> {
        let query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
        Ok(!self.select(query, vec![name.into()])?.is_empty())
    }

    fn layout(&self) -> Result<i64, StorageError> {
        if let Some(layout) = self.layout.get() {
            return Ok(layout);
        }
        let query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'layout'";
        let is_created = !self.run(query, vec![])?.is_empty();
        let layout = if is_created { self.stored_layout()? } else { 0 };
        self.layout.set(Some(layout));
        Ok(layout)
    }

    fn stored_layout(&self) -> Result<i64, StorageError> {
        let found = self.run("SELECT version FROM layout", vec![])?;
        let version = found.into_iter().next().map(columns).transpose()?;
        match version.map(|[version]| integer(version)).transpose()? {
            Some(layout @ FIRST_LAYOUT..=LAYOUT) => Ok(layout),
            found => Err(StorageError::Failed(format!(
                "the tables have layout {}, and this release knows {FIRST_LAYOUT} to {LAYOUT}",
                found.map_or("none".into(), |version| version.to_string())
            ))),
        }
    }

    /// The rows of a query for pages of requests, which objects of the first layout have none of.
    fn select_pages(&self, query: &str, values: Vec<JsValue>) -> Result<Vec<Row>, StorageError> {
        if self.layout()? < LAYOUT { Ok(Vec::new()) } else { self.run(query, values) }
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
            let (version, sender) = (exact(key.version), digits(key.sender));
            let request = JsValue::from(key.request as f64);
            self.write(
                "INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?, ?)",
                vec![version, count(part), sender, request, blob(bytes)],
            )?;
        }
        Ok(())
    }

    fn keys_after(&self, version: Stamp, most: usize) -> Result<Vec<ChangeKey>, StorageError> {
        let query = "SELECT CAST(version AS TEXT), CAST(sender AS TEXT), request FROM change
            WHERE version > ? AND part = 0 ORDER BY version DESC LIMIT ?";
        let key = |row| {
            let [version, sender, request] = columns(row)?;
            let sender = text(sender)?.parse().map_err(|_| unreadable("a hash"))?;
            let request = integer(request)?.try_into().map_err(|_| unreadable("a number"))?;
            Ok(ChangeKey { version: stamp(version)?, sender, request })
        };
        self.select(query, vec![exact(version), count(most)])?.into_iter().map(key).collect()
    }

    fn paged_through(&self) -> Result<Option<Stamp>, StorageError> {
        let query = "SELECT CAST(latest AS TEXT) FROM request WHERE sender = ?";
        let through = self.select_pages(query, vec![PAGED_THROUGH.into()])?.pop();
        through.map(|row| columns(row).and_then(|[latest]| stamp(latest))).transpose()
    }

    fn write_paged_through(&mut self, version: Stamp) -> Result<(), StorageError> {
        self.write(
            "INSERT OR REPLACE INTO request VALUES (?, 0, ?, x'')",
            vec![PAGED_THROUGH.into(), exact(version)],
        )
    }

    fn request_pages(
        &self,
        sender: u64,
        page: u64,
        most: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, StorageError> {
        let query = "SELECT page, bytes FROM request WHERE sender = ? AND page >= ?
            ORDER BY page LIMIT ?";
        let page_of = |row| {
            let [page, bytes] = columns(row)?;
            let page = integer(page)?.try_into().map_err(|_| unreadable("a number"))?;
            Ok((page, bytes_of(bytes)?))
        };
        let rows = self.select_pages(query, vec![digits(sender), digits(page), count(most)])?;
        rows.into_iter().map(page_of).collect()
    }

    fn write_request_page(
        &mut self,
        (sender, page): (u64, u64),
        latest: Stamp,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        self.write(
            "INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?)",
            vec![digits(sender), digits(page), exact(latest), blob(bytes)],
        )
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
        // Each page goes with the change that was added to it last, so that no more are looked at than changes go.
        let pages = format!(
            "DELETE FROM request WHERE latest < ?1 AND (sender, page) IN (
                SELECT sender, request / {REQUESTS_IN_PAGE} FROM change
                WHERE version < ?1 AND part = 0)"
        );
        self.write(&pages, vec![exact(end)])?;
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
