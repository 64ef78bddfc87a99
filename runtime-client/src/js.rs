//! The JavaScript that is called by name. Whatever can run a user's code (a getter, a proxy) is declared with
//! `catch`: an exception becomes an error here and never unwinds through wasm, which would skip every destructor.

use js_sys::{Array, Function, JsString, Object, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The names of the own enumerable properties of an object.
    #[wasm_bindgen(js_namespace = Object, js_name = keys, catch)]
    pub fn own_keys(object: &JsValue) -> Result<Array, JsValue>;

    /// A copy of an object of which no key is `__proto__`.
    #[wasm_bindgen(js_namespace = Object, js_name = assign, catch)]
    pub fn assign(target: Object, source: &JsValue) -> Result<Object, JsValue>;

    /// The entries of an object as a list of pairs.
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    pub fn object_entries(object: &JsValue) -> Result<JsValue, JsValue>;

    /// An object of these entries, each an own property, `__proto__` too.
    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries, catch)]
    pub fn object_from_entries(entries: &JsValue) -> Result<Object, JsValue>;

    /// Whether both are the same value: NaN is NaN, 0 is not -0.
    #[wasm_bindgen(js_namespace = Object, js_name = is)]
    pub fn same(a: &JsValue, b: &JsValue) -> bool;

    /// `[object Map]` and the like.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call, catch)]
    pub fn tag(value: &JsValue) -> Result<JsString, JsValue>;

    /// A list of what can be iterated.
    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    pub fn list_of(iterable: &JsValue) -> Result<Array, JsValue>;

    /// The value as a string.
    #[wasm_bindgen(js_name = String, catch)]
    pub fn display(value: &JsValue) -> Result<JsString, JsValue>;

    /// JavaScript's `Map`.
    #[wasm_bindgen(js_name = Map)]
    pub type JsMap;

    /// A map of these entries: a copy, if given a map.
    #[wasm_bindgen(constructor, js_class = "Map", catch)]
    pub fn of(entries: &JsValue) -> Result<JsMap, JsValue>;

    /// The value under `key`.
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &JsMap, key: &JsValue) -> Result<JsValue, JsValue>;

    /// Sets an entry.
    #[wasm_bindgen(method, catch)]
    pub fn set(this: &JsMap, key: &JsValue, value: &JsValue) -> Result<JsValue, JsValue>;

    /// Removes an entry.
    #[wasm_bindgen(method, catch)]
    pub fn delete(this: &JsMap, key: &JsValue) -> Result<bool, JsValue>;

    /// How many entries it has.
    #[wasm_bindgen(method, getter)]
    pub fn size(this: &JsMap) -> u32;

    /// JavaScript's `Set`.
    #[wasm_bindgen(js_name = Set)]
    pub type JsSet;

    /// A set of these elements.
    #[wasm_bindgen(constructor, js_class = "Set", catch)]
    pub fn of(elements: &JsValue) -> Result<JsSet, JsValue>;

    /// The milliseconds of a `Date`, NaN if it is none that there is; an exception if it is no `Date`.
    #[wasm_bindgen(js_namespace = ["Date", "prototype", "getTime"], js_name = call, catch)]
    pub fn millis_of(date: &JsValue) -> Result<f64, JsValue>;

    /// JavaScript's `Uint8Array`, as a view of a buffer.
    #[wasm_bindgen(js_name = Uint8Array)]
    pub type JsBytes;

    /// The bytes of `buffer` from `offset` on, all of them if `length` is `undefined`.
    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    pub fn view(buffer: &JsValue, offset: &JsValue, length: &JsValue) -> Result<JsBytes, JsValue>;

    /// The browser's clock for a single call.
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(run: &Function, millis: u32) -> JsValue;

    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(error: &JsValue);

    /// What the shell of a tab lends to the wasm.
    #[derive(Clone)]
    pub type Host;

    /// Posts bytes on the port to the hub.
    #[wasm_bindgen(method, catch)]
    pub fn send(this: &Host, bytes: Uint8Array) -> Result<(), JsValue>;

    /// Listens to the BroadcastChannel of this name.
    #[wasm_bindgen(method, catch, js_name = openChannel)]
    pub fn open_channel(this: &Host, name: &str) -> Result<(), JsValue>;

    /// Listens to it no more.
    #[wasm_bindgen(method, catch, js_name = closeChannel)]
    pub fn close_channel(this: &Host, name: &str) -> Result<(), JsValue>;
}

/// Tells the page of an error that nobody called for, as an uncaught one.
pub fn report(error: &JsValue) {
    // Not every host has `reportError`; the missing function is caught like any other exception.
    if report_error(error).is_err() {
        console_error(error);
    }
}

/// An exception in words.
pub fn exception_text(exception: &JsValue) -> String {
    display(exception).map_or_else(|_| "an exception".to_owned(), String::from)
}
