//! What the model says of the past.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Reason, Request, Token};
use temporal_entity_core::value::same;

use crate::answers::absent;
use crate::expect::{About, Expected, Outcome, Page, at};
use crate::model::{Model, Snapshot, Version};

fn malformed() -> Vec<Outcome> {
    Expected::refusal(400, Reason::Malformed).only()
}

fn gone(snapshot: Snapshot) -> Expected {
    let about = About::Snapshot(Box::new(snapshot));
    Expected { about, ..Expected::refusal(404, Reason::Deleted) }
}

impl Model {
    pub fn get_as_of(&self, request: &Request) -> Vec<Outcome> {
        let Token::At(instant) = request.past.as_of else { return malformed() };
        if request.if_modified_since != Token::Missing {
            return malformed();
        }
        let Some(snapshot) = self.as_of(instant) else { return absent() };
        if snapshot.meta.deleted {
            return gone(snapshot).only();
        }
        let value = Some(snapshot.value.clone());
        let about = About::Snapshot(Box::new(snapshot));
        Expected { about, value, ..Expected::ok(200) }.only()
    }

    pub fn changes(&self, request: &Request) -> Vec<Outcome> {
        let (Token::At(from), Token::At(to)) = (request.past.from, request.past.to) else {
            return malformed();
        };
        let (Some(there), Some(here)) = (self.as_of(from), self.as_of(to)) else {
            return absent();
        };
        if there.meta.deleted || here.meta.deleted {
            let gone_ones = [there, here].into_iter().filter(|snapshot| snapshot.meta.deleted);
            return gone_ones.flat_map(|snapshot| gone(snapshot).only()).collect();
        }
        let since = Some(there.meta.modified);
        let leads = Some((there.value, here.value.clone()));
        let about = About::Version(here.meta);
        Expected { about, since, leads, ..Expected::ok(200) }.only()
    }

    pub fn history(&self, current: &Version, request: &Request) -> Vec<Outcome> {
        let query = &request.past;
        let mut bounds = [None; 3];
        for (bound, token) in bounds.iter_mut().zip([query.from, query.to, query.before]) {
            match token {
                Token::Missing => {}
                Token::Malformed => return malformed(),
                Token::At(stamp) => *bound = Some(stamp),
            }
        }
        let [from, to, before]: [Option<Stamp>; 3] = bounds;
        let within = |snapshot: &Snapshot| {
            let (begins, version) = (snapshot.meta.valid_from, snapshot.meta.modified);
            from.is_none_or(|from| from <= begins)
                && to.is_none_or(|to| begins < to)
                && before.is_none_or(|before| version < before)
                && query.person.as_ref().is_none_or(|person| *person == snapshot.meta.person)
        };
        let asked = self.snapshots().into_iter().rev().filter(within);
        let snapshots = asked.filter_map(|snapshot| {
            let (may, has_to) = match &query.field {
                None => (true, true),
                Some(field) => changes_field(&snapshot, field),
            };
            may.then_some((snapshot, has_to))
        });
        let limit = query.limit.unwrap_or(50).clamp(1, 200) as usize;
        let page = Some(Page { snapshots: snapshots.collect(), limit });
        Expected { page, ..Expected::ok(200).about(current) }.only()
    }
}

/// Whether a snapshot may be one that changed a field, and whether it has to be: what is around the field may have been
/// replaced with the field in it as it was.
fn changes_field(snapshot: &Snapshot, field: &str) -> (bool, bool) {
    let Some(before) = &snapshot.before else { return (true, true) };
    let differ = |place: &str| match (at(before, place), at(&snapshot.value, place)) {
        (Some(before), Some(now)) => !same(before, now),
        (before, now) => before.is_some() != now.is_some(),
    };
    let around = field.split('.').next().unwrap_or(field);
    (differ(around), differ(field))
}
