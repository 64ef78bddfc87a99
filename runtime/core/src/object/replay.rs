//! Requests that come again because their reply was lost: they are answered as the first time, and change nothing.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::entity::Entity;
use crate::message::{Content, MAX_EDITS, Reason, Reply, Request, Sender, Token};
use crate::object::log::{LoggedChange, numbers, sender_key};
use crate::object::request::unlike;
use crate::object::{Present, unreadable};
use crate::schema::encode_typed;
use crate::storage::{SERIES, Storage, StorageError};
use crate::time::Stamp;

/// How long a request is remembered at the least, in microseconds: a day.
const REMEMBERED: u64 = 86_400_000_000;

/// How many of the latest changes are remembered, however old they are.
const REMEMBERED_CHANGES: usize = 10_000;

/// The highest number among the requests of each sender, by the sender's hash, in each [`SERIES`] of numbers. A browser
/// counts its requests up, and so does each of its stores its edits, from somewhere on: so what has a higher number than
/// others of its series is new.
pub type Senders = BTreeMap<(u64, u64), u64>;

impl<T: Entity> Present<T> {
    /// The answer to a write that was carried out before.
    ///
    /// # Errors
    /// If the storage fails.
    #[inline(never)]
    pub fn repeated(
        &mut self,
        storage: &impl Storage,
        now: Stamp,
        sender: &Sender,
        request: &Request,
    ) -> Result<Option<Reply>, StorageError> {
        let asked = numbers(request.id, request.content());
        let Some(change) = self.find_request(storage, now, sender, &asked)? else {
            return Ok(None);
        };
        let made = change.numbers();
        if let (Content::Edits(_), Content::Edits(_)) = (change.content, request.content()) {
            // A hub that is new takes edits together otherwise than the one that was ended: it has to ask for each.
            if asked.start() < made.start() || made.end() < asked.end() {
                let message = "some of these edits were made before: send them one by one";
                return Ok(Some(Reply::refusal(400, Reason::Malformed, message)));
            }
        } else if change.content != request.content() {
            let message = "this `id` was used before, for a request that wrote something else";
            return Ok(Some(Reply::refusal(400, Reason::Malformed, message)));
        }
        let status = if change.since.is_none() { 201 } else { 200 };
        let held = match request.if_unmodified_since {
            Token::At(version) => Some(version),
            Token::Missing | Token::Malformed => change.since,
        };
        let through = change.meta.modified;
        let diff = match held.filter(|version| *version < through) {
            Some(version) => self.changes_between(storage, version, through)?,
            None => None,
        };
        let since = diff.as_ref().and(held);
        let encoded = if status == 201 { self.created(storage, &change)? } else { None };
        Ok(Some(Reply { since, diff, encoded, ..Reply::ok(status).with_meta(&change.meta) }))
    }

    /// The value that a creation stored, where it is not what was sent; `None` as well if that version is not known.
    ///
    /// # Errors
    /// If the storage fails.
    fn created(
        &mut self,
        storage: &impl Storage,
        change: &LoggedChange,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let version = change.meta.modified;
        self.reach(storage, version)?;
        let Some(value) = self.value_of(storage, version)? else { return Ok(None) };
        unlike(change.content, encode_typed(&value, 0).map_err(unreadable)?)
    }

    fn find_request(
        &mut self,
        storage: &impl Storage,
        now: Stamp,
        sender: &Sender,
        asked: &RangeInclusive<u64>,
    ) -> Result<Option<LoggedChange>, StorageError> {
        let key = sender_key(&sender.person, &sender.browser);
        // Looked up when the first write comes: most who wake an entity only read it.
        if self.senders.is_none() {
            let senders = storage.senders(now.minus(REMEMBERED), REMEMBERED_CHANGES)?;
            let series = |(sender, highest)| ((sender, highest / SERIES), highest);
            self.senders = Some(senders.into_iter().map(series).collect());
        }
        // A write that has one of these numbers is stored under its last one, which may be in the next series.
        let (first, end) = (*asked.start(), asked.end().saturating_add(MAX_EDITS));
        let series = (key, first / SERIES)..=(key, end / SERIES);
        let mut highest = self.senders.iter().flat_map(|senders| senders.range(series.clone()));
        if !highest.any(|(_, highest)| first <= *highest) {
            return Ok(None);
        }
        if let Some(change) = self.log.find_request(sender, asked) {
            return Ok(Some(change.clone()));
        }
        let from = now.minus(REMEMBERED);
        for (version, bytes) in storage.changes_by((key, first), from, REMEMBERED_CHANGES)? {
            let change = LoggedChange::decode(version, &bytes)?;
            if change.is_by(sender, asked) {
                return Ok(Some(change));
            }
        }
        Ok(None)
    }

    /// Remembers that a sender's request was carried out.
    pub fn remember(&mut self, change: &LoggedChange) {
        let key = change.key();
        let senders = self.senders.get_or_insert_default();
        let highest = senders.entry((key.sender, key.request / SERIES)).or_default();
        *highest = key.request.max(*highest);
    }
}
