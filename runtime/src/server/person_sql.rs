//! What a Person's object keeps beside its entity: the interests of its browsers, and their direct lines.

use temporal_entity_core::message::EntityRef;
use temporal_entity_core::person::Kept;
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
        self.write(LINE_TABLE, vec![])?;
        self.write("DELETE FROM line WHERE until <= ?", vec![(now as f64).into()])?;
        let count = self.select("SELECT count(*) FROM line", vec![])?.pop();
        let count = count.map(|row| columns(row).and_then(|[count]| integer(count))).transpose()?;
        if count.and_then(|count| usize::try_from(count).ok()).is_some_and(|count| count >= most) {
            return Ok(false);
        }
        let (name, id) = (entity.name.as_str().into(), entity.id.as_str().into());
        let values = vec![session.into(), name, id, (until as f64).into()];
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
