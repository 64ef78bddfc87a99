//! The messages between a tab and the hub of its browser. They never leave the browser, and both ends come from
//! one build: their form is not part of the protocol.

mod facts;
mod problem;
mod refusal;
mod topic;

use ciborium::Value;

use crate::codec::{CodecError, decode_own_value, encode_value};
use crate::message::{EntityRef, Malformed, Meta, Method, is_true, text, whole_number};
use crate::value::{MapBuilder, get};

pub use facts::Facts;
pub use problem::Problem;
pub use refusal::{MAX_PROBLEMS, Refusal};
pub use topic::Topic;

/// What a browser knows of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    #[default]
    Loading,
    /// It exists.
    Live,
    /// It does not exist, or this person may not read it.
    Absent,
    /// It is deleted.
    Deleted,
    /// The server has another schema of it than the page was built for: nothing is read or written any more.
    Outdated,
    /// The server cannot read it, or does not know its type: nothing is read or written until a deploy mends that.
    Failed,
}

impl State {
    const ALL: [(State, &'static str); 6] = [
        (State::Loading, "loading"),
        (State::Live, "live"),
        (State::Absent, "absent"),
        (State::Deleted, "deleted"),
        (State::Outdated, "outdated"),
        (State::Failed, "failed"),
    ];

    /// Whether requests are of no use before somebody deploys something or reloads the page. The last value stays.
    pub fn is_stuck(self) -> bool {
        matches!(self, State::Outdated | State::Failed)
    }

    /// The name, which is also the one in TypeScript.
    pub fn name(self) -> &'static str {
        State::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    fn from_name(name: &str) -> Option<State> {
        State::ALL.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }
}

/// From a tab to the hub, on the tab's port.
#[derive(Clone, Debug, PartialEq)]
pub enum TabMessage {
    /// The tab is here: the first message.
    Attach,
    /// The tab has a store of the entity.
    Open(Topic),
    /// The tab has none any more.
    Close(Topic),
    /// Is this still what the hub shows?
    Check {
        /// The entity.
        topic: Topic,
        /// The hub's epoch.
        epoch: u64,
        /// The number of the last update.
        seq: u64,
    },
    /// A local edit.
    Edit {
        /// The entity.
        topic: Topic,
        /// Number of the edit in its store, which no other edit of this browser has.
        edit: u64,
        /// Number of the last update that this tab had seen when the edit was made.
        seq: u64,
        /// The patch.
        patch: Value,
    },
    /// The entity is to be created with this value, if it does not exist.
    Create {
        /// The entity.
        topic: Topic,
        /// Its first value.
        value: Value,
    },
    /// An edit was refused that the hub does not have.
    Report {
        /// The entity.
        topic: Topic,
        /// The edit.
        refusal: Refusal,
    },
    /// Refused edits need not be shown any more.
    Dismiss {
        /// The entity.
        topic: Topic,
        /// The one that is meant, or all.
        id: Option<u64>,
    },
    /// A request that is answered.
    Call {
        /// Number of the call in this tab.
        call: u32,
        /// The entity.
        topic: Topic,
        /// `post`, `delete` or `patchUndelete`.
        method: Method,
        /// The value of `post`.
        value: Option<Value>,
    },
}

/// From the hub to a tab, or to all.
#[derive(Clone, Debug, PartialEq)]
pub enum HubMessage {
    /// To a tab's port: whether there is a connection.
    Linked {
        /// The tab's number at this hub.
        tab: u32,
        /// Distinguishes this hub from the one before.
        epoch: u64,
        /// Whether the socket is open.
        connected: bool,
        /// The person who is logged in, or was at the last connection; `None` before the first one.
        person: Option<String>,
        /// Whether the session is over.
        signed_out: bool,
    },
    /// To a tab's port: all of an entity.
    Whole {
        /// The entity.
        entity: EntityRef,
        /// Number of the last update that it includes.
        seq: u64,
        /// What is shown, if anything.
        value: Option<Value>,
        /// The rest.
        facts: Facts,
        /// Number of the last edit of this tab that it includes.
        edit: u64,
    },
    /// On the entity's channel: what is shown changed.
    Update {
        /// The entity.
        entity: EntityRef,
        /// The hub's epoch.
        epoch: u64,
        /// Number of the update, without gaps.
        seq: u64,
        /// What changed; `None` if a tab has to ask for all.
        patch: Option<Value>,
        /// The rest.
        facts: Facts,
        /// The tab and the number of the edit that it comes from.
        by: Option<(u32, u64)>,
    },
    /// To a tab's port: an edit was not taken, because it does not fit.
    Refused {
        /// The entity.
        entity: EntityRef,
        /// Number of the edit.
        edit: u64,
        /// Why.
        problem: Problem,
    },
    /// To a tab's port: the answer to a call.
    Answered {
        /// Number of the call.
        call: u32,
        /// The new meta, or the refusal.
        result: Result<Meta, Problem>,
    },
}

fn map(kind: &str) -> MapBuilder {
    MapBuilder::new().put("is", kind)
}

fn put_entity(map: MapBuilder, entity: &EntityRef) -> MapBuilder {
    map.put("type", entity.name.as_str()).put("entity", entity.id.as_str())
}

fn put_topic(map: MapBuilder, topic: &Topic) -> MapBuilder {
    put_entity(map, &topic.entity).put_some("schema", topic.schema)
}

fn missing(key: &str) -> Malformed {
    Malformed::new(format!("a message within the browser lacks `{key}`"))
}

fn number<N: TryFrom<u64>>(message: &Value, key: &str) -> Result<N, Malformed> {
    let number = get(message, key).and_then(whole_number);
    number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| missing(key))
}

