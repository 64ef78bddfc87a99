//! Requests that come again because their reply was lost: they are answered as the first time, and change nothing.
//!
//! Who asks is told from others by a hash of person and browser, and a request by its number. The latest requests are in
//! memory (`pending`), those before in *pages* on the disk: a page has the requests of one sender whose numbers share all
//! but their last ten bits, with the versions that they made. So a request is found in two rows at most, whatever numbers
//! its sender has chosen, and a sender who counts up adds a row in hundreds of writes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::digest::digest;
use crate::entity::Entity;
use crate::fnv::fnv1a_53;
use crate::message::{Content, MAX_EDITS, Reason, Reply, Request, Sender, Token};
use crate::object::log::{LoggedChange, numbers};
use crate::object::request::unlike;
use crate::object::{Present, unreadable};
use crate::schema::encode_typed;
use crate::steps;
use crate::storage::{ChangeKey, REQUESTS_IN_PAGE, Storage, StorageError};
use crate::time::Stamp;

/// How long a request is remembered at the least, in microseconds: a day.
const REMEMBERED: u64 = 86_400_000_000;

/// How many of the latest changes are remembered, however old they are.
const REMEMBERED_CHANGES: usize = 10_000;

/// How many requests are pending before they are added to their pages.
const MAX_PENDING: usize = 512;

/// How many of the changes are added to pages of an entity that a release without pages wrote.
const MAX_ADDED: usize = 65_536;

/// The most gaps that are kept.
const MAX_GAPS: usize = 256;

/// Numbers that lie in one gap at the most, as a power of two: the numbers of a store's edits lie in few of these.
const GAP_BITS: u32 = 16;

/// What a number in a page takes: its last bits, and the version.
const ENTRY_BYTES: usize = 10;

/// What an entry of one of the maps takes in memory.
const ENTRY_MEMORY: usize = 64;

/// The hash by which a disk finds the requests of a sender: 63 bits, because SQLite's integers have a sign. Nobody finds
/// a browser id with which a person shares the hash of somebody else.
pub fn sender_key(person: &str, browser: &str) -> u64 {
    // No id holds a line break.
    let [first, _] = digest(&[person.as_bytes(), b"\n", browser.as_bytes()]);
    first >> 1
}

/// As [`sender_key`], as releases before this one hashed.
pub fn former_sender_key(person: &str, browser: &str) -> u64 {
    fnv1a_53(person.bytes().chain([b'\n']).chain(browser.bytes()))
}

/// Which requests were carried out, as far as it is in memory.
#[derive(Debug, Default)]
pub struct Replay {
    /// Those that are in no page yet, by sender and number, with the version that each made.
    pending: BTreeMap<(u64, u64), Stamp>,
    /// Numbers that a sender has used for nothing, from the first to before the second; by the sender and the high bits of
    /// the first. So a sender who counts up is not looked for on the disk.
    gaps: BTreeMap<(u64, u64), (u64, u64)>,
}

impl Replay {
    /// Reads what is in no page.
    fn load(storage: &impl Storage, now: Stamp) -> Result<Replay, StorageError> {
        let through = storage.paged_through()?;
        let keys = storage.keys_after(through.unwrap_or_default(), MAX_ADDED)?;
        steps::count(keys.len());
        let mut replay = Replay::default();
        for (count, key) in keys.into_iter().enumerate() {
            // What a release before wrote is remembered as it was then.
            let is_old = key.version < now.minus(REMEMBERED) && count >= REMEMBERED_CHANGES;
            if through.is_none() && is_old {
                break;
            }
            replay.pending.insert((key.sender, key.request), key.version);
        }
        Ok(replay)
    }

    /// About what it takes in memory.
    pub fn memory_bytes(&self) -> usize {
        self.pending.len().saturating_add(self.gaps.len()).saturating_mul(ENTRY_MEMORY)
    }

    /// Whether it is known that a sender used no number from `first` to before `end`.
    fn is_gap(&self, sender: u64, first: u64, end: u64) -> bool {
        let gap = self.gaps.get(&(sender, first >> GAP_BITS));
        gap.is_some_and(|(from, to)| *from <= first && end <= *to)
    }

    fn note_gap(&mut self, sender: u64, first: u64, end: u64) {
        if self.gaps.len() >= MAX_GAPS {
            self.gaps.clear();
        }
        self.gaps.insert((sender, first >> GAP_BITS), (first, end));
    }

    /// The lowest number of a sender's from `first` on that a request used, with the version that it made.
    fn next(
        &self,
        storage: &impl Storage,
        sender: u64,
        first: u64,
    ) -> Result<Option<(u64, Stamp)>, StorageError> {
        let pending = self.pending.range((sender, first)..=(sender, u64::MAX)).next();
        let pending = pending.map(|((_, number), version)| (*number, *version));
        // The page in which the number would be may have lower ones alone.
        let pages = storage.request_pages(sender, first / REQUESTS_IN_PAGE, 2)?;
        let stored = pages.iter().flat_map(|(page, bytes)| entries(*page, bytes));
        let stored = stored.inspect(|_| steps::count(1)).filter(|(number, _)| *number >= first);
        Ok(pending.into_iter().chain(stored).min_by_key(|(number, _)| *number))
    }

