/** Values and diffs between JavaScript and the trees that the wasm holds. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { conversions, glue, item, refusal, sample, wasm } from "./fixture.mjs";

const app = await glue();
await app.default({ module_or_path: await wasm() });
const { diff, follow, readDiff, roundTrip, shareParts } = conversions(app.sampleLaws());

const refused = (parts) => refusal(() => roundTrip(sample(parts)));

test("a value comes back as it was", () => {
  const value = sample();
  const copy = roundTrip(value);
  assert.deepEqual(copy, value);
  assert.notEqual(copy, value);
});

test("every edge of the numbers survives", () => {
  for (const ratio of [0, -0, 1, 1e300, 5e-324, NaN, Infinity, -Infinity, 2 ** 53]) {
    assert.ok(Object.is(roundTrip(sample({ ratio })).ratio, ratio), String(ratio));
  }
  for (const count of [-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 53n + 1n]) {
    assert.equal(roundTrip(sample({ count })).count, count);
  }
  for (const total of [0n, 2n ** 63n, 2n ** 64n - 1n]) {
    assert.equal(roundTrip(sample({ total })).total, total);
  }
  assert.equal(roundTrip(sample({ small: 255 })).small, 255);
});

test("a whole number is taken for a bigint, and a bigint for a number", () => {
  const copy = roundTrip(sample({ count: -3, total: 4, small: 9n }));
  assert.deepEqual([copy.count, copy.total, copy.small], [-3n, 4n, 9]);
});

test("what does not fit is named with its place", () => {
  const cases = [
    [{ done: "yes" }, "done: expected a boolean, found a string"],
    [{ items: [item("x"), { ...item("y"), done: 1 }] }, "items.1.done: expected a boolean, found a number"],
    [{ title: null }, "title: expected a string, found null"],
    [{ small: 256 }, "small: 256 is out of the range of u8"],
    [{ small: -1n }, "small: -1 is out of the range of u8"],
    [{ small: 1.5 }, "small: expected a whole number, found 1.5"],
    [{ small: NaN }, "small: expected a whole number, found NaN"],
    [{ count: 2n ** 63n }, "count: 9223372036854775808 is out of the range of i64"],
    [{ total: -1 }, "total: -1 is out of the range of u64"],
    [{ total: 2n ** 64n }, "total: 18446744073709551616 is out of the range of u64"],
    [{ total: 2 ** 54 }, "total: 18014398509481984 is more than a number holds exactly: give it as a bigint"],
    [{ count: "5" }, "count: expected a bigint (i64), found a string"],
    [{ mood: "sad" }, 'mood: "sad" is no Mood: expected one of calm, busy'],
    [{ mood: 1 }, "mood: expected a string (Mood), found a number"],
    [{ due: "soon" }, "due: expected a number, found a string"],
    [{ due: undefined }, 'the field "due" is missing'],
    [{ tags: "a" }, "tags: expected an array, found a string"],
    [{ tags: ["a", , "c"] }, "tags.1: expected a string, found undefined"],
    [{ tags: new Uint8Array(2) }, "tags: expected an array, found a Uint8Array"],
    [{ limits: new Map() }, "limits: expected an object, found a Map"],
    [{ limits: { doing: "x" } }, "limits.doing: expected an integer (i32), found a string"],
    [{ byNumber: {} }, "byNumber: expected a Map, found an object"],
    [{ byNumber: new Map([["1", item("x")]]) }, "byNumber.1: expected an integer (u32), found a string"],
    [{ byNumber: new Map([[2, 3]]) }, "byNumber.2: expected an object (Item), found a number"],
    [{ owner: [] }, "owner: expected an object (Item), found an array"],
    [{ owner: new Date(0) }, 'owner: the field "text" is missing'],
    [{ colour: "red" }, /^unknown field "colour": expected one of title, done, /],
    [{ title: () => "x" }, "title: expected a string, found a function"],
    [{ title: Symbol("x") }, "title: expected a string, found a symbol"],
  ];
  for (const [parts, expected] of cases) {
    const found = refused(parts);
    if (expected instanceof RegExp) {
      assert.match(found, expected);
    } else {
      assert.equal(found, expected);
    }
  }
  assert.equal(refusal(() => roundTrip(undefined)), "expected an object (Sample), found undefined");
});

test("undefined is absent, and inherited functions are not there", () => {
  const value = sample({ colour: undefined });
  delete value.extra;
  delete value.valueOf;
  const copy = roundTrip(value);
  assert.equal("extra" in copy, false);
  assert.equal(Object.hasOwn(copy, "valueOf"), false);
  assert.deepEqual(roundTrip(sample({ limits: { a: 1, b: undefined } })).limits, { a: 1 });
});

test("class instances and proxies are read like plain objects", () => {
  class Mine {
    constructor() {
      Object.assign(this, item("mine"));
    }
  }
  const owner = new Proxy(new Mine(), {});
  const tags = new Proxy(["p"], {});
  const copy = roundTrip(sample({ owner, tags }));
  assert.deepEqual(copy.owner, item("mine"));
  assert.deepEqual(copy.tags, ["p"]);
});

test("an exception of a getter or a proxy is an error with its place", () => {
  const owner = item("x");
  Object.defineProperty(owner, "done", {
    enumerable: true,
    get() {
      throw new Error("boom");
    },
  });
  assert.equal(refused({ owner }), "owner.done: reading it threw Error: boom");
  const limits = new Proxy({}, { ownKeys: () => { throw new TypeError("no keys"); } });
  assert.equal(refused({ limits }), "limits: reading it threw TypeError: no keys");
  const thrower = { toString() { throw 1; } };
  const parts = { get left() { throw thrower; } };
  assert.equal(refused({ parts }), "parts: reading it threw an exception");
});

test("a list that a getter shortens is read to its new end", () => {
  const tags = ["a", "b", "c"];
  Object.defineProperty(tags, 0, { get: () => { tags.length = 1; return "a"; } });
  assert.deepEqual(roundTrip(sample({ tags })).tags, ["a"]);
});

test("nesting has an end, also for an object that contains itself", () => {
  const inside = item("round");
  inside.inner.push(inside);
  assert.match(refused({ owner: inside }), /: nested too deep, or an object that contains itself$/);
  let deep = item("deepest");
  for (let level = 0; level < 20; level += 1) {
    deep = item("level", false, [deep]);
  }
  assert.deepEqual(roundTrip(sample({ owner: deep })).owner, deep);
});

test("a key named __proto__ is a key", () => {
  const limits = JSON.parse('{"__proto__": 1, "b": 2}');
  const copy = roundTrip(sample({ limits })).limits;
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.deepEqual(Object.entries(copy), [["__proto__", 1], ["b", 2]]);
  const changed = follow(sample({ limits }), sample({ limits: JSON.parse('{"__proto__": 5, "b": 2}') }));
  assert.equal(Object.getPrototypeOf(changed.limits), Object.prototype);
  assert.deepEqual(Object.entries(changed.limits), [["__proto__", 5], ["b", 2]]);
  const removed = follow(changed, sample({ limits: { b: 2 } }));
  assert.deepEqual(Object.entries(removed.limits), [["b", 2]]);
});

test("the patch has what changed and nothing else", () => {
  const cases = [
    [{}, undefined],
    [{ title: "Draw" }, { title: "Draw" }],
    [{ due: 3 }, { due: 3 }],
    [{ owner: null }, { owner: null }],
    [{ owner: item("owner", true) }, { owner: { done: true } }],
    [{ limits: { doing: 4, late: 1 } }, { limits: { done: [1], doing: 4, late: 1 } }],
    [{ parts: { left: item("left") } }, { parts: { right: [1] } }],
    [{ parts: {} }, { parts: { left: [1], right: [1] } }],
    [{ tags: [] }, { tags: [0, []] }],
    [{ items: [] }, { items: [0, []] }],
    [{ byBig: new Map() }, { byBig: new Map([["9007199254740993", [1]]]) }],
    [{ parts: { left: item("left"), right: item("right"), up: item("up") } }, { parts: { up: [0, item("up")] } }],
  ];
  for (const [parts, expected] of cases) {
    const patch = diff(sample(), sample(parts));
    if (parts.byBig === undefined) {
      assert.deepEqual(patch, expected);
    } else {
      assert.deepEqual([...patch.byBig], [[9007199254740993n, [1]]]);
    }
  }
  const byNumber = new Map([[20, item("20th")], [3, item("third")]]);
  assert.deepEqual(
    diff(sample(), sample({ byNumber })).byNumber,
    new Map([[1, [1]], [3, [0, item("third")]], [20, { text: "20th" }]]),
  );
  assert.deepEqual(diff(sample({ due: null }), sample({ due: 0 })), { due: 0 });
  assert.deepEqual(diff(sample({ ratio: 0 }), sample({ ratio: -0 })), { ratio: -0 });
  assert.equal(diff(sample({ ratio: NaN }), sample({ ratio: NaN })), undefined);
});

test("keys in another order are no change", () => {
  const many = (keys) => Object.fromEntries(keys.map((key) => [key, key.length]));
  const keys = Array.from({ length: 300 }, (_, at) => `${(at * 7919) % 1000}x`.slice(0, -(at % 2) || undefined));
  assert.equal(diff(sample({ limits: many(keys) }), sample({ limits: many(keys.toReversed()) })), undefined);
  const value = sample();
  const turned = Object.fromEntries(Object.entries(value).reverse());
  assert.equal(diff(value, turned), undefined);
});

test("a field that has a default cannot be left out of a value that replaces one", () => {
  const value = sample();
  delete value.extra;
  assert.equal(refusal(() => diff(sample(), value)), 'the field "extra" is missing');
});

test("a change makes new objects along its path and keeps the others", () => {
  const old = roundTrip(sample());
  const before = structuredClone(old);
  const now = follow(old, sample({ owner: item("owner", true), limits: { doing: 9, done: -1 } }));
  assert.deepEqual(now, sample({ owner: item("owner", true), limits: { doing: 9, done: -1 } }));
  assert.deepEqual(old, before, "what was published stays as it is");
  assert.notEqual(now, old);
  assert.notEqual(now.owner, old.owner);
  assert.notEqual(now.limits, old.limits);
  for (const key of ["tags", "items", "parts", "byNumber", "byBig"]) {
    assert.equal(now[key], old[key], key);
  }
  assert.equal(now.owner.inner, old.owner.inner);
  const map = follow(old, sample({ byNumber: new Map([[1, item("1st")], [20, item("twentieth")]]) })).byNumber;
  assert.notEqual(map, old.byNumber);
  assert.equal(map.get(20), old.byNumber.get(20));
  assert.equal(map.get(1).inner, old.byNumber.get(1).inner);
});

test("a list that is replaced keeps its elements", () => {
  const letters = (text) => [...text].map((letter) => item(letter));
  const old = roundTrip(sample({ items: letters("abcdef") }));
  const kept = (text) => {
    const { items } = follow(old, sample({ items: letters(text) }));
    assert.deepEqual(items, letters(text));
    return items.filter((element) => old.items.includes(element)).map((element) => element.text).join("");
  };
  assert.equal(kept("abcdefg"), "abcdef", "added at the end");
  assert.equal(kept("xabcdef"), "abcdef", "added at the front");
  assert.equal(kept("abxcdef"), "abcdef", "added between");
  assert.equal(kept("bcdef"), "bcdef", "removed at the front");
  assert.equal(kept("abef"), "abef", "removed between");
  assert.equal(kept("abxdef"), "abdef", "changed");
  assert.equal(kept(""), "");
});

test("a value read anew keeps what is the same", () => {
  const old = roundTrip(sample());
  assert.equal(shareParts(old, sample()), old);
  const now = shareParts(old, sample({ title: "Draw" }));
  assert.notEqual(now, old);
  assert.equal(now.items, old.items);
  assert.deepEqual(now, sample({ title: "Draw" }));
  // Whatever was published or written into it, the result is the value.
  for (const strange of [undefined, null, 5, [], { title: 1 }, { ...sample(), more: 1 }, sample({ items: {}, byNumber: [] })]) {
    assert.deepEqual(shareParts(strange, sample()), sample());
  }
});

test("a diff is read as its type says", () => {
  const cases = [
    [{}, undefined],
    [{ title: undefined }, undefined],
    [{ title: "Draw", due: null }, { title: "Draw", due: null }],
    [{ count: 1n, small: 2 }, { count: 1, small: 2 }],
    [{ tags: ["x"] }, { tags: [0, ["x"]] }],
    [{ owner: { done: true } }, { owner: { done: true } }],
    [{ owner: {} }, undefined],
    [{ owner: null }, { owner: null }],
    [{ owner: { $set: item("new") } }, { owner: [0, item("new")] }],
    [{ owner: { $set: null } }, { owner: null }],
    [{ limits: { doing: 1, done: { $remove: true } } }, { limits: { doing: 1, done: [1] } }],
    [{ limits: { $set: { a: 1 } } }, { limits: [0, { a: 1 }] }],
    [{ limits: { $set: {} } }, { limits: [0, {}] }],
    [{ parts: { left: { text: "l" }, up: { $set: item("up") } } }, { parts: { left: { text: "l" }, up: [0, item("up")] } }],
    [{ tags: { $set: ["y"] } }, { tags: [0, ["y"]] }],
    [{ title: { $set: "Draw" } }, { title: "Draw" }],
    [{ byNumber: new Map([[1, { $remove: true }], [20, { done: true }]]) }, { byNumber: new Map([[1, [1]], [20, { done: true }]]) }],
  ];
  for (const [given, expected] of cases) {
    assert.deepEqual(readDiff(given, sample()), expected);
  }
});

test("a diff that does not fit is refused with its place", () => {
  const cases = [
    [{ colour: 1 }, /^unknown field "colour"/],
    [{ $set: sample() }, /^unknown field "\$set"/],
    [{ owner: { $remove: true } }, "owner: only an entry of a map can be removed"],
    [{ limits: { done: { $remove: false } } }, "limits.done: to remove an entry, give it as { $remove: true }"],
    [{ limits: { done: null } }, "limits.done: expected an integer (i32), found null"],
    [{ owner: { done: 5 } }, "owner.done: expected a boolean, found a number"],
    [{ parts: { left: { $set: { text: "x" } } } }, 'parts.left: the field "done" is missing'],
    [{ items: { 0: { done: true } } }, "items: expected an array, found an object"],
    [null, "expected an object (Sample), found null"],
  ];
  for (const [given, expected] of cases) {
    const found = refusal(() => readDiff(given, sample()));
    if (expected instanceof RegExp) {
      assert.match(found, expected);
    } else {
      assert.equal(found, expected);
    }
  }
});

test("any two values: the patch leads from one to the other", () => {
  let state = 7;
  const random = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const some = (make, most = 4) => Array.from({ length: random(most) }, make);
  const anItem = (depth = 2) => item(`t${random(3)}`, random(2) === 1, depth > 0 ? some(() => anItem(depth - 1), 3) : []);
  const aSample = () =>
    sample({
      title: `t${random(4)}`,
      small: random(3),
      count: BigInt(random(3)),
      due: random(2) === 0 ? null : random(3),
      mood: random(2) === 0 ? "calm" : "busy",
      tags: some(() => `${random(3)}`),
      items: some(() => anItem()),
      limits: Object.fromEntries(some(() => [`${random(5)}`, random(3)])),
      parts: Object.fromEntries(some(() => [`k${random(5)}`, anItem()])),
      byNumber: new Map(some(() => [random(5), anItem()])),
      byBig: new Map(some(() => [BigInt(random(5)), `${random(3)}`])),
      owner: random(2) === 0 ? null : anItem(),
    });
  let published = roundTrip(aSample());
  for (let round = 0; round < 1_000; round += 1) {
    const next = aSample();
    diff(published, next);
    const now = follow(published, next);
    assert.deepEqual(now, next);
    assert.deepEqual(shareParts(published, next), next);
    published = now;
  }
});
