//! Which browser wants which entity.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::EntityRef;

/// The interests of a person's browsers.
#[derive(Debug, Default)]
pub struct Interests {
    by_entity: BTreeMap<EntityRef, BTreeSet<String>>,
    counts: BTreeMap<String, usize>,
}

impl Interests {
    /// What was kept.
    pub fn load(kept: Vec<(String, EntityRef)>) -> Interests {
        let mut interests = Interests::default();
        for (browser, entity) in kept {
            interests.add(&browser, &entity);
        }
        interests
    }

    /// How many entities a browser wants.
    pub fn count(&self, browser: &str) -> usize {
        self.counts.get(browser).copied().unwrap_or(0)
    }

    /// Whether a browser wants an entity.
    pub fn wants(&self, browser: &str, entity: &EntityRef) -> bool {
        self.by_entity.get(entity).is_some_and(|browsers| browsers.contains(browser))
    }

    /// Adds an interest; whether it is new.
    pub fn add(&mut self, browser: &str, entity: &EntityRef) -> bool {
        let new = self.by_entity.entry(entity.clone()).or_default().insert(browser.to_owned());
        if new {
            let count = self.counts.entry(browser.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        new
    }

    /// Removes an interest; whether it was there.
    pub fn remove(&mut self, browser: &str, entity: &EntityRef) -> bool {
        let Some(browsers) = self.by_entity.get_mut(entity) else { return false };
        let removed = browsers.remove(browser);
        if browsers.is_empty() {
            self.by_entity.remove(entity);
        }
        if removed {
            self.uncount(browser);
        }
        removed
    }

    /// Removes an entity; the browsers that wanted it.
    pub fn remove_all(&mut self, entity: &EntityRef) -> BTreeSet<String> {
        let browsers = self.by_entity.remove(entity).unwrap_or_default();
        for browser in &browsers {
            self.uncount(browser);
        }
        browsers
    }

    fn uncount(&mut self, browser: &str) {
        if let Some(count) = self.counts.get_mut(browser) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.counts.remove(browser);
            }
        }
    }
}
