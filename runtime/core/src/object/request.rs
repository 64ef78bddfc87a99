//! One request to an entity: from the first check to the reply.

use ciborium::Value;

use crate::codec::decode_own_value;
use crate::entity::Entity;
use crate::message::{Content, Envelope, Meta, Method, Reason, Reply, Request, Sender, Token};
use crate::object::checkpoint::Distance;
use crate::object::log::LoggedChange;
use crate::object::plan::Checked;
use crate::object::quota::{disk_full, refuse_creation};
use crate::object::{
    Contents, EntityMachine, Limits, Present, callbacks, read_checked, unreadable,
};
use crate::patch::empty;
use crate::schema::encode_typed;
use crate::schema::{fingerprint, outdated};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

impl<T: Entity> EntityMachine<T> {
    /// Answers one request with the bytes of its reply. Everything that it writes goes through `storage`.
    ///
    /// # Errors
    /// If the storage fails: the host rolls back, drops this machine and loads it again.
    pub fn respond(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        envelope: Envelope,
    ) -> Result<Vec<u8>, StorageError> {
        let Envelope { sender, request } = envelope;
        let id = Some(request.id);
        let reply = self.answer(storage, now, &sender, request)?;
        Reply { id, ..reply }.into_bytes().map_err(unreadable)
    }

    /// As [`EntityMachine::respond`], with the reply as it is before it has a wire form.
    ///
    /// # Errors
    /// As [`EntityMachine::respond`].
    pub fn request(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        envelope: Envelope,
    ) -> Result<Reply, StorageError> {
        let Envelope { sender, request } = envelope;
        let id = Some(request.id);
        let reply = self.answer(storage, now, &sender, request)?;
        Ok(Reply { id, ..reply.with_tree().map_err(unreadable)? })
    }

    pub(super) fn answer(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        sender: &Sender,
        request: Request,
    ) -> Result<Reply, StorageError> {
        if let Some(theirs) = request.schema {
            let ours = *self.schema.get_or_insert_with(fingerprint::<T>);
            if theirs != ours {
                return Ok(outdated::<T>(ours));
            }
        }
        if let Contents::Foreign(name) = &self.contents {
            let message = format!("this object holds a {name}, not a {}", T::ENTITY);
            return Ok(Reply::refusal(409, Reason::Type, message));
        }
        if let Contents::Unreadable(why) = &self.contents
            && request.method != Method::Unsubscribe
        {
            return Ok(Reply::refusal(500, Reason::Unreadable, why.as_str()));
        }
        if let Contents::Present(present) = &mut self.contents
            && request.method.writes()
            && let Some(reply) = present.repeated(storage, now, sender, &request)?
        {
            return Ok(reply);
        }
        match request.method {
            Method::Post => self.post(storage, now, sender, request),
            Method::Get if request.past.as_of != Token::Missing => {
                self.with_past(storage, |present, storage| present.read_as_of(storage, &request))
            }
            Method::Get => self.read(storage, &request),
            Method::History => self.with_past(storage, |present, storage| {
                present.read_history(storage, &request.past)
            }),
            Method::Changes => self.with_past(storage, |present, storage| {
                present.read_changes(storage, &request.past)
            }),
            Method::Subscribe => self.subscribe(storage, sender, &request),
            Method::Unsubscribe => {
                self.remove_subscriber(storage, &sender.person)?;
                Ok(Reply::ok(200))
            }
            Method::Line => {
                let message = "a Person gives the tickets of direct lines, not the entity";
                Ok(Reply::refusal(405, Reason::Method, message))
            }
            Method::Compact => match &mut self.contents {
                Contents::Present(present) => {
                    present.compact(storage, &self.limits, now, request.past.before)
                }
                _ => Ok(absent()),
            },
            Method::PatchDiff | Method::Delete | Method::PatchUndelete | Method::Restore => {
                self.write(storage, now, sender, request)
            }
        }
    }

