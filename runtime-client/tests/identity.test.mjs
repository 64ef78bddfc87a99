/** What did not change stays the object that it is, and what came out is always the value. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { conversions, glue, item, sample, step, wasm, wide } from "./fixture.mjs";

const app = await glue();
await app.default({ module_or_path: await wasm() });
const plain = conversions(app.sampleLaws());
const { change, follow, followUntyped, handIn, roundTrip, shareParts } = conversions(app.wideLaws());

const published = roundTrip(wide());
/** Everything but these parts is the same object in both. */
function kept(now, old, ...changed) {
  for (const [key, part] of Object.entries(old)) {
    if (!changed.includes(key)) {
      assert.equal(now[key], part, key);
    }
  }
}

test("a value that is read anew keeps every object", () => {
  assert.equal(shareParts(published, wide()), published);
  for (const [key, part] of Object.entries({ votes: 6n, photo: new Uint8Array([1, 2]), born: new Date(1), labels: new Set(["a"]), json: [] })) {
    const now = shareParts(published, wide({ [key]: part }));
    assert.deepEqual(now, wide({ [key]: part }));
    kept(now, published, key);
  }
});

test("a change keeps every object that it does not go through", () => {
  const diffs = [
    { votes: { $add: 1n } },
    { body: { $splice: [[0, 0, "x"]] } },
    { labels: { $add: ["z"] } },
    { steps: { $change: new Map([["s2", { text: "new" }]]) } },
    { steps: { $move: [{ keys: ["s1"] }] } },
    { json: { ...wide().json, text: "new" } },
    { byFlag: new Map([[true, new Uint8Array(1)]]) },
  ];
  for (const diff of diffs) {
    const before = structuredClone(published);
    const now = change(diff, published);
    const [key] = Object.keys(diff);
    assert.notEqual(now[key], published[key]);
    kept(now, published, key);
    assert.deepEqual(published, before, "what was published stays as it is");
  }
  const map = change({ byFlag: new Map([[true, new Uint8Array(1)]]) }, published).byFlag;
  assert.equal(map.get(false), published.byFlag.get(false));
  const { json } = change({ json: { ...wide().json, text: "new" } }, published);
  assert.equal(json.list, published.json.list);
  assert.equal(json.empty, published.json.empty);
});

test("elements with keys stay, wherever they go", () => {
  const old = published.steps;
  const is = (diff, expected) => {
    const { steps } = change({ steps: diff }, published);
    assert.deepEqual(steps.map((one) => (old.includes(one) ? one.id : `${one.id}*`)).join(" "), expected);
    return steps;
  };
  is({ $move: [{ keys: ["s1"], after: "s3" }] }, "s2 s3 s1 s4");
  is({ $remove: ["s1", "s3"] }, "s2 s4");
  is({ $insert: [{ items: [step("x")], after: null }] }, "x* s1 s2 s3 s4");
  const edited = is({ $change: new Map([["s3", { text: "new" }]]) }, "s1 s2 s3* s4");
  assert.equal(edited[2].tags, old[2].tags);
  const moved = is({ $change: new Map([["s3", { text: "new" }]]), $move: [{ keys: ["s3"], after: null }], $remove: ["s2"] }, "s3* s1 s4");
  assert.equal(moved[0].inner, old[2].inner);
  is([step("s4"), step("s3", { text: "new" }), step("s1"), step("s5")], "s4 s3* s1 s5*");
  const { lines } = change({ lines: { $move: [{ keys: [1n], after: null }] } }, published);
  assert.deepEqual([lines[0], lines[1]], [published.lines[1], published.lines[0]]);
  assert.equal(lines[0], published.lines[1]);
  assert.equal(lines[1], published.lines[0]);
});

