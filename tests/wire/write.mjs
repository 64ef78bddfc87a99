/** Prints what cbor-x writes, one case of one mode a line, as JSON. */

import { readFileSync } from "node:fs";

import { cases, instants, ours, proto, refused } from "./cases.mjs";
import { chance } from "./chance.mjs";
import { MODES, hex } from "./modes.mjs";

const print = (line) => console.log(JSON.stringify(line));

/** The examples of docs/protocol.md that are messages: their notation is JSON as well. */
function* messages() {
  const text = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  for (const [, kind, tree] of text.matchAll(/```cbor (request|downstream)\n(.*?)\n--\n/gs)) {
    yield { kind, tree, value: JSON.parse(tree) };
  }
}

/** The same with its versions as big integers, and properties that are not set. */
function varied(value) {
  if (Number.isInteger(value) && value > 2 ** 32) return BigInt(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => varied(item));
  const entries = Object.entries(value).map(([key, inner]) => [key, varied(inner)]);
  return Object.fromEntries([["unknown", undefined], ...entries, ["another", undefined]]);
}

for (const [mode, encoder] of Object.entries(MODES)) {
  for (const [name, value, tree] of cases) {
    print({ kind: "value", mode, name, hex: hex(encoder.encode(value)), tree: tree[mode] ?? tree });
  }
  for (const [name, value, says] of refused) {
    print({ kind: "refused", mode, name, hex: hex(encoder.encode(value)), says });
  }
  for (const [name, , , tree] of ours) {
    print({ kind: "ours", mode, name, hex: "", tree });
  }
  print({ kind: "proto", mode, name: "__proto__", hex: hex(encoder.encode(proto[0])), tree: proto[1] });
  for (const millis of instants) {
    print({ kind: "instant", mode, name: `${millis}`, hex: hex(encoder.encode(new Date(millis))), tree: "" });
  }
  for (let seed = 0; seed < 200; seed += 1) {
    print({ kind: "chance", mode, name: `seed ${seed}`, hex: hex(encoder.encode(chance(seed))), tree: "" });
  }
  for (const { kind, tree, value } of messages()) {
    for (const message of [value, varied(value)]) {
      print({ kind, mode, name: tree, hex: hex(encoder.encode(message)), tree });
    }
  }
}
