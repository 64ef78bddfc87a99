//! What a Person asks of its host.

use crate::message::EntityRef;
use crate::person::{CreatedInHour, SocketId};

/// What the host has to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum PersonEffect {
    /// Send a binary frame.
    Send {
        /// To this socket.
        socket: SocketId,
        /// The frame.
        bytes: Vec<u8>,
        /// The request that it answers, if it is an answer. The host asks [`PersonMachine::unread`](crate::person::PersonMachine::unread) where the browser
        /// does not read as fast.
        answers: Option<u64>,
    },
    /// Close a socket.
    Close {
        /// This one.
        socket: SocketId,
        /// Close code.
        code: u16,
        /// A sentence.
        reason: &'static str,
    },
    /// Post to the object of an entity, and report with [`PersonMachine::answered`](crate::person::PersonMachine::answered).
    Call {
        /// Number of the call.
        call: u64,
        /// Whose object.
        entity: EntityRef,
        /// An [`Envelope`](crate::message::Envelope), or a [`batch`](crate::message::batch) of them.
        body: Vec<u8>,
    },
    /// Sign a ticket for a direct line to an entity for the browser of a socket, and hand it in with
    /// [`PersonMachine::ticket`](crate::person::PersonMachine::ticket).
    Ticket {
        /// The socket.
        socket: SocketId,
        /// The request's id.
        id: u64,
        /// The entity.
        entity: EntityRef,
    },
    /// Keep that a browser wants an entity, in place of what was kept of the two.
    Remember {
        /// The browser.
        browser: String,
        /// The entity.
        entity: EntityRef,
        /// The handle that the browser has given it.
        handle: Option<u32>,
    },
    /// Drop that it does.
    Forget {
        /// The browser.
        browser: String,
        /// The entity.
        entity: EntityRef,
    },
    /// Drop all that a browser wants, and when it was connected.
    ForgetBrowser {
        /// The browser.
        browser: String,
    },
    /// Keep on which day a browser was connected last, in place of the day that was kept.
    Seen {
        /// The browser.
        browser: String,
        /// The number of the day since the epoch.
        day: u32,
    },
    /// Keep how many entities the person has created within the hour, in place of what was kept.
    Created(CreatedInHour),
}
