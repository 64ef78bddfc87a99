/**
 * The built fixture: `examples/fixture.rs` as wasm with its glue, and the shell bundled with it. The folder is named
 * by the environment, because cargo's target folder is not ours to know.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.CLIENT_FIXTURE;
if (folder === undefined) {
  throw new Error("CLIENT_FIXTURE must name the folder of the built fixture; `cargo xtask test unit` does");
}

/** The address of a file of the fixture. */
export const address = (name) => pathToFileURL(join(folder, name)).href;

/** The glue. A `copy` has wasm and state of its own, as another tab has. */
export const glue = (copy = "") => import(address("fixture.js") + copy);

/** The bytes of the wasm. */
export const wasm = () => readFile(join(folder, "fixture_bg.wasm"));

/** A value of the entity `Sample` with these parts different. */
export function sample(parts = {}) {
  return {
    title: "Paint",
    done: false,
    small: 7,
    count: -5n,
    total: 18446744073709551615n,
    ratio: 0.5,
    due: null,
    mood: "calm",
    tags: ["a", "b"],
    items: [item("one"), item("two", true, [item("nested")])],
    limits: { doing: 3, done: -1 },
    parts: { left: item("left"), right: item("right") },
    byNumber: new Map([
      [1, item("first")],
      [20, item("twentieth")],
    ]),
    byBig: new Map([[9007199254740993n, "past 2^53"]]),
    owner: item("owner"),
    extra: 0,
    valueOf: null,
    ...parts,
  };
}

/** A value of the struct `Item`. */
export function item(text, done = false, inner = []) {
  return { text, done, inner };
}

/** The conversions of a kind, as functions. */
export function conversions(laws) {
  const names = ["roundTrip", "diff", "follow", "shareParts", "readDiff", "change", "handIn", "followUntyped"];
  return Object.fromEntries(names.map((name) => [name, (...values) => laws[name](...values)]));
}

/** What `run` throws, which is the text of an error. */
export function refusal(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}

/** A value of the entity `Wide` with these parts different. */
export function wide(parts = {}) {
  return {
    photo: new Uint8Array([1, 2, 255]),
    born: new Date("1969-07-20T20:17:40.123Z"),
    sample: "card-1",
    json: { list: [1, { deep: [true, null] }, "x"], text: "t", empty: {} },
    labels: new Set(["a", "b", "c"]),
    numbers: new Set([-1n, 2n ** 63n - 1n]),
    moods: new Set(["busy"]),
    byMood: { calm: 3 },
    byFlag: new Map([[false, new Uint8Array(0)], [true, new Uint8Array([9])]]),
    byId: { one: new Date(0) },
    shape: { type: "circle", radius: 1.5, centre: { x: 1, y: 2 } },
    event: { what: "moved", with: { from: { x: 0, y: 0 }, to: { x: 3, y: 4 } } },
    votes: 5n,
    clicks: 6,
    body: "the cat sat on the mat",
    steps: [step("s1"), step("s2"), step("s3"), step("s4")],
    lines: [{ number: 2n ** 64n - 1n, text: "last" }, { number: 1n, text: "first" }],
    corner: { x: 7, y: 8 },
    loose: { $set: 1, b: 2 },
    maybePhoto: null,
    maybeBorn: null,
    maybeLabels: null,
    maybeShape: null,
    maybeList: null,
    photos: [new Uint8Array([1]), new Uint8Array([2])],
    dates: [new Date(1), new Date(2)],
    ...parts,
  };
}

/** A value of the struct `Step`. */
export function step(id, parts = {}) {
  return { id, text: `text of ${id}`, tags: ["t"], inner: [], ...parts };
}