    fn add(&mut self, key: ChangeKey) {
        let ChangeKey { sender, request, version } = key;
        self.pending.insert((sender, request), version);
        let bits = request >> GAP_BITS;
        if let Some((from, to)) = self.gaps.get_mut(&(sender, bits))
            && (*from..*to).contains(&request)
        {
            *from = request.saturating_add(1);
        }
        // A gap that begins among lower numbers ends before it. Those that begin further below are not asked for so much.
        if let Some(below) = bits.checked_sub(1)
            && let Some((from, to)) = self.gaps.get_mut(&(sender, below))
            && (*from..*to).contains(&request)
        {
            *to = request;
        }
    }

    /// Adds those that are pending to their pages, if there are many.
    fn store(&mut self, storage: &mut impl Storage, latest: Stamp) -> Result<(), StorageError> {
        if self.pending.len() < MAX_PENDING {
            return Ok(());
        }
        let mut pending = std::mem::take(&mut self.pending).into_iter().peekable();
        while let Some(((sender, first), version)) = pending.next() {
            let page = first / REQUESTS_IN_PAGE;
            let stored = storage.request_pages(sender, page, 1)?.pop();
            let stored = stored.filter(|(number, _)| *number == page);
            let bytes = stored.map(|(_, bytes)| bytes).unwrap_or_default();
            let mut all: BTreeMap<u64, Stamp> = entries(page, &bytes).collect();
            all.insert(first, version);
            let is_here = |((of, number), _): &((u64, u64), Stamp)| {
                (*of, *number / REQUESTS_IN_PAGE) == (sender, page)
            };
            while let Some(((_, number), version)) = pending.next_if(is_here) {
                all.insert(number, version);
            }
            steps::count(all.len());
            let newest = all.values().max().copied().unwrap_or(latest);
            storage.write_request_page((sender, page), newest, &encode(&all))?;
        }
        storage.write_paged_through(latest)
    }
}

/// The bytes of a page.
fn encode(entries: &BTreeMap<u64, Stamp>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len().saturating_mul(ENTRY_BYTES));
    for (number, version) in entries {
        // A page has less than 2^16 numbers.
        bytes.extend(((number % REQUESTS_IN_PAGE) as u16).to_be_bytes());
        bytes.extend(version.micros().to_be_bytes());
    }
    bytes
}

/// The numbers in a page, with the version that each made.
fn entries(page: u64, bytes: &[u8]) -> impl Iterator<Item = (u64, Stamp)> {
    let first = page.saturating_mul(REQUESTS_IN_PAGE);
    bytes.as_chunks::<ENTRY_BYTES>().0.iter().filter_map(move |entry| {
        let (low, version) = entry.split_first_chunk::<2>()?;
        let version = u64::from_be_bytes(version.try_into().ok()?);
        let number = first.saturating_add(u64::from(u16::from_be_bytes(*low)));
        Some((number, Stamp::from_micros(version)?))
    })
}

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
        let asked = numbers(request.id, if request.is_edits() { request.edits } else { 1 });
        let Some(change) = self.find_request(storage, now, sender, &asked)? else {
            return Ok(None);
        };
        let made = change.numbers();
        if let (Content::Edits(_), true) = (change.content, request.is_edits()) {
            // A hub that is new takes edits together otherwise than the one that was ended: it has to ask for each.
            if asked.start() < made.start() || made.end() < asked.end() {
                let message = "some of these edits were made before: send them one by one";
                return Ok(Some(Reply::refusal(400, Reason::Malformed, message)));
            }
        } else if !request.says(change.content) {
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
        let replay = match &mut self.replay {
            Some(replay) => replay,
            none => none.insert(Replay::load(storage, now)?),
        };
        // A write that has one of these numbers is stored under its last one.
        let (first, end) = (*asked.start(), asked.end().saturating_add(MAX_EDITS));
        if replay.is_gap(key, first, end) {
            return Ok(None);
        }
        if let Some(change) = self.log.find_request(sender, asked) {
            return Ok(Some(change.clone()));
        }
        let mut next_used = u64::MAX;
        for key in [key, former_sender_key(&sender.person, &sender.browser)] {
            let Some((number, version)) = replay.next(storage, key, first)? else { continue };
            next_used = next_used.min(number);
            let change = storage.changes_from(version, 1)?.pop().filter(|(at, _)| *at == version);
            let change = change.map(|(at, bytes)| LoggedChange::decode_head(at, &bytes));
            if let Some(change) = change.transpose()?.filter(|change| change.is_by(sender, asked)) {
                return Ok(Some(change));
            }
        }
        replay.note_gap(key, first, next_used);
        Ok(None)
    }

    /// Remembers that a sender's request was carried out.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn remember(
        &mut self,
        storage: &mut impl Storage,
        change: &LoggedChange,
    ) -> Result<(), StorageError> {
        let replay = self.replay.get_or_insert_default();
        replay.add(change.key());
        replay.store(storage, change.meta.modified)
    }
}
