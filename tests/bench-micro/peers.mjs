// The half of `cargo xtask bench micro` that runs in Node: what a user would pick instead, and ours as wasm.
//
// The first line of standard input is the task as JSON, answered with a line that says who is measured; each further
// line asks for a round, answered with a time for each of them. So the program runs its rounds and these by turns.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { diff as deepObjectDiff } from "deep-object-diff";
import jsonPatch from "fast-json-patch";
import * as jsonDiffPatch from "jsondiffpatch";
import * as Y from "yjs";

/** 0 and 1 by turns. */
function turns() {
  let turn = 1;
  return () => (turn = 1 - turn);
}

/** A contender like those of the Rust side: `run` does the operation so many times. */
function contender(group, name, operation) {
  const run = (iterations) => {
    for (let left = iterations; left > 0; left--) operation();
  };
  return { group, name, run };
}

/** Libraries that compare and change plain objects. */
function plainObjects({ old, edited }) {
  const patches = [jsonPatch.compare(old, edited), jsonPatch.compare(edited, old)];
  const deltas = [jsonDiffPatch.diff(old, edited), jsonDiffPatch.diff(edited, old)];
  const [patched, deltaed] = [structuredClone(old), structuredClone(old)];
  const [patch, delta] = [turns(), turns()];
  const text = JSON.stringify(old);
  return [
    contender("diff", "fast-json-patch", () => jsonPatch.compare(old, edited)),
    contender("diff", "jsondiffpatch", () => jsonDiffPatch.diff(old, edited)),
    contender("diff", "deep-object-diff", () => deepObjectDiff(old, edited)),
    // There and back, so that each one changes something.
    contender("apply", "fast-json-patch", () => jsonPatch.applyPatch(patched, patches[patch()])),
    contender("apply", "jsondiffpatch", () => jsonDiffPatch.patch(deltaed, deltas[delta()])),
    contender("encode", "JSON", () => JSON.stringify(old)),
    contender("decode", "JSON", () => JSON.parse(text)),
  ];
}

/** A document with a map for each record. */
function yDoc(value) {
  const doc = new Y.Doc();
  // A fixed one, because the bytes of an update depend on it; as long as most random ones are.
  doc.clientID = 0x9e3779b9;
  doc.transact(() => {
    const records = doc.getMap("records");
    for (const [key, record] of Object.entries(value.records)) {
      records.set(key, new Y.Map(Object.entries(record)));
    }
  });
  return doc;
}

/** What sets the quantity of the edited record, by turns to 1 and to 0. */
function yEdit(doc, key) {
  const record = doc.getMap("records").get(key);
  const turn = turns();
  return () => record.set("quantity", 1 - turn());
}

/** Yjs has no diff of two values: an edit is made, and what it adds to the document is what is sent. */
function yjs({ old, editedKey }) {
  const [heard, asked] = [yDoc(old), yDoc(old)];
  let update;
  heard.on("update", (bytes) => (update = bytes));
  const [editHeard, editAsked] = [yEdit(heard, editedKey), yEdit(asked, editedKey)];
  const resting = yDoc(old);
  const bytes = Y.encodeStateAsUpdate(resting);
  return [
    contender("diff", "Yjs, set with update event", () => (editHeard(), update)),
    contender("diff", "Yjs, set and encodeStateAsUpdate", () => {
      const before = Y.encodeStateVector(asked);
      editAsked();
      return Y.encodeStateAsUpdate(asked, before);
    }),
    contender("encode", "Yjs", () => Y.encodeStateAsUpdate(resting)),
    contender("decode", "Yjs", () => Y.applyUpdate(new Y.Doc(), bytes)),
  ];
}

/** The list of the Rust side, which names it in the same order. */
function ours(wasm, { records, ours }) {
  const found = wasm.prepare(records);
  if (found !== ours.length) throw new Error(`the wasm has ${found} contenders`);
  return ours.map(([group, name], at) => ({ group, name, run: (n) => wasm.run(at, n) }));
}

/** The bytes of the diff of the edit in each one's own form. */
function bytes({ old, edited, editedKey }) {
  const json = (value) => Buffer.byteLength(JSON.stringify(value));
  const doc = yDoc(old);
  let update;
  doc.on("update", (bytes) => (update = bytes));
  yEdit(doc, editedKey)();
  return [
    ["fast-json-patch, as JSON", json(jsonPatch.compare(old, edited))],
    ["jsondiffpatch, as JSON", json(jsonDiffPatch.diff(old, edited))],
    ["deep-object-diff, as JSON", json(deepObjectDiff(old, edited))],
    ["Yjs, update event", update.length],
  ];
}

const nanoseconds = (run, iterations) => {
  const started = process.hrtime.bigint();
  run(iterations);
  return Number(process.hrtime.bigint() - started);
};

/** So many iterations that one sample takes as long as it should, found when the code is warm. */
function iterations(run, sampleNanos) {
  for (let count = 1; ; count *= 2) {
    const took = nanoseconds(run, count);
    if (took > sampleNanos / 4) return Math.max(1, Math.round((count * sampleNanos) / took));
  }
}

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const task = JSON.parse((await lines.next()).value);
const wasm = (await WebAssembly.instantiate(readFileSync(task.wasm))).instance.exports;
const contenders = [...ours(wasm, task), ...plainObjects(task), ...yjs(task)];
const counts = contenders.map(({ run }) => iterations(run, task.sampleNanos));

const versions = createRequire(import.meta.url)("../../package.json").devDependencies;
const peers = ["fast-json-patch", "jsondiffpatch", "deep-object-diff", "yjs"];
answer({
  version: process.version,
  peers: peers.map((name) => `${name} ${versions[name]}`),
  optLevel: String.fromCharCode(wasm.opt_level()),
  contenders: contenders.map(({ group, name }) => [group, name]),
  diffBytes: bytes(task),
});
for await (const _ of lines) {
  answer(contenders.map(({ run }, at) => nanoseconds(run, counts[at]) / counts[at]));
}
