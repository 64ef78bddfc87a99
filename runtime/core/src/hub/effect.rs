//! What a hub asks of its host.

use crate::time::Stamp;

/// What the host has to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum HubEffect {
    /// Open the socket, and leave one that was asked for before.
    OpenSocket,
    /// Send a binary frame.
    Send(Vec<u8>),
    /// Post to a tab's port.
    ToTab {
        /// The tab.
        tab: u32,
        /// The message.
        bytes: Vec<u8>,
    },
    /// Post on the channel of this name.
    Broadcast {
        /// The name.
        channel: String,
        /// The message.
        bytes: Vec<u8>,
    },
    /// Open a second socket, with this ticket in the query.
    OpenLine {
        /// Its number; one that is open under it is left.
        line: u32,
        /// The ticket.
        ticket: String,
    },
    /// Send a binary frame on a line.
    SendLine {
        /// The line.
        line: u32,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Close a line, and hear no more of it.
    CloseLine(u32),
    /// Call [`HubMachine::timer`](crate::hub::HubMachine::timer) at this time, instead of any time set before.
    SetTimer(Stamp),
}
