/**
 * The built fixture: `examples/fixture.rs` as wasm with its glue, and the shell bundled with it. The folder is named
 * by the environment, because cargo's target folder is not ours to know.
 */

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