test("elements without keys stay, wherever they go", () => {
  const letters = (text) => [...text].map((letter) => item(letter));
  const old = plain.roundTrip(sample({ items: letters("abcdefgh") }));
  for (const text of ["bdfh", "abxcdyefgh", "hgfedcba", "efghabcd", "badcfehg", "xbcdefgy", "aacbdefgh", "cXaYb"]) {
    for (const now of [plain.follow(old, sample({ items: letters(text) })), plain.shareParts(old, sample({ items: letters(text) }))]) {
      assert.deepEqual(now.items, letters(text));
      const seen = new Set();
      for (const element of now.items) {
        const before = old.items.find(({ text: letter }) => letter === element.text);
        assert.ok(before === undefined || element === before || seen.has(element.text), `${text}: ${element.text}`);
        seen.add(element.text);
      }
    }
  }
  // An element that is edited keeps what is in it.
  const nested = plain.roundTrip(sample({ items: [item("a", false, letters("xy")), item("b")] }));
  const now = plain.follow(nested, sample({ items: [item("new", false, letters("xy")), item("b")] }));
  assert.equal(now.items[0].inner, nested.items[0].inner);
  // Objects that are no plain ones, too.
  const dates = [3, 1, 2].map((millis) => new Date(millis));
  const photos = [2, 3].map((byte) => new Uint8Array([byte]));
  const before = roundTrip(wide({ dates: dates.toSorted((a, b) => a - b), photos: [new Uint8Array([1]), ...photos] }));
  const after = follow(before, wide({ dates, photos }));
  assert.deepEqual(after.dates.map((date) => before.dates.indexOf(date)), [2, 0, 1]);
  assert.deepEqual(after.photos.map((photo) => before.photos.indexOf(photo)), [1, 2]);
});

test("a long list in another order costs no more than it must", () => {
  const many = Array.from({ length: 3_000 }, (_, at) => item(`${at}`));
  const old = plain.roundTrip(sample({ items: many }));
  const now = plain.follow(old, sample({ items: many.toReversed() }));
  assert.deepEqual(now.items, many.toReversed());
});

test("numbers in JSON that nobody changes stay exact", () => {
  const old = roundTrip(wide({ json: { whole: 1, list: [1, 2.5] } }));
  assert.equal(shareParts(old, wide({ json: { whole: 1, list: [1, 2.5] } })), old);
  assert.deepEqual(app.exactNumbers(), { list: [1, 2 ** 60, -0] });
});

test("a change that was made without the kinds leads to the same", () => {
  const values = [
    { shape: { type: "circle", radius: 9, centre: { x: 1, y: 2 } } },
    { shape: { type: "box", x: 1, y: 2 } },
    { event: { what: "moved", with: { from: { x: 5, y: 0 }, to: { x: 3, y: 4 } } } },
    { corner: { x: 7, y: 1 }, loose: {} },
    { labels: new Set(["q"]), votes: 9n, body: "x", maybeShape: { type: "point" } },
    { steps: [step("s2"), step("s1")], photos: [], json: { list: [] } },
  ];
  for (const parts of values) {
    const now = followUntyped(published, wide(parts));
    assert.deepEqual(now, wide(parts));
    kept(now, published, ...Object.keys(parts));
  }
  const now = followUntyped(published, wide(values[0]));
  assert.equal(now.shape.centre, published.shape.centre);
});

test("what a user wrote into the published value and handed in comes out, as in Svelte", () => {
  const writings = [
    (value) => value.steps.reverse(),
    (value) => value.steps.push(step("new")),
    (value) => value.steps.splice(1, 2),
    (value) => value.steps.sort((a, b) => (a.id < b.id ? 1 : -1)),
    (value) => (value.steps[1].text = "in place"),
    (value) => value.steps[2].tags.unshift("first"),
    (value) => value.photos.reverse(),
    (value) => value.dates.unshift(new Date(7), new Date(8)),
    (value) => value.json.list.reverse(),
    (value) => delete value.json.text,
    (value) => value.labels.add("new"),
    (value) => value.byFlag.delete(true),
    (value) => (value.maybeList = [1]),
    (value) => (value.shape = { type: "point" }),
  ];
  for (const write of writings) {
    const shown = roundTrip(wide());
    write(shown);
    const expected = structuredClone(shown);
    assert.deepEqual(handIn(wide(), shown), expected, String(write));
  }
});

test("whatever a user wrote into a published value, the value comes out", () => {
  for (const strange of [undefined, null, 5, [], {}, { labels: new Map() }, wide({ steps: {}, photos: 5, byFlag: {}, labels: [] })]) {
    assert.deepEqual(shareParts(strange, wide()), wide());
  }
});
