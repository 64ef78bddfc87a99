/** Diffs as a user gives them to `patch`, for every kind. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { conversions, glue, refusal, step, wasm, wide } from "./fixture.mjs";

const app = await glue();
await app.default({ module_or_path: await wasm() });
const { change, readDiff } = conversions(app.wideLaws());

/** Each diff in its wire form, of a store that shows `wide(view)`. */
function reads(cases, view = {}) {
  for (const [given, expected] of cases) {
    assert.deepEqual(readDiff(given, wide(view)), expected);
    assert.doesNotThrow(() => change(given, wide(view)));
  }
}

/** What is wrong with each diff. */
function refuses(cases, view = {}) {
  for (const [given, expected] of cases) {
    assert.equal(refusal(() => readDiff(given, wide(view))), expected);
  }
}

test("a value in place of what is only replaced", () => {
  reads([
    [{ photo: new Uint8Array([7]).buffer }, { photo: new Uint8Array([7]) }],
    [{ born: new Date(7) }, { born: new Date(7) }],
    [{ sample: "other" }, { sample: "other" }],
    [{ shape: { type: "point" } }, { shape: [0, { type: "point" }] }],
    [{ shape: { $set: { type: "point" } } }, { shape: [0, { type: "point" }] }],
    [{ corner: { x: 1, y: 1 } }, { corner: [0, { x: 1, y: 1 }] }],
    [{ loose: { $set: 4 } }, { loose: [0, { $set: 4 }] }],
    [{ loose: { $remove: 1 } }, { loose: [0, { $remove: 1 }] }],
    [{ maybeShape: { type: "box", x: 1, y: 2 } }, { maybeShape: [0, { type: "box", x: 1, y: 2 }] }],
    [{ maybePhoto: new Uint8Array(1), maybeBorn: null }, { maybePhoto: new Uint8Array(1), maybeBorn: null }],
  ]);
  refuses([
    [{ corner: { x: 1 } }, 'corner: the field "y" is missing'],
    [{ shape: { type: "box", x: 1 } }, 'shape: the field "y" is missing'],
    [{ photo: { $remove: true } }, "photo: only an entry of a map can be removed"],
    [{ shape: { $remove: true } }, "shape: only an entry of a map can be removed"],
  ]);
});

test("of a whole new value only what differs is sent, where that can be merged", () => {
  reads([
    [{ body: "the cat sat on a mat" }, { body: [2, 15, 3, "a"] }],
    [{ body: wide().body }, undefined],
    [{ labels: new Set(["c", "b", "x"]) }, { labels: [3, ["x"], ["a"]] }],
    [{ labels: new Set(["c", "b", "a"]) }, undefined],
    [{ photos: [new Uint8Array([2])] }, { photos: [2, 0, 1, []] }],
    [{ steps: [step("s4"), step("s1"), step("s3", { text: "new" })] }, { steps: [5, "id", { s2: [1], s3: { text: "new" } }, [[null, "s4"]]] }],
    [{ json: { ...wide().json, text: "u" } }, { json: { text: "u" } }],
    [{ json: { $set: 1 } }, { json: { $set: 1, empty: [1], list: [1], text: [1] } }],
    [{ json: [] }, { json: [0, []] }],
    [{ json: null }, { json: null }],
  ]);
  reads(
    [
      [{ maybeList: [1, 3] }, { maybeList: [2, 1, 1, []] }],
      [{ maybeList: null }, { maybeList: null }],
      [{ maybeLabels: new Set(["a", "b"]) }, { maybeLabels: [3, ["b"], []] }],
    ],
    { maybeList: [1, 2, 3], maybeLabels: new Set(["a"]) },
  );
  // Where nothing is shown there is nothing to compare with.
  reads([
    [{ maybeList: [1] }, { maybeList: [0, [1]] }],
    [{ maybeList: { $set: [] } }, { maybeList: [0, []] }],
    [{ maybeLabels: new Set() }, { maybeLabels: [] }],
  ]);
});

test("a counter is set, or added to", () => {
  reads([
    [{ votes: 7n }, { votes: 7 }],
    [{ votes: { $set: 7n } }, { votes: 7 }],
    [{ votes: { $add: 2n }, clicks: { $add: -6 } }, { votes: [4, 2], clicks: [4, -6] }],
    [{ votes: { $add: -3 } }, { votes: [4, -3] }],
    [{ votes: { $add: 0n } }, undefined],
  ]);
  assert.equal(change({ votes: { $add: -7n } }, wide()).votes, -2n);
  refuses([
    [{ votes: { $add: 1.5 } }, "votes.$add: expected a whole number, found 1.5"],
    [{ clicks: { $add: 300 } }, "clicks.$add: 300 is out of the range of u8"],
    [{ votes: {} }, 'votes: the field "$add" is missing'],
    [{ votes: { $plus: 1 } }, 'votes: unknown change "$plus": there is $add'],
    [{ votes: "1" }, "votes: expected a bigint (i64), found a string"],
  ]);
});