fn entity(message: &Value) -> Result<EntityRef, Malformed> {
    let part = |key| text(message, key).ok_or_else(|| missing(key));
    EntityRef::new(part("type")?, part("entity")?)
}

fn topic(message: &Value) -> Result<Topic, Malformed> {
    let schema = get(message, "schema").and_then(whole_number);
    Ok(Topic::new(entity(message)?, schema))
}

fn item(message: &Value, key: &str) -> Result<Value, Malformed> {
    get(message, key).cloned().ok_or_else(|| missing(key))
}

impl TabMessage {
    /// The bytes.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        let message = match self {
            TabMessage::Attach => map("attach"),
            TabMessage::Open(topic) => put_topic(map("open"), topic),
            TabMessage::Close(topic) => put_topic(map("close"), topic),
            TabMessage::Check { topic, epoch, seq } => {
                put_topic(map("check"), topic).put("epoch", *epoch).put("seq", *seq)
            }
            TabMessage::Edit { topic, edit, seq, patch } => put_topic(map("edit"), topic)
                .put("edit", *edit)
                .put("seq", *seq)
                .put("patch", patch.clone()),
            TabMessage::Create { topic, value } => {
                put_topic(map("create"), topic).put("value", value.clone())
            }
            TabMessage::Report { topic, refusal } => {
                put_topic(map("report"), topic).put("refusal", refusal.as_value().clone())
            }
            TabMessage::Dismiss { topic, id } => {
                put_topic(map("dismiss"), topic).put_some("id", *id)
            }
            TabMessage::Call { call, topic, method, value } => put_topic(map("call"), topic)
                .put("call", *call)
                .put("method", method.name())
                .put_some("value", value.clone()),
        };
        encode_value(&message.finish())
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// If they are no such message: a tab of another build.
    pub fn decode(bytes: &[u8]) -> Result<TabMessage, Malformed> {
        let message = decode_own_value(bytes)?;
        Ok(match text(&message, "is").unwrap_or_default() {
            "attach" => TabMessage::Attach,
            "open" => TabMessage::Open(topic(&message)?),
            "close" => TabMessage::Close(topic(&message)?),
            "check" => TabMessage::Check {
                topic: topic(&message)?,
                epoch: number(&message, "epoch")?,
                seq: number(&message, "seq")?,
            },
            "edit" => TabMessage::Edit {
                topic: topic(&message)?,
                edit: number(&message, "edit")?,
                seq: number(&message, "seq")?,
                patch: item(&message, "patch")?,
            },
            "create" => {
                TabMessage::Create { topic: topic(&message)?, value: item(&message, "value")? }
            }
            "report" => TabMessage::Report {
                topic: topic(&message)?,
                refusal: Refusal::from_value(&item(&message, "refusal")?),
            },
            "dismiss" => {
                TabMessage::Dismiss { topic: topic(&message)?, id: number(&message, "id").ok() }
            }
            "call" => TabMessage::Call {
                call: number(&message, "call")?,
                topic: topic(&message)?,
                method: text(&message, "method")
                    .and_then(Method::from_name)
                    .ok_or_else(|| missing("method"))?,
                value: get(&message, "value").cloned(),
            },
            _ => return Err(missing("is")),
        })
    }
}

