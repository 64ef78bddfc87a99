//! A bound on what the machines of one isolate hold together.
//!
//! A machine is a cache of what its object has stored. The platform lets go of idle objects and tells nobody: what
//! Rust holds for one is freed when the collector of JavaScript comes by, which it does by its own measure, and it
//! does not see this memory. So the objects of an isolate share one account of it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Weak;

/// What all machines together may hold. An isolate has 128 MB for everything, and the memory of wasm never shrinks:
/// beside the cache there has to be room for the largest request, and for what JavaScript keeps.
const MAX_HELD: usize = 32 << 20;

/// An object that holds a machine.
pub(super) trait Holder {
    /// Drops the machine unless something is under way; whether it did.
    fn let_go(&self) -> bool;

    /// Drops the machine in any case.
    fn forget(&self);
}

/// What all machines hold, about.
pub(super) fn held_bytes() -> usize {
    account(|account| account.held).unwrap_or_default()
}

/// The memory of the wasm module, which all objects of the isolate share.
#[cfg(target_arch = "wasm32")]
pub(super) fn wasm_bytes() -> usize {
    const PAGE: usize = 64 << 10;
    core::arch::wasm32::memory_size(0).saturating_mul(PAGE)
}

/// There is none where this is no wasm.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn wasm_bytes() -> usize {
    0
}

/// The place of one object in the account.
pub(super) struct Place {
    /// The same for every instance of an object, and no other.
    object: String,
    holder: Weak<dyn Holder>,
    /// Under which number it stands in the account, if it does.
    entered: Cell<Option<u64>>,
}

impl Place {
    /// The place of `object`, which holds nothing yet.
    pub fn new(object: String, holder: Weak<dyn Holder>) -> Place {
        Place { object, holder, entered: Cell::default() }
    }

    /// The machine is about to be read. If an instance of the same object that is no longer in use holds one, it lets
    /// go of it: it may not be freed for long.
    pub fn make_way(&self) {
        let dead = account(|account| {
            let number = account.numbers.get(&self.object).copied()?;
            if self.entered.get() == Some(number) { None } else { account.remove(number) }
        });
        if let Some(dead) = dead.flatten().and_then(|entry| entry.holder.upgrade()) {
            dead.forget();
        }
    }

    /// The machine was used, and holds about so many bytes. Those that were not used for the longest time let go of
    /// theirs while there is too much in all; this one stays, however large it is.
    pub fn used(&self, bytes: usize) {
        self.leave();
        let entry = Entry { object: self.object.clone(), holder: self.holder.clone(), bytes };
        let number = account(|account| account.add(entry));
        self.entered.set(number);
        let mut last = None;
        while let Some((number, holder)) = account(|account| account.next_to_go(last)).flatten() {
            if Some(number) == self.entered.get() {
                return;
            }
            // Nothing of the account is borrowed here: what is dropped may look at it.
            if holder.upgrade().is_none_or(|holder| holder.let_go()) {
                account(|account| account.remove(number));
            }
            last = Some(number);
        }
    }

    /// There is no machine any more.
    pub fn leave(&self) {
        if let Some(number) = self.entered.take() {
            account(|account| account.remove(number));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

struct Entry {
    object: String,
    holder: Weak<dyn Holder>,
    bytes: usize,
}

/// Who holds how much. Numbers are given in the order of use.
#[derive(Default)]
struct Account {
    entries: BTreeMap<u64, Entry>,
    numbers: BTreeMap<String, u64>,
    next: u64,
    held: usize,
}

impl Account {
    fn add(&mut self, entry: Entry) -> u64 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        self.held = self.held.saturating_add(entry.bytes);
        self.numbers.insert(entry.object.clone(), number);
        self.entries.insert(number, entry);
        number
    }

    fn remove(&mut self, number: u64) -> Option<Entry> {
        let entry = self.entries.remove(&number)?;
        self.held = self.held.saturating_sub(entry.bytes);
        if self.numbers.get(&entry.object) == Some(&number) {
            self.numbers.remove(&entry.object);
        }
        Some(entry)
    }

    /// While there is too much: the one that was not used for the longest time, of those that come after `last`.
    fn next_to_go(&self, last: Option<u64>) -> Option<(u64, Weak<dyn Holder>)> {
        if self.held <= MAX_HELD {
            return None;
        }
        let from = last.map_or(0, |number| number.saturating_add(1));
        let (number, entry) = self.entries.range(from..).next()?;
        Some((*number, entry.holder.clone()))
    }
}

/// Uses the account of this isolate; `None` if it is in use, which nobody is meant to see.
fn account<R>(with: impl FnOnce(&mut Account) -> R) -> Option<R> {
    thread_local! {
        static ACCOUNT: RefCell<Account> = RefCell::default();
    }
    ACCOUNT.with(|account| account.try_borrow_mut().ok().map(|mut account| with(&mut account)))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    /// An object whose machine is of this many bytes.
    struct Object {
        place: Place,
        busy: Cell<bool>,
        holds: Cell<bool>,
    }

    impl Holder for Object {
        fn let_go(&self) -> bool {
            let goes = !self.busy.get();
            self.holds.set(!goes);
            goes
        }

        fn forget(&self) {
            self.holds.set(false);
        }
    }

    impl Object {
        fn new(name: &str) -> Rc<Object> {
            Rc::new_cyclic(|weak: &Weak<Object>| Object {
                place: Place::new(name.to_owned(), weak.clone()),
                busy: Cell::default(),
                holds: Cell::default(),
            })
        }

        fn step(&self, bytes: usize) {
            if !self.holds.replace(true) {
                self.place.make_way();
            }
            self.place.used(bytes);
        }
    }

    const QUARTER: usize = MAX_HELD / 4;

    #[test]
    fn the_least_recently_used_go_first_and_busy_ones_stay() {
        let objects: Vec<_> = ["a", "b", "c", "d"].into_iter().map(Object::new).collect();
        objects.iter().for_each(|object| object.step(QUARTER));
        assert!(objects.iter().all(|object| object.holds.get()));
        objects[0].step(QUARTER);
        objects[1].busy.set(true);
        let more = Object::new("e");
        more.step(QUARTER);
        let hold: Vec<_> = objects.iter().map(|object| object.holds.get()).collect();
        assert_eq!(hold, [true, true, false, true]);
        assert_eq!(held_bytes(), MAX_HELD);
        drop((objects, more));
        assert_eq!(held_bytes(), 0);
    }

    #[test]
    fn a_larger_one_stays_alone() {
        let (small, large) = (Object::new("small"), Object::new("large"));
        small.step(1);
        large.step(2 * MAX_HELD);
        assert!(large.holds.get() && !small.holds.get());
        small.step(1);
        assert!(small.holds.get() && !large.holds.get());
    }

    #[test]
    fn an_object_that_is_built_again_frees_the_one_before() {
        let (before, after) = (Object::new("same"), Object::new("same"));
        before.step(1000);
        after.step(10);
        assert!(after.holds.get() && !before.holds.get());
        assert_eq!(held_bytes(), 10);
        drop(before);
        assert_eq!(held_bytes(), 10);
    }
}