    // Code of its own, as that of the other writes: an isolate that starts to read compiles no more than it runs.
    #[inline(never)]
    fn post(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        sender: &Sender,
        request: Request,
    ) -> Result<Reply, StorageError> {
        if let Contents::Present(present) = &self.contents {
            let (reason, message) = if present.meta.deleted {
                (Reason::Deleted, "the entity is deleted: undelete it to use it again")
            } else {
                (Reason::Exists, "the entity exists: change it with a patch")
            };
            return Ok(Reply::refusal(409, reason, message).with_meta(&present.meta));
        }
        if let Some(refusal) = refuse_creation::<T>(storage, &self.limits)? {
            return Ok(refusal);
        }
        let content = request.content();
        let Some(value) = request.value else {
            return Ok(Reply::refusal(400, Reason::Malformed, "`post` needs a `value`"));
        };
        let value = match self.first_value(value) {
            Ok(value) => value,
            Err(refusal) => return Ok(*refusal),
        };
        let bytes = encode_typed(&value, 0).map_err(unreadable)?;
        if bytes.len() > self.limits.value_bytes {
            return Ok(too_large(bytes.len(), &self.limits));
        }
        let modified = Stamp::next(None, now);
        let meta = Meta {
            valid_from: modified,
            modified,
            person: sender.person.clone(),
            impersonator: sender.impersonator.clone(),
            schema_version: T::CONFIG.version,
            ..Meta::default()
        };
        let mut present = Present::new(value, meta);
        present.write_checkpoint(storage, &self.limits, &bytes)?;
        let change = LoggedChange {
            since: None,
            meta: present.meta.clone(),
            snapshot: present.snapshot,
            browser: sender.browser.clone(),
            request: request.id,
            content,
            diff: empty(),
            undo: empty(),
        };
        present.store(storage, &self.limits, change)?;
        // The checkpoint holds it already.
        present.checkpoint.since = Distance::default();
        let reply = Reply::ok(201).with_meta(&present.meta);
        self.contents = Contents::Present(Box::new(present));
        Ok(Reply { encoded: unlike(content, bytes)?, ..reply })
    }

    /// The value of a new entity, as its normalisers leave it.
    fn first_value(&self, value: Value) -> Checked<T> {
        let mut value: T = read_checked(value)
            .map_err(|error| Box::new(Reply::refusal(400, Reason::Shape, error.to_string())))?;
        callbacks::normalize(&mut value, None)?;
        callbacks::validate(&value, None)?;
        Ok(value)
    }

    /// Reads the past of what exists, deleted or not.
    fn with_past<S: Storage>(
        &mut self,
        storage: &S,
        read: impl FnOnce(&mut Present<T>, &S) -> Result<Reply, StorageError>,
    ) -> Result<Reply, StorageError> {
        match &mut self.contents {
            Contents::Present(present) => read(present, storage),
            _ => Ok(absent()),
        }
    }

    /// `get`, and the reading half of `subscribe`.
    fn read(&mut self, storage: &impl Storage, request: &Request) -> Result<Reply, StorageError> {
        let present = match self.existing() {
            Ok(present) => present,
            Err(refusal) => return Ok(*refusal),
        };
        let held = match request.if_modified_since {
            Token::Malformed => return Ok(malformed_token("ifModifiedSince")),
            Token::Missing => None,
            Token::At(version) => Some(version),
        };
        if held == Some(present.meta.modified) {
            return Ok(Reply::ok(304));
        }
        let known = held.map(|version| present.changes_since(storage, version)).transpose()?;
        match known.flatten() {
            Some(diff) => {
                let reply = Reply::ok(200).with_meta(&present.meta);
                Ok(Reply { since: held, diff: Some(diff), ..reply })
            }
            None => present.whole(storage, Reply::ok(200)),
        }
    }

    fn subscribe(
        &mut self,
        storage: &mut impl Storage,
        sender: &Sender,
        request: &Request,
    ) -> Result<Reply, StorageError> {
        let mut reply = self.read(storage, request)?;
        if let Contents::Present(present) = &self.contents {
            // Also to a deleted entity: it may come back.
            let accepted = reply.is_success() || reply.reason == Some(Reason::Deleted);
            if accepted && self.subscribers.add(&sender.person, present.meta.modified) {
                storage.add_subscriber(&sender.person)?;
                if self.subscribers.len() == 1 {
                    self.pings.begin();
                }
            } else if accepted {
                self.end_silence(storage, &sender.person)?;
            }
            reply.line = accepted && self.is_crowded();
        }
        Ok(reply)
    }