test("a text is spliced at places that count code points", () => {
  const body = "a\u{1F600}b";
  const spliced = (...splices) => change({ body: { $splice: splices } }, wide({ body })).body;
  assert.equal(spliced([2, 0, "x"]), "a\u{1F600}xb");
  assert.equal(spliced([1, 1, ""]), "ab");
  assert.equal(spliced([0, 1, "A"], [2, 1, "B"]), "A\u{1F600}B");
  assert.equal(spliced([0, 1, "A"], [1, 1, "-"], [2, 0, "!"]), "A-!b");
  assert.equal(spliced([3, 0, "end"]), `${body}end`);
  reads([[{ body: { $splice: [] } }, undefined], [{ body: { $splice: [[3, 0, ""]] } }, undefined], [{ body: { $set: "x" } }, { body: "x" }]]);
  refuses([
    [{ body: { $splice: [[2, 2, ""], [3, 0, "x"]] } }, "body.$splice.1: splices come in order and do not overlap"],
    [{ body: { $splice: [{ at: 1 }] } }, "body.$splice.0: expected [at, removed, inserted], found an object"],
    [{ body: { $splice: [[1, 2]] } }, "body.$splice.0: expected a string, found undefined"],
    [{ body: { $splice: [[-1, 2, ""]] } }, "body.$splice.0: -1 is out of the range of u32"],
    [{ body: { $splice: "x" } }, "body.$splice: expected an array, found a string"],
    [{ body: { $add: "x" } }, 'body: unknown change "$add": there is $splice'],
    [{ body: ["x"] }, "body: expected a string, found an array"],
  ]);
});

test("a set is changed by its elements", () => {
  reads([
    [{ labels: { $add: ["z", "y", "z"], $remove: new Set(["a"]) } }, { labels: [3, ["y", "z"], ["a"]] }],
    [{ labels: { $remove: ["a"] } }, { labels: [3, [], ["a"]] }],
    [{ numbers: { $add: [1, 1n].values() } }, { numbers: [3, [1], []] }],
    [{ labels: {} }, undefined],
    [{ labels: { $add: [] } }, undefined],
    [{ labels: { $set: new Set() } }, { labels: [] }],
  ]);
  assert.deepEqual(change({ labels: { $add: ["d"], $remove: ["a", "q"] } }, wide()).labels, new Set(["b", "c", "d"]));
  refuses([
    [{ labels: { $add: "ab" } }, "labels.$add: expected elements in an array or a Set, found a string"],
    [{ labels: { $add: { a: true } } }, "labels.$add: expected elements in an array or a Set, found an object"],
    [{ labels: { $add: [5] } }, "labels.$add.5: expected a string, found a number"],
    [{ labels: { $add: ["a"], $remove: ["a"] } }, "labels.a: an element cannot both come and leave"],
    [{ labels: { $ad: ["a"] } }, 'labels: unknown change "$ad": there is $add and $remove'],
    [{ labels: ["a"] }, "labels: expected a Set, found an array"],
    [{ labels: { $remove: true } }, "labels: only an entry of a map can be removed"],
    [
      { maybeLabels: { $add: ["a"] } },
      "maybeLabels: nothing is there of which a part could change: give the whole as { $set: … }",
    ],
  ]);
});

