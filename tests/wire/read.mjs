/** Reads what we wrote, `{kind, mode, name, hex}` a line, and prints each case that cbor-x reads as something else. */

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import { cases, ours } from "./cases.mjs";
import { MODES } from "./modes.mjs";

const expected = {
  value: (name, mode) => {
    const [, value, , ...back] = cases.find((one) => one[0] === name);
    return inMode(back.length > 0 ? back[0] : value, mode);
  },
  instant: (name) => new Date(Number(name)),
  ours: (name, mode) => ours.find((one) => one[0] === name)[mode === "clone" ? 1 : 2],
};

/** What a mode makes of the plain value: `clone` reads maps as `Map`, `recipe` long integers as numbers. */
function inMode(value, mode) {
  const inner = (value) => inMode(value, mode);
  if (typeof value === "bigint" && mode === "recipe" && -(2n ** 64n) < value && value < 2n ** 64n) return Number(value);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Set) return new Set([...value].map(inner));
  if (value instanceof Map) return new Map([...value].map(([key, value]) => [inner(key), inner(value)]));
  if (value === null || Object.getPrototypeOf(Object(value)) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, value]) => [key, inner(value)]);
  return mode === "clone" ? new Map(entries) : Object.fromEntries(entries);
}

/** Bytes of whichever class as one kind of value, other instances by what they show. */
function comparable(value) {
  if (ArrayBuffer.isView(value)) return { bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(comparable);
  if (value instanceof Set) return new Set([...value].map(comparable));
  if (value instanceof Map) return new Map([...value].map(([key, value]) => [comparable(key), comparable(value)]));
  if (value instanceof Error) return `${value}`;
  if (value instanceof Date) return { date: value.getTime() };
  if (value?.constructor?.name === "Tag") return { ...value };
  if (value === null || Object.getPrototypeOf(Object(value)) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, comparable(value)]));
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { kind, mode, name, hex } = JSON.parse(line);
  try {
    const value = MODES[mode].decode(Buffer.from(hex, "hex"));
    assert.deepStrictEqual(comparable(value), comparable(expected[kind](name, mode)));
  } catch (error) {
    console.log(`${mode}: ${name}: ${error.message}`);
  }
  count += 1;
}
console.log(`read ${count}`);
