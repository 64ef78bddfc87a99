//! What the attacker sends.

use temporal_entity_core::message::{Method, Token};
use temporal_entity_core::patch::{PATCH_KEYED, PATCH_SPLICE, elements, removal, set_to};
use temporal_entity_core::value::Value;

use super::{bytes, fields, map, unknown_method};
use crate::world::World;

/// How many kinds of frames there are.
pub const KINDS: u64 = 10;

/// Whether a kind of frame has thousands of bytes, and is not sent often.
pub fn is_large(kind: u64) -> bool {
    kind >= 7
}

impl World {
    /// A frame of this kind.
    pub(super) fn hostile_frame(&mut self, kind: u64) -> Vec<u8> {
        match kind {
            0 => {
                let mut request = self.raw_request(Method::Subscribe);
                request.handle = Some(self.chance.below(2_000) as u32);
                bytes(&request.to_value())
            }
            1 => {
                let request = self.raw_request(Method::Get);
                bytes(&unknown_method(request.id, &request.entity))
            }
            2 => {
                let length = self.chance.below(64);
                (0..length).map(|_| self.chance.draw() as u8).collect()
            }
            3 => {
                let mut request = self.raw_request(Method::Get);
                request.past.as_of = self.some_token();
                bytes(&request.to_value())
            }
            4 => {
                let mut request = self.raw_request(Method::History);
                request.past.limit = Some(self.chance.below(50));
                (request.past.from, request.past.to) = (self.some_token(), self.some_token());
                bytes(&request.to_value())
            }
            5 => {
                let mut request = self.raw_request(Method::Changes);
                (request.past.from, request.past.to) = (self.some_token(), self.some_token());
                bytes(&request.to_value())
            }
            6 => {
                let title = format!("title of attack {}", self.chance.below(1_000));
                self.raw_patch(map("title", title))
            }
            7 => {
                let patch = self.many_splices();
                self.raw_patch(map("list", patch))
            }
            8 => {
                let patch = self.many_elements();
                self.raw_patch(map("steps", patch))
            }
            _ => {
                let count = 1 + self.chance.below(400);
                let mark = |number| Value::from(format!("mark {number:04}"));
                let (come, leave) = match self.chance.below(2) {
                    0 => ((10..10 + count).map(mark).collect(), Vec::new()),
                    _ => (Vec::new(), (10..10 + count).map(mark).collect()),
                };
                self.raw_patch(map("marks", elements(come, leave).expect("a change")))
            }
        }
    }

    fn raw_patch(&mut self, diff: Value) -> Vec<u8> {
        let mut request = self.raw_request(Method::PatchDiff);
        request.diff = Some(diff);
        bytes(&request.to_value())
    }

    fn some_token(&mut self) -> Token {
        match self.chance.below(4) {
            0 => Token::Missing,
            1 => Token::Malformed,
            _ => Token::At(self.now.minus(self.chance.below(12_000_000))),
        }
    }

    /// Hundreds of items that come into the list, or small splices all over it.
    fn many_splices(&mut self) -> Value {
        let count = 1 + self.chance.below(500);
        let mut parts = vec![Value::from(PATCH_SPLICE)];
        if self.chance.below(3) == 0 {
            let items = (0..count).map(|number| Value::from(number.to_string())).collect();
            parts.extend([0.into(), 0.into(), Value::Array(items)]);
        } else {
            let items = || Value::Array(vec![Value::from("x")]);
            parts.extend((0..count).flat_map(|at| [Value::from(2 * at), 1.into(), items()]));
        }
        Value::Array(parts)
    }

    /// Hundreds of steps that come, that are changed inside and moved, or that leave. They are none of those of others.
    fn many_elements(&mut self) -> Value {
        let count = 2 + self.chance.below(300);
        let key = |number: u64| Value::from(format!("attack {number:04}"));
        let step = |number| set_to(fields([("id", key(number)), ("done", false.into())]));
        let all = |change: &dyn Fn(u64) -> Value| -> Vec<(Value, Value)> {
            (0..count).map(|number| (key(number), change(number))).collect()
        };
        let (changes, places) = match self.chance.below(4) {
            0 => {
                let keys = [true.into()].into_iter().chain((0..count).map(key)).collect();
                (all(&step), vec![Value::Array(keys)])
            }
            1 => {
                let done = self.chance.below(2) == 0;
                let change = move |_| map("done", done);
                (all(&change), vec![Value::Array(vec![Value::Null, key(count - 1)])])
            }
            2 => (all(&|_| removal()), Vec::new()),
            _ => {
                // Each behind the next but one.
                let pairs = (0..count / 2).map(|pair| (key(2 * pair + 1), key(2 * pair)));
                let places = pairs.map(|(anchor, key)| Value::Array(vec![anchor, key]));
                (Vec::new(), places.collect())
            }
        };
        let parts =
            vec![Value::from(PATCH_KEYED), "id".into(), Value::Map(changes), Value::Array(places)];
        Value::Array(parts)
    }
}
