//! Those who read: any number of sockets on one thread, so that the client leaves the machine to the server.

use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use tungstenite::Error;

use super::contender::{Contender, Down};
use crate::client::Socket;

/// The token that ends the thread.
const END: Token = Token(usize::MAX);

/// Nothing comes any more when nothing came for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A reader came to a version.
struct Arrival {
    reader: usize,
    version: u64,
    at: Instant,
    bytes: usize,
}

/// How far the readers are.
pub struct Readers {
    arrivals: Receiver<Arrival>,
    at: Vec<u64>,
    bytes: usize,
    /// Shared with the thread: a waker that is dropped wakes nobody any more.
    end: Arc<Waker>,
}

impl Readers {
    /// Opens the sockets of so many readers and listens to all of them until the value is dropped.
    pub fn connect<'scope>(
        scope: &'scope Scope<'scope, '_>,
        contender: &'scope dyn Contender,
        count: usize,
    ) -> Readers {
        let sockets: Vec<_> = (0..count).map(|number| contender.reader(number)).collect();
        let poll = Poll::new().expect("the system can wait for sockets");
        let end = Waker::new(poll.registry(), END).expect("a thread can be woken");
        let end = Arc::new(end);
        for (number, socket) in sockets.iter().enumerate() {
            let stream = socket.get_ref();
            stream.set_nonblocking(true).expect("a socket can be told not to block");
            let (source, token) = (stream.as_raw_fd(), Token(number));
            let waits = poll.registry().register(&mut SourceFd(&source), token, Interest::READABLE);
            waits.expect("an open socket can be waited for");
        }
        let (sender, arrivals) = channel();
        let waker = Arc::clone(&end);
        scope.spawn(move || {
            listen(contender, poll, sockets, &sender);
            drop(waker);
        });
        Readers { arrivals, at: vec![0; count], bytes: 0, end }
    }

    /// Payload of all that was waited for.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Waits until all have come to `version`; when the last one did. `None` if nothing comes for long before that.
    pub fn wait_for(&mut self, version: u64) -> Option<Instant> {
        let mut behind = self.at.iter().filter(|at| **at < version).count();
        let mut last = None;
        while behind > 0 {
            let arrival = self.arrivals.recv_timeout(PATIENCE).ok()?;
            let at = &mut self.at[arrival.reader];
            if *at < version && arrival.version >= version {
                behind -= 1;
            }
            *at = arrival.version;
            self.bytes += arrival.bytes;
            last = last.max(Some(arrival.at));
        }
        Some(last.expect("no version is older than what the readers begin with"))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.end.wake().expect("a thread can be woken");
    }
}

/// Reports every push until it is told to end.
fn listen(
    contender: &dyn Contender,
    mut poll: Poll,
    mut sockets: Vec<Socket>,
    to: &Sender<Arrival>,
) {
    let mut events = Events::with_capacity(sockets.len() + 1);
    loop {
        poll.poll(&mut events, None).expect("the system can wait for sockets");
        for event in &events {
            if event.token() == END {
                return;
            }
            let reader = event.token().0;
            if !drain(contender, reader, &mut sockets[reader], to) {
                return;
            }
        }
    }
}

/// Reads what there is; whether anybody wants to know.
fn drain(
    contender: &dyn Contender,
    reader: usize,
    socket: &mut Socket,
    to: &Sender<Arrival>,
) -> bool {
    loop {
        let frame = match socket.read() {
            Ok(frame) => frame,
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => return true,
            Err(error) => panic!("the socket of reader {reader} ended: {error}"),
        };
        let at = Instant::now();
        if !frame.is_text() && !frame.is_binary() {
            continue;
        }
        if let Down::Pushed(version) = contender.read(&frame) {
            let arrival = Arrival { reader, version, at, bytes: frame.len() };
            if to.send(arrival).is_err() {
                return false;
            }
        }
    }
}
