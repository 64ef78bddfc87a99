//! The Cloudflare half: hosts for the Durable Objects, and the Worker's routes.
//!
//! `#[temporal_entity]` makes one thin class per entity that delegates to an [`EntityHost`], or to a
//! [`PersonHost`] for the entity with `role = "person"`. The app adds one handler:
//!
//! ```ignore
//! #[event(fetch)]
//! async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
//!     temporal_entity::server::handle(request, env).await
//! }
//! ```
//!
//! # Bindings
//!
//! | name | what |
//! |---|---|
//! | `<Type>Object`, one per entity type | the namespace of its class, with SQLite storage |
//! | `PersonObject` | the namespace of the Persons; pushes go there |
//! | `ASSETS` | the files of the page |
//! | `SESSION_KEY` | at least 32 random bytes, which sign the sessions |
//! | `SESSION_KEY_BEFORE` | while the key is replaced, the one before; may be left out |
//! | `ENVIRONMENT` | `development` lets a name alone log in; anything else does not |
//! | `ALLOWED_ORIGINS` | other origins whose pages may connect, separated by commas; may be left out |
//! | `ALLOWED_HOSTS` | the hosts under which the Worker is served, separated by commas; may be left out |
//!
//! The hosts decide nothing: the machines of the core do, and a host hands them the time and one input, and
//! carries out what they ask for. Nothing is borrowed over an await, and whatever a request writes is one
//! transaction.

mod answer;
mod apart;
mod assets;
mod calls;
#[doc(hidden)]
pub mod class;
mod entity_host;
mod entity_object;
mod js;
mod lines;
mod memory;
mod origin;
mod outbox;
mod person_host;
mod person_object;
mod person_sql;
mod routes;
mod session;
mod settings;
mod sockets;
mod sql;
mod ticket;
mod transaction;
mod types;
mod under_test;

pub use self::entity_host::EntityHost;
pub use self::person_host::PersonHost;
pub use self::routes::handle;