test("a list with keys is changed by them", () => {
  const ids = (diff) => change({ steps: diff }, wide()).steps.map(({ id }) => id).join(" ");
  assert.equal(ids({ $insert: [{ items: [step("x"), step("y")] }] }), "s1 s2 s3 s4 x y");
  assert.equal(ids({ $insert: [{ items: [step("x")], after: null }, { items: [step("y")], after: "s2" }] }), "x s1 s2 y s3 s4");
  assert.equal(ids({ $insert: [{ items: [step("x")], after: "s1" }, { items: [step("y")], after: "s1" }] }), "s1 x y s2 s3 s4");
  assert.equal(ids({ $move: [{ keys: ["s4", "s1"], after: "s2" }] }), "s2 s4 s1 s3");
  assert.equal(ids({ $move: [{ keys: ["s1"] }], $remove: ["s3"] }), "s2 s4 s1");
  assert.equal(ids({ $move: [{ keys: ["s3"], after: null }], $insert: [{ items: [step("x")], after: null }] }), "x s3 s1 s2 s4");
  reads([
    [{ steps: { $change: new Map([["s2", { text: "new", tags: ["t", "u"] }]]) } }, { steps: [5, "id", { s2: { text: "new", tags: [2, 1, 0, ["u"]] } }] }],
    [{ steps: { $change: new Map([["s2", {}]]) } }, undefined],
    [{ steps: { $change: new Map([["s3", { text: "new" }]]), $move: [{ keys: ["s3"], after: null }] } }, { steps: [5, "id", { s3: { text: "new" } }, [[null, "s3"]]] }],
    [{ steps: { $remove: ["s4", "s2"] } }, { steps: [5, "id", { s2: [1], s4: [1] }] }],
    [{ steps: { $set: [] } }, { steps: [0, []] }],
    [{ steps: {} }, undefined],
    [{ lines: { $remove: [1], $change: new Map([[2n ** 64n - 1n, { text: "x" }]]) } }, { lines: [5, "number", new Map([[1, [1]], [2n ** 64n - 1n, { text: "x" }]])] }],
  ]);
  const inner = { steps: [step("a", { inner: [step("n")] })] };
  assert.equal(change({ steps: { $change: new Map([["a", { inner: { $change: new Map([["n", { text: "deep" }]]) } }]]) } }, wide(inner)).steps[0].inner[0].text, "deep");
  refuses([
    [{ steps: { $insert: [{ items: [step("s1")] }] } }, "steps.$insert.0.items.0: an element with this key is there: change it with $change"],
    [{ steps: { $insert: [{ items: [step("x"), step("x")] }] } }, "steps.$insert.0.items.1.x: the diff changes this element twice"],
    [{ steps: { $insert: [{ items: [{ id: "x" }] }] } }, 'steps.$insert.0.items.0: the field "text" is missing'],
    [{ steps: { $insert: [{ item: step("x") }] } }, 'steps.$insert.0: the field "items" is missing'],
    [{ steps: { $insert: step("x") } }, "steps.$insert: expected an array, found an object"],
    [{ steps: { $change: new Map([["x", { text: "" }]]) } }, "steps.$change.x: no element has this key: put one in with $insert"],
    [{ steps: { $change: { s1: { text: "" } } } }, "steps.$change: expected a Map, found an object"],
    [{ steps: { $change: new Map([["s1", { text: 5 }]]) } }, "steps.$change.s1.text: expected a string, found a number"],
    [{ steps: { $remove: [5] } }, "steps.$remove.0: expected a string, found a number"],
    [{ steps: { $remove: ["s1"], $change: new Map([["s1", { text: "" }]]) } }, "steps.$remove.0.s1: the diff changes this element twice"],
    [{ steps: { $move: [{ keys: ["s1"] }, { keys: ["s1"], after: null }] } }, "steps.$move.1.keys.0.s1: the diff puts this element in two places"],
    [{ steps: { $move: [{ keys: ["s1"], after: 5 }] } }, "steps.$move.0.after: expected a string, found a number"],
    [{ steps: { $sort: true } }, 'steps: unknown change "$sort": there is $insert and $change and $remove and $move'],
    [{ steps: new Map() }, "steps: expected an array, found a Map"],
  ]);
});

test("an entry of a map is changed as its kind is", () => {
  reads([
    [{ byMood: { calm: { $remove: true }, busy: 2 } }, { byMood: { busy: 2, calm: [1] } }],
    [{ byMood: { $set: {} } }, { byMood: [0, {}] }],
    [{ byFlag: new Map([[true, { $remove: true }]]) }, { byFlag: new Map([[true, [1]]]) }],
    [{ byFlag: { $set: new Map() } }, { byFlag: [0, {}] }],
    [{ byId: { two: new Date(2) } }, { byId: { two: new Date(2) } }],
  ]);
  refuses([
    [{ byMood: { sad: 1 } }, 'byMood.sad: "sad" is no Mood: expected one of calm, busy'],
    [{ byMood: { calm: { $remove: 1 } } }, "byMood.calm: to remove an entry, give it as { $remove: true }"],
    [{ byFlag: { true: new Uint8Array(0) } }, "byFlag: expected a Map, found an object"],
  ]);
});