impl HubMessage {
    /// The bytes.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        let message = match self {
            HubMessage::Linked { tab, epoch, connected, person, signed_out } => map("linked")
                .put("tab", *tab)
                .put("epoch", *epoch)
                .put("connected", *connected)
                .put_some("person", person.as_deref())
                .put("signedOut", *signed_out),
            HubMessage::Whole { entity, seq, value, facts, edit } => {
                put_entity(map("whole"), entity)
                    .put("seq", *seq)
                    .put_some("value", value.clone())
                    .put("facts", facts.to_value())
                    .put("edit", *edit)
            }
            HubMessage::Update { entity, epoch, seq, patch, facts, by } => {
                put_entity(map("update"), entity)
                    .put("epoch", *epoch)
                    .put("seq", *seq)
                    .put_some("patch", patch.clone())
                    .put("facts", facts.to_value())
                    .put_some("tab", by.map(|(tab, _)| tab))
                    .put_some("edit", by.map(|(_, edit)| edit))
            }
            HubMessage::Refused { entity, edit, problem } => put_entity(map("refused"), entity)
                .put("edit", *edit)
                .put("problem", problem.to_value()),
            HubMessage::Answered { call, result } => map("answered")
                .put("call", *call)
                .put_some("meta", result.as_ref().ok().map(Meta::to_value))
                .put_some("problem", result.as_ref().err().map(Problem::to_value)),
        };
        encode_value(&message.finish())
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// If they are no such message: a hub of another build.
    pub fn decode(bytes: &[u8]) -> Result<HubMessage, Malformed> {
        let message = decode_own_value(bytes)?;
        let facts = || Facts::from_value(get(&message, "facts").ok_or_else(|| missing("facts"))?);
        let problem = || {
            let problem = get(&message, "problem").and_then(Problem::from_value);
            problem.ok_or_else(|| missing("problem"))
        };
        Ok(match text(&message, "is").unwrap_or_default() {
            "linked" => HubMessage::Linked {
                tab: number(&message, "tab")?,
                epoch: number(&message, "epoch")?,
                connected: is_true(&message, "connected"),
                person: text(&message, "person").map(str::to_owned),
                signed_out: is_true(&message, "signedOut"),
            },
            "whole" => HubMessage::Whole {
                entity: entity(&message)?,
                seq: number(&message, "seq")?,
                value: get(&message, "value").cloned(),
                facts: facts()?,
                edit: number(&message, "edit")?,
            },
            "update" => HubMessage::Update {
                entity: entity(&message)?,
                epoch: number(&message, "epoch")?,
                seq: number(&message, "seq")?,
                patch: get(&message, "patch").cloned(),
                facts: facts()?,
                by: number(&message, "tab").ok().zip(number(&message, "edit").ok()),
            },
            "refused" => HubMessage::Refused {
                entity: entity(&message)?,
                edit: number(&message, "edit")?,
                problem: problem()?,
            },
            "answered" => HubMessage::Answered {
                call: number(&message, "call")?,
                result: match get(&message, "meta") {
                    Some(meta) => Ok(Meta::from_value(meta)?),
                    None => Err(problem()?),
                },
            },
            _ => return Err(missing("is")),
        })
    }
}