    /// The writes to an entity that exists.
    #[inline(never)]
    fn write(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        sender: &Sender,
        request: Request,
    ) -> Result<Reply, StorageError> {
        let limits = self.limits;
        let Contents::Present(present) = &mut self.contents else {
            return Ok(absent());
        };
        if !request.method.withdraws()
            && let Some(refusal) =
                present.refuse_beyond_quota(storage, &limits, now, &sender.person)?
        {
            return Ok(refusal);
        }
        let (token, content) = (request.if_unmodified_since, request.content());
        let planned = match request.method {
            Method::PatchDiff => present.plan_patch(storage, token, request.diff, &limits)?,
            Method::Restore => present.plan_restoration(storage, &request, &limits)?,
            Method::Delete => present.plan_deletion(storage, token, true)?,
            _ => present.plan_deletion(storage, token, false)?,
        };
        let planned = match planned {
            Ok(planned) => planned,
            Err(refusal) => return Ok(*refusal),
        };
        let held = match token {
            Token::At(version) => version,
            Token::Missing | Token::Malformed => present.meta.modified,
        };
        let writes = planned.is_some();
        if let Some(planned) = planned {
            let modified = Stamp::next(Some(present.meta.modified), now);
            let meta = present.next_meta(sender, modified, &planned);
            let begins = u64::from(meta.valid_from != present.meta.valid_from);
            let change = LoggedChange {
                since: Some(present.meta.modified),
                meta,
                snapshot: present.snapshot.saturating_add(begins),
                browser: sender.browser.clone(),
                request: request.id,
                content,
                diff: planned.diff,
                undo: planned.undo,
            };
            present.store(storage, &limits, change)?;
            self.subscribers.changed();
            self.lines.changed();
        }
        let diff = match present.changes_since(storage, held)? {
            // It was known before this change took its place among the recent ones.
            None if writes => present.changes_from_value(storage, held)?,
            diff => diff,
        };
        if writes {
            // After the diff, whose version may be among what goes.
            let is_missing = present.retain(storage, &limits, now)?;
            if is_missing && self.subscribers.len() == 0 {
                // Nobody is to be told, so that no alarm for it can be set. With others that one comes, and sets this one.
                present.retention.begin();
            }
        }
        let since = diff.as_ref().map(|_| held);
        Ok(Reply { since, diff, ..Reply::ok(200).with_meta(&present.meta) })
    }

    /// The entity, if it exists and is not deleted.
    fn existing(&mut self) -> Checked<&mut Present<T>> {
        match &mut self.contents {
            Contents::Present(present) if present.meta.deleted => {
                Err(Box::new(deleted(&present.meta)))
            }
            Contents::Present(present) => Ok(present),
            _ => Err(Box::new(absent())),
        }
    }
}

/// The reply to a request whose step failed and was rolled back.
pub fn failed(request: u64, method: Method, error: &StorageError) -> Reply {
    let refusal = match error {
        StorageError::Full if method.writes() => disk_full(),
        StorageError::Full => {
            let sentence = "the disk is full, so the subscription cannot be stored: read with `get`, or try again";
            Reply::refusal(503, Reason::Unavailable, sentence)
        }
        StorageError::Unreadable(why) => Reply::refusal(500, Reason::Unreadable, why.as_str()),
        StorageError::Failed(_) | StorageError::RowTooLarge => {
            let sentence = "the server failed and nothing was changed: try again";
            Reply::refusal(500, Reason::Internal, sentence)
        }
    };
    Reply { id: Some(request), ..refusal }
}

impl Reply {
    /// Adds what is known about the current version.
    pub(super) fn with_meta(self, meta: &Meta) -> Reply {
        Reply { meta: Some(meta.clone()), ..self }
    }
}

/// The bytes of the value that a `post` stored, where its sender has to be told of it: where it is not what was sent.
///
/// # Errors
/// If the bytes are no value.
pub(super) fn unlike(sent: Content, stored: Vec<u8>) -> Result<Option<Vec<u8>>, StorageError> {
    let value = decode_own_value(&stored).map_err(unreadable)?;
    Ok((!sent.is_of(Method::Post, Some(&value))).then_some(stored))
}

fn absent() -> Reply {
    Reply::refusal(404, Reason::Absent, "there is no such entity: create it with post")
}

pub(super) fn deleted(meta: &Meta) -> Reply {
    Reply::refusal(404, Reason::Deleted, "the entity is deleted").with_meta(meta)
}

/// What was stored by this object itself does not fit together.
pub(super) fn internal() -> Reply {
    Reply::refusal(500, Reason::Internal, "what is remembered of this entity does not fit")
}

pub(super) fn malformed_token(field: &str) -> Reply {
    let message = format!("`{field}` must be an instant: microseconds since 1970 as an integer");
    Reply::refusal(400, Reason::Malformed, message)
}

pub(super) fn too_large(bytes: usize, limits: &Limits) -> Reply {
    let message = format!("the value has {bytes} bytes, at most {} are stored", limits.value_bytes);
    Reply::refusal(413, Reason::TooLarge, message)
}
