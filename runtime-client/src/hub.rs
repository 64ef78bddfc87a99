//! The hub as the SharedWorker's shell drives it: bytes and events in, effects out.

use js_sys::{Array, Uint8Array};
use temporal_entity_core::hub::{HubEffect, HubMachine};
use temporal_entity_core::time::Stamp;
use wasm_bindgen::prelude::*;

/// The machine of the SharedWorker. `now` is what `Date.now()` gives; after every call the shell polls until there is
/// no effect left.
#[wasm_bindgen(js_name = __TemporalHub, skip_typescript)]
pub struct Hub(HubMachine);

#[wasm_bindgen(js_class = __TemporalHub)]
impl Hub {
    /// A hub without tabs or socket. `seed` is a random number that spreads reconnecting browsers in time.
    #[wasm_bindgen(constructor)]
    pub fn new(now: f64, seed: u32) -> Hub {
        Hub(HubMachine::new(Stamp::from_clock_millis(now), seed.into()))
    }

    /// A message came on the port of `tab`.
    #[wasm_bindgen(js_name = tabMessage)]
    pub fn tab_message(&mut self, now: f64, tab: u32, bytes: &[u8]) {
        self.0.tab_message(Stamp::from_clock_millis(now), tab, bytes);
    }

    /// A tab said bye, or its port closed.
    #[wasm_bindgen(js_name = tabGone)]
    pub fn tab_gone(&mut self, now: f64, tab: u32) {
        self.0.tab_gone(Stamp::from_clock_millis(now), tab);
    }

    /// A frame came on the socket.
    #[wasm_bindgen(js_name = socketFrame)]
    pub fn socket_frame(&mut self, now: f64, bytes: &[u8]) {
        self.0.socket_frame(Stamp::from_clock_millis(now), bytes);
    }

    /// The socket closed or did not open.
    #[wasm_bindgen(js_name = socketClosed)]
    pub fn socket_closed(&mut self, now: f64, code: u16) {
        self.0.socket_closed(Stamp::from_clock_millis(now), code);
    }

    /// A direct line opened; or closed, or did not open.
    #[wasm_bindgen(js_name = lineChanged)]
    pub fn line_changed(&mut self, now: f64, line: u32, open: bool) {
        let now = Stamp::from_clock_millis(now);
        if open { self.0.line_opened(now, line) } else { self.0.line_closed(now, line) }
    }

    /// The timer rang.
    pub fn timer(&mut self, now: f64) {
        self.0.timer(Stamp::from_clock_millis(now));
    }

    /// The browser has a network again.
    pub fn online(&mut self, now: f64) {
        self.0.online(Stamp::from_clock_millis(now));
    }

    /// The next effect: its name and what belongs to it; `undefined` if there is none.
    pub fn poll(&mut self) -> Option<Array> {
        Some(match self.0.poll_effect()? {
            HubEffect::OpenSocket => Array::of1(&"openSocket".into()),
            HubEffect::Send(bytes) => Array::of2(&"send".into(), &js_bytes(&bytes)),
            HubEffect::ToTab { tab, bytes } => {
                Array::of3(&"toTab".into(), &tab.into(), &js_bytes(&bytes))
            }
            HubEffect::Broadcast { channel, bytes } => {
                Array::of3(&"broadcast".into(), &channel.into(), &js_bytes(&bytes))
            }
            HubEffect::OpenLine { line, ticket } => {
                Array::of3(&"openLine".into(), &line.into(), &ticket.into())
            }
            HubEffect::SendLine { line, bytes } => {
                Array::of3(&"sendLine".into(), &line.into(), &js_bytes(&bytes))
            }
            HubEffect::CloseLine(line) => Array::of2(&"closeLine".into(), &line.into()),
            HubEffect::SetTimer(at) => Array::of2(&"setTimer".into(), &millis(at)),
        })
    }
}

fn js_bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// A whole millisecond that is not before `at`, so that the machine does not find its timer early.
fn millis(at: Stamp) -> JsValue {
    JsValue::from_f64(at.micros().div_ceil(1000) as f64)
}
