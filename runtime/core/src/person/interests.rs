//! Which browser wants which entity, and under which handle.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::EntityRef;
use crate::person::SocketId;
use crate::time::Stamp;

/// An interest as it is kept: the browser, the entity, and the handle that the browser has given it.
pub type Kept = (String, EntityRef, Option<u32>);

/// The interests of a person's browsers.
#[derive(Debug, Default)]
pub struct Interests {
    /// The browsers that want an entity.
    by_entity: BTreeMap<EntityRef, BTreeMap<String, Interest>>,
    browsers: BTreeMap<String, Browser>,
    /// How many interests there are.
    total: usize,
}

#[derive(Debug, Default)]
struct Interest {
    /// The handle that the browser has given the entity.
    handle: Option<u32>,
    /// The latest version that was told, and the socket that it went down.
    told: Option<(SocketId, Stamp)>,
}

#[derive(Debug, Default)]
struct Browser {
    /// The entities that it wants.
    entities: BTreeSet<EntityRef>,
    /// What it has given handles. A handle means one entity.
    handles: BTreeMap<u32, EntityRef>,
}

/// What became of an interest that was added.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// It was not there.
    pub new: bool,
    /// It was there with another handle, or without one.
    pub renamed: bool,
    /// The entity that had the handle until now, and has none any more.
    pub displaced: Option<EntityRef>,
}

impl Interests {
    /// What was kept.
    pub fn load(kept: Vec<Kept>) -> Interests {
        let mut interests = Interests::default();
        for (browser, entity, handle) in kept {
            interests.add(&browser, &entity, handle);
        }
        interests
    }

    /// How many entities a browser wants.
    pub fn count(&self, browser: &str) -> usize {
        self.browsers.get(browser).map_or(0, |browser| browser.entities.len())
    }

    /// How many interests all browsers have.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The browsers that want something.
    pub fn all_browsers(&self) -> impl Iterator<Item = &String> {
        self.browsers.keys()
    }

    /// Whether a browser wants an entity; if it does, with which handle.
    pub fn wants(&self, browser: &str, entity: &EntityRef) -> Option<Option<u32>> {
        self.by_entity.get(entity)?.get(browser).map(|interest| interest.handle)
    }

    /// Notes that a browser is told of a version of an entity that it wants; with which handle, if that is news there.
    pub fn tell(
        &mut self,
        browser: &str,
        socket: SocketId,
        entity: &EntityRef,
        version: Stamp,
    ) -> Option<Option<u32>> {
        let interest = self.by_entity.get_mut(entity)?.get_mut(browser)?;
        let told = interest.told.filter(|(to, _)| *to == socket).map(|(_, version)| version);
        if told >= Some(version) {
            return None;
        }
        interest.told = Some((socket, version));
        Some(interest.handle)
    }

    /// The entity to which a browser has given a handle.
    pub fn named(&self, browser: &str, handle: u32) -> Option<&EntityRef> {
        self.browsers.get(browser)?.handles.get(&handle)
    }

    /// Adds an interest, with the handle that it has from now on.
    pub fn add(&mut self, browser: &str, entity: &EntityRef, handle: Option<u32>) -> Added {
        let wanting = self.by_entity.entry(entity.clone()).or_default();
        let before = wanting.get(browser).map(|interest| interest.handle);
        wanting.entry(browser.to_owned()).or_default().handle = handle;
        let known = self.browsers.entry(browser.to_owned()).or_default();
        if before.is_none() {
            known.entities.insert(entity.clone());
            self.total = self.total.saturating_add(1);
        }
        if before == Some(handle) {
            return Added::default();
        }
        if let Some(handle) = before.flatten() {
            known.handles.remove(&handle);
        }
        let displaced = handle.and_then(|handle| known.handles.insert(handle, entity.clone()));
        if let Some(entity) = &displaced
            && let Some(other) = self.by_entity.get_mut(entity).and_then(|by| by.get_mut(browser))
        {
            other.handle = None;
        }
        Added { new: before.is_none(), renamed: before.is_some(), displaced }
    }

    /// Removes an interest; whether it was there.
    pub fn remove(&mut self, browser: &str, entity: &EntityRef) -> bool {
        let Some(browsers) = self.by_entity.get_mut(entity) else { return false };
        let removed = browsers.remove(browser);
        if browsers.is_empty() {
            self.by_entity.remove(entity);
        }
        if let Some(interest) = &removed {
            self.uncount(browser, entity, interest.handle);
        }
        removed.is_some()
    }

    /// Removes all interests of a browser; whether there were any.
    pub fn remove_browser(&mut self, browser: &str) -> bool {
        let Some(known) = self.browsers.remove(browser) else { return false };
        self.total = self.total.saturating_sub(known.entities.len());
        for entity in &known.entities {
            if let Some(browsers) = self.by_entity.get_mut(entity) {
                browsers.remove(browser);
                if browsers.is_empty() {
                    self.by_entity.remove(entity);
                }
            }
        }
        true
    }

    /// The browsers that want an entity.
    pub fn browsers(&self, entity: &EntityRef) -> Vec<String> {
        self.by_entity.get(entity).into_iter().flat_map(BTreeMap::keys).cloned().collect()
    }

    /// How many they are.
    pub fn browsers_len(&self, entity: &EntityRef) -> usize {
        self.by_entity.get(entity).map_or(0, BTreeMap::len)
    }

    fn uncount(&mut self, browser: &str, entity: &EntityRef, handle: Option<u32>) {
        let Some(known) = self.browsers.get_mut(browser) else { return };
        known.entities.remove(entity);
        self.total = self.total.saturating_sub(1);
        if let Some(handle) = handle {
            known.handles.remove(&handle);
        }
        if known.entities.is_empty() {
            self.browsers.remove(browser);
        }
    }
}
