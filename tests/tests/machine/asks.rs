//! Steps as requests: what they name by number is looked up among the versions that there are.

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{EntityRef, Envelope, Method, Request, Sender, Token};
use temporal_entity_core::storage::Storage;
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::parse;

use crate::edits::{diff_of, nonsense};
use crate::kinds::Subject;
use crate::run::{HOUR, Run, stamp};
use crate::strategy::{Ask, Pick, Who};

impl<T: Subject, S: Storage + Clone> Run<T, S> {
    fn token(&self, number: Pick) -> Token {
        let versions = &self.model.versions;
        let Some(current) = self.model.current() else {
            return match number {
                Pick::Missing => Token::Missing,
                Pick::Malformed => Token::Malformed,
                _ => Token::At(self.now),
            };
        };
        Token::At(match number {
            Pick::Missing => return Token::Missing,
            Pick::Malformed => return Token::Malformed,
            Pick::Current => current.meta.modified,
            // One of the last ones mostly.
            Pick::Version(n) if n % 4 > 0 => {
                let recent = &versions[versions.len().saturating_sub(5)..];
                pick(recent, n).expect("a version").meta.modified
            }
            Pick::Version(n) => pick(versions, n).expect("a version").meta.modified,
            Pick::End(n) => pick(&self.model.snapshots(), n).expect("a snapshot").meta.modified,
            Pick::Begin(n, beside) => {
                let begin = pick(&self.model.snapshots(), n).expect("a snapshot").meta.valid_from;
                stamp(begin.micros().saturating_add_signed(beside.into()))
            }
            Pick::Future => stamp(current.meta.modified.micros().max(self.now.micros()) + HOUR),
        })
    }

    /// The value that a diff on this version is made on.
    fn base(&self, token: Token) -> Value {
        let held = match token {
            Token::At(held) => self.model.version(held),
            _ => None,
        };
        held.or(self.model.current()).map_or_else(T::first, |version| version.value.clone())
    }

    pub fn envelope(&mut self, who: Who, ask: &Ask) -> Envelope {
        let mut sender = Sender::new(format!("p{}", who.person), format!("b{}", who.browser));
        sender.impersonator = who.impersonator.map(|other| format!("i{other}"));
        let id = self.ids.entry((sender.person.clone(), sender.browser.clone())).or_default();
        *id += 1;
        let mut request = Request::new(*id, method(ask), entity::<T>());
        self.unique += 1;
        self.fill(&mut request, ask);
        Envelope { sender, request }
    }

    fn fill(&self, request: &mut Request, ask: &Ask) {
        match ask {
            Ask::Post(kind) => {
                request.value = match kind {
                    0 => None,
                    1 => Some(parse(r#"{"titel": "typo"}"#)),
                    _ => Some(T::first()),
                };
            }
            Ask::Get(held) | Ask::Subscribe(held) => request.if_modified_since = self.token(*held),
            Ask::AsOf(instant, held) => {
                request.past.as_of = self.token(*instant);
                request.if_modified_since = self.token(*held);
            }
            Ask::Patch(held, edits) => {
                request.if_unmodified_since = self.token(*held);
                let base = self.base(request.if_unmodified_since);
                request.diff = Some(diff_of(edits, &base, T::IS_PAGE, self.unique));
            }
            Ask::Nonsense(held, kind) => {
                request.if_unmodified_since = self.token(*held);
                request.diff = nonsense(*kind);
            }
            Ask::Delete(held) | Ask::Undelete(held) => {
                request.if_unmodified_since = self.token(*held);
            }
            Ask::Unsubscribe => {}
            Ask::History { from, to, before, limit, person, field } => {
                const FIELDS: [&str; 7] =
                    ["title", "lines", "lines.l0", "place.room", "story", "steps", "total"];
                request.past.from = self.token(*from);
                request.past.to = self.token(*to);
                request.past.before = self.token(*before);
                request.past.limit = limit.map(u64::from);
                request.past.person = person.map(|person| format!("p{person}"));
                request.past.field =
                    field.and_then(|n| pick(&FIELDS, n.into())).map(|field| (*field).to_owned());
            }
            Ask::Changes(from, to) => {
                request.past.from = self.token(*from);
                request.past.to = self.token(*to);
            }
        }
    }
}

pub fn entity<T: Entity>() -> EntityRef {
    EntityRef::new(T::ENTITY, "a").expect("a name")
}

fn method(ask: &Ask) -> Method {
    match ask {
        Ask::Post(_) => Method::Post,
        Ask::Get(_) | Ask::AsOf(..) => Method::Get,
        Ask::Patch(..) | Ask::Nonsense(..) => Method::PatchDiff,
        Ask::Delete(_) => Method::Delete,
        Ask::Undelete(_) => Method::PatchUndelete,
        Ask::Subscribe(_) => Method::Subscribe,
        Ask::Unsubscribe => Method::Unsubscribe,
        Ask::History { .. } => Method::History,
        Ask::Changes(..) => Method::Changes,
    }
}

pub fn pick<V>(items: &[V], number: u16) -> Option<&V> {
    items.get(usize::from(number).checked_rem(items.len())?)
}
