//! What a Person's object keeps beside its entity: the interests of its browsers, and their direct lines.

use temporal_entity_core::message::EntityRef;
use temporal_entity_core::person::{CreatedInHour, Kept};
use temporal_entity_core::storage::StorageError;
use worker::SqlStorageValue as Column;
use worker::wasm_bindgen::JsValue;

use super::sql::SqlStorage;
use super::sql::columns::{Row, columns, integer, text};

/// The direct lines for which a Person gave tickets, so that they end with the session. Made when the first is given: the
/// layout that was released has none.
const LINE_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS line (session TEXT, type TEXT, entity TEXT, until INTEGER,
    PRIMARY KEY (session, type, entity)) WITHOUT ROWID";

/// On which day each browser that has interests was connected last. Made when the first is written: a layout that was
/// released has none.
const BROWSER_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS browser (browser TEXT PRIMARY KEY, day INTEGER) WITHOUT ROWID";

/// How many entities the person has created within an hour: one row.
const CREATED_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS created (one INTEGER PRIMARY KEY, hour INTEGER, count INTEGER)";

/// What a row of a line is kept for beyond the time that its line can be open, in seconds: so long no other ticket to the
/// same entity writes it again.
const LINE_SLACK: u64 = 3_600;

impl SqlStorage {
    /// The interests that were remembered.
    pub fn interests(&self) -> Result<Vec<Kept>, StorageError> {
        let query = "SELECT browser, type, entity, handle FROM interest";
        let interest = |row: Row| {
            let [browser, name, id, handle] = columns(row)?;
            let entity = EntityRef { name: text(name)?, id: text(id)? };
            let handle = match handle {
                Column::Null => None,
                number => u32::try_from(integer(number)?).ok(),
            };
            Ok((text(browser)?, entity, handle))
        };
        self.select(query, vec![])?.into_iter().map(interest).collect()
    }

    /// Remembers that a browser wants an entity, and its handle.
    pub fn remember(
        &self,
        browser: &str,
        entity: &EntityRef,
        handle: Option<u32>,
    ) -> Result<(), StorageError> {
        let handle = handle.map_or(JsValue::NULL, JsValue::from);
        let (name, id) = (entity.name.as_str().into(), entity.id.as_str().into());
        let values = vec![browser.into(), name, id, handle];
        self.write("INSERT OR REPLACE INTO interest VALUES (?, ?, ?, ?)", values)
    }

    /// Forgets one interest.
    pub fn drop_interest(&self, browser: &str, entity: &EntityRef) -> Result<(), StorageError> {
        let query = "DELETE FROM interest WHERE browser = ? AND type = ? AND entity = ?";
        let values = vec![browser.into(), entity.name.as_str().into(), entity.id.as_str().into()];
        self.write(query, values)
    }

    /// Forgets all interests of a browser, and when it was connected.
    pub fn drop_browser(&self, browser: &str) -> Result<(), StorageError> {
        self.write("DELETE FROM interest WHERE browser = ?", vec![browser.into()])?;
        self.write(BROWSER_TABLE, vec![])?;
        self.write("DELETE FROM browser WHERE browser = ?", vec![browser.into()])
    }

    /// On which day each browser that has interests was connected last.
    pub fn browsers(&self) -> Result<Vec<(String, u32)>, StorageError> {
        if !self.has_table("browser")? {
            return Ok(Vec::new());
        }
        let browser = |row: Row| {
            let [browser, day] = columns(row)?;
            Ok((text(browser)?, u32::try_from(integer(day)?).unwrap_or_default()))
        };
        self.select("SELECT browser, day FROM browser", vec![])?.into_iter().map(browser).collect()
    }

    /// Remembers on which day a browser was connected last.
    pub fn remember_browser(&self, browser: &str, day: u32) -> Result<(), StorageError> {
        self.write(BROWSER_TABLE, vec![])?;
        self.write("INSERT OR REPLACE INTO browser VALUES (?, ?)", vec![browser.into(), day.into()])
    }

    /// How many entities the person had created within an hour.
    pub fn created(&self) -> Result<CreatedInHour, StorageError> {
        if !self.has_table("created")? {
            return Ok(CreatedInHour::default());
        }
        let created = |row: Row| {
            let [hour, count] = columns(row)?;
            let (hour, count) = (integer(hour)?, integer(count)?);
            Ok(CreatedInHour {
                hour: u64::try_from(hour).unwrap_or_default(),
                count: u32::try_from(count).unwrap_or_default(),
            })
        };
        let row = self.select("SELECT hour, count FROM created", vec![])?.pop();
        Ok(row.map(created).transpose()?.unwrap_or_default())
    }

    /// Remembers it.
    pub fn remember_created(&self, created: CreatedInHour) -> Result<(), StorageError> {
        self.write(CREATED_TABLE, vec![])?;
        let values = vec![(created.hour as f64).into(), created.count.into()];
        self.write("INSERT OR REPLACE INTO created VALUES (1, ?, ?)", values)
    }

    /// Remembers that a session may have a direct line to an entity until then, in seconds; those of before `now` are
    /// forgotten. False if `most` sessions and entities are remembered already.
    pub fn remember_line(
        &self,
        session: &str,
        entity: &EntityRef,
        now: u64,
        until: u64,
        most: usize,
    ) -> Result<bool, StorageError> {
        let (name, id) = (entity.name.as_str(), entity.id.as_str());
        if self.has_table("line")? {
            let query = "SELECT until FROM line WHERE session = ? AND type = ? AND entity = ?";
            let row = self.select(query, vec![session.into(), name.into(), id.into()])?.pop();
            let kept =
                row.map(|row| columns(row).and_then(|[until]| integer(until))).transpose()?;
            if kept.and_then(|kept| u64::try_from(kept).ok()).is_some_and(|kept| kept >= until) {
                return Ok(true);
            }
        }
        self.write(LINE_TABLE, vec![])?;
        self.write("DELETE FROM line WHERE until <= ?", vec![(now as f64).into()])?;
        let count = self.select("SELECT count(*) FROM line", vec![])?.pop();
        let count = count.map(|row| columns(row).and_then(|[count]| integer(count))).transpose()?;
        if count.and_then(|count| usize::try_from(count).ok()).is_some_and(|count| count >= most) {
            return Ok(false);
        }
        let until = until.saturating_add(LINE_SLACK) as f64;
        let values = vec![session.into(), name.into(), id.into(), until.into()];
        self.write("INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?)", values)?;
        Ok(true)
    }

    /// The entities to which a session may have direct lines.
    pub fn lines_of(&self, session: &str) -> Result<Vec<EntityRef>, StorageError> {
        if !self.has_table("line")? {
            return Ok(Vec::new());
        }
        let query = "SELECT type, entity FROM line WHERE session = ?";
        let entity = |row: Row| {
            let [name, id] = columns(row)?;
            Ok(EntityRef { name: text(name)?, id: text(id)? })
        };
        self.select(query, vec![session.into()])?.into_iter().map(entity).collect()
    }

    /// Forgets the direct line of a session to an entity.
    pub fn forget_line(&self, session: &str, entity: &EntityRef) -> Result<(), StorageError> {
        let query = "DELETE FROM line WHERE session = ? AND type = ? AND entity = ?";
        let values = vec![session.into(), entity.name.as_str().into(), entity.id.as_str().into()];
        self.write(query, values)
    }
}
