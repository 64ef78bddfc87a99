/** Values of every kind that an entity can hold, and what differs between two of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { conversions, glue, refusal, step, wasm, wide } from "./fixture.mjs";

const app = await glue();
await app.default({ module_or_path: await wasm() });
const { diff, follow, roundTrip, shareParts } = conversions(app.wideLaws());

const trip = (parts) => roundTrip(wide(parts));
const refused = (parts) => refusal(() => trip(parts));
/** The patch of one field. */
const between = (before, after) => diff(wide(before), wide(after));

test("a value of every kind comes back as it was", () => {
  const value = wide();
  const copy = roundTrip(value);
  assert.deepEqual(copy, value);
  assert.notEqual(copy.photo, value.photo);
  assert.notEqual(copy.photo.buffer, value.photo.buffer);
  assert.notEqual(copy.born, value.born);
  assert.deepEqual([copy.photo.constructor, copy.born.constructor], [Uint8Array, Date]);
  assert.equal(Object.getPrototypeOf(copy.byMood), Object.prototype);
});

test("dates have milliseconds, also before 1970, from the year 1 to 9999", () => {
  const dates = [
    "0001-01-01T00:00:00.000Z",
    "1582-10-15T00:00:00.001Z",
    "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00.000Z",
    "2024-02-29T12:34:56.789Z",
    "9999-12-31T23:59:59.999Z",
  ].map((text) => new Date(text));
  assert.deepEqual(trip({ dates }).dates, dates);
  const spread = Array.from({ length: 5_000 }, (_, at) => new Date(at * 12_345_678_901 - 30_000_000_000_007));
  assert.deepEqual(trip({ dates: spread }).dates, spread);
  assert.equal(refused({ born: new Date(NaN) }), "born: the Date is invalid");
  assert.equal(refused({ born: new Date("0000-12-31T23:59:59.999Z") }), "born: instants are from the year 1 to 9999");
  assert.equal(refused({ born: new Date("+010000-01-01") }), "born: instants are from the year 1 to 9999");
  assert.equal(refused({ born: 5 }), "born: expected a Date, found a number");
  assert.equal(refused({ born: "2024-02-29" }), "born: expected a Date, found a string");
  class Later extends Date {}
  assert.deepEqual(trip({ born: new Later(7) }).born, new Date(7));
});

test("bytes are taken from whatever has them", () => {
  const bytes = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
  const within = bytes.subarray(2, 6);
  assert.deepEqual(trip({ photo: within }).photo, new Uint8Array([2, 3, 4, 5]));
  assert.deepEqual(trip({ photo: bytes.buffer }).photo, bytes);
  assert.deepEqual(trip({ photo: new DataView(bytes.buffer, 6) }).photo, new Uint8Array([6, 7]));
  assert.deepEqual(trip({ photo: new Uint16Array([0x0201]) }).photo, new Uint8Array([1, 2]));
  assert.deepEqual(trip({ photo: new Uint8Array(0) }).photo, new Uint8Array(0));
  assert.deepEqual(trip({ photo: Buffer.from("hi") }).photo, new Uint8Array([104, 105]));
  const large = new Uint8Array(100_000).map((_, at) => at * 7);
  assert.deepEqual(trip({ photo: large }).photo, large);
  assert.equal(refused({ photo: [1, 2] }), "photo: expected a Uint8Array, found an array");
  assert.equal(refused({ photo: "hi" }), "photo: expected a Uint8Array, found a string");
  const moved = new Uint8Array(4);
  structuredClone(moved.buffer, { transfer: [moved.buffer] });
  assert.match(refused({ photo: moved }), /^photo: reading it threw TypeError/);
});

test("empty, null and absent stay apart", () => {
  const full = { maybePhoto: new Uint8Array(0), maybeBorn: new Date(0), maybeLabels: new Set(), maybeList: [] };
  for (const [key, empty] of Object.entries(full)) {
    assert.deepEqual(trip({ [key]: empty })[key], empty);
    assert.equal(trip({ [key]: null })[key], null);
    assert.equal(refused({ [key]: undefined }), `the field "${key}" is missing`);
    assert.notEqual(between({ [key]: null }, { [key]: empty }), undefined);
    assert.deepEqual(between({ [key]: empty }, { [key]: null }), { [key]: null });
    assert.equal(between({ [key]: empty }, { [key]: empty }), undefined);
  }
  assert.deepEqual(trip({ labels: new Set(), byFlag: new Map(), byMood: {}, steps: [] }).labels, new Set());
  assert.deepEqual(trip({ byFlag: new Map() }).byFlag, new Map());
});

test("elements of a set that are one in Rust are there once", () => {
  assert.deepEqual(trip({ numbers: new Set([1, 1n, 2n]) }).numbers, new Set([1n, 2n]));
  assert.equal(refused({ numbers: new Set([1.5]) }), "numbers.1.5: expected a whole number, found 1.5");
  assert.equal(refused({ labels: ["a"] }), "labels: expected a Set, found an array");
  assert.equal(refused({ moods: new Set(["sad"]) }), 'moods.sad: "sad" is no Mood: expected one of calm, busy');
});

test("keys of maps are what their kind says", () => {
  assert.equal(refused({ byMood: { sad: 1 } }), 'byMood.sad: "sad" is no Mood: expected one of calm, busy');
  assert.equal(refused({ byFlag: new Map([[1, new Uint8Array(0)]]) }), "byFlag.1: expected a boolean, found a number");
  assert.equal(refused({ byId: { "": new Date(0) } }), "byId.: an id must be 1 to 128 bytes without control characters");
  assert.equal(refused({ sample: "a\nb" }), "sample: an id must be 1 to 128 bytes without control characters");
  assert.equal(refused({ sample: 5 }), "sample: expected a string (an id), found a number");
});

test("an enum with data has the shape of its variant", () => {
  const shapes = [{ type: "point" }, { type: "circle", radius: 2, centre: { x: 0, y: 0 } }, { type: "box", x: 1, y: 2 }];
  const marked = { what: "marked", with: new Set([1, 2]) };
  const events = [{ what: "nothing" }, { what: "said", with: "hi" }, marked, wide().event];
  for (const shape of shapes) {
    assert.deepEqual(trip({ shape, maybeShape: shape }).maybeShape, shape);
  }
  for (const event of events) {
    assert.deepEqual(trip({ event }).event, event);
  }
  const cases = [
    [{ shape: {} }, 'shape: the field "type" is missing'],
    [{ shape: { type: 5 } }, "shape.type: expected the name of a variant, found a number"],
    [{ shape: { type: "star" } }, 'shape.type: "star" is no Shape: expected one of point, circle, box'],
    [{ shape: { type: "point", x: 1 } }, 'shape: unknown field "x": expected one of type'],
    [{ shape: { type: "circle", radius: 1 } }, 'shape: the field "centre" is missing'],
    [{ shape: { type: "box", x: 1, y: "2" } }, "shape.y: expected an integer (i32), found a string"],
    [{ shape: "point" }, "shape: expected an object (Shape), found a string"],
    [{ event: { what: "said" } }, 'event: the field "with" is missing'],
    [{ event: { what: "nothing", with: null } }, 'event: unknown field "with": expected one of what'],
    [{ event: { what: "said", with: "x", by: "me" } }, 'event: unknown field "by": expected one of what, with'],
    [{ event: { what: "marked", with: new Set([300]) } }, "event.with.300: 300 is out of the range of u8"],
    [{ event: { what: "moved", with: { from: { x: 1, y: 1 } } } }, 'event.with: the field "to" is missing'],
    [
      { event: { what: "moved", with: { ...wide().event.with, by: 1 } } },
      'event.with: unknown field "by": expected one of from, to',
    ],
  ];
  for (const [parts, expected] of cases) {
    assert.equal(refused(parts), expected);
  }
  assert.deepEqual(between({}, { shape: shapes[0] }), { shape: [0, { type: "point" }] });
  assert.deepEqual(between({ shape: shapes[2] }, { shape: { ...shapes[2], y: 3 } }), { shape: [0, { type: "box", x: 1, y: 3 }] });
});

test("JSON is what JSON.parse gives", () => {
  const values = [null, true, "", 0, -0, 1.5, 2 ** 53, 1e300, [], {}, [[]], [{}], { a: { b: [null] } }, JSON.parse('{"__proto__": 1}')];
  for (const json of values) {
    const copy = trip({ json }).json;
    assert.deepEqual(copy, json);
    assert.ok(typeof json !== "number" || Object.is(copy, json));
  }
  assert.deepEqual(trip({ json: { a: undefined, b: 1 } }).json, { b: 1 });
  assert.equal(refused({ json: NaN }), "json: JSON has no NaN");
  assert.equal(refused({ json: { a: [1, -Infinity] } }), "json.a.1: JSON has no -Infinity");
  assert.equal(refused({ json: undefined }), 'the field "json" is missing');
  assert.equal(refused({ json: [undefined] }), "json.0: expected what JSON has, found undefined");
  assert.equal(refused({ json: 1n }), "json: expected what JSON has, found a bigint");
  assert.equal(refused({ json: new Date(0) }), "json: expected what JSON has, found a Date");
  assert.equal(refused({ json: { a: new Map() } }), "json.a: expected what JSON has, found a Map");
  const round = {};
  round.self = round;
  assert.match(refused({ json: round }), /nested too deep, or an object that contains itself$/);
});

test("a key stands for one element of a list", () => {
  assert.equal(refused({ steps: [step("a"), step("b"), step("a")] }), 'steps: two elements have the id "a"');
  const lines = [{ number: 1, text: "" }, { number: 1n, text: "" }];
  assert.equal(refused({ lines }), 'lines: two elements have the number "1"');
  assert.equal(refused({ steps: { s1: step("s1") } }), "steps: expected an array, found an object");
});

test("the patch says what was done, by the policy of each field", () => {
  const long = { photos: [1, 2, 3, 4, 5].map((byte) => new Uint8Array([byte])) };
  const [first, , third, , fifth] = long.photos;
  const steps = (text) => ({ steps: [...text].map((id) => step(id)) });
  const cases = [
    [{}, {}, undefined],
    [{}, { photo: new Uint8Array([1, 2]) }, { photo: new Uint8Array([1, 2]) }],
    [{}, { born: new Date(5) }, { born: new Date(5) }],
    [{}, { votes: 8n }, { votes: [4, 3] }],
    [{ clicks: 9 }, { clicks: 2 }, { clicks: [4, -7] }],
    [{}, { body: "the dog sat on a mat" }, { body: [2, 4, 3, "dog", 15, 3, "a"] }],
    [{ body: "" }, { body: "\u{1F600}" }, { body: [2, 0, 0, "\u{1F600}"] }],
    [{}, { labels: new Set(["b", "z"]) }, { labels: [3, ["z"], ["a", "c"]] }],
    [{}, { moods: new Set() }, { moods: [3, [], ["busy"]] }],
    [{}, { byMood: { busy: 1 } }, { byMood: { busy: 1, calm: [1] } }],
    [{}, { byFlag: new Map([[true, new Uint8Array([9])]]) }, { byFlag: new Map([[false, [1]]]) }],
    // Several at once.
    [long, { photos: [first, third, fifth] }, { photos: [2, 1, 1, [], 3, 1, []] }],
    [{ maybeList: [1, 2, 3, 4, 5, 6] }, { maybeList: [2, 3, 9, 6] }, { maybeList: [2, 0, 1, [], 3, 2, [9]] }],
    [steps("abcdef"), steps("bdf"), { steps: [5, "id", { a: [1], c: [1], e: [1] }] }],
    // An element that moves while it is edited.
    [steps("abc"), { steps: [step("c", { text: "new" }), step("a"), step("b")] }, { steps: [5, "id", { c: { text: "new" } }, [[null, "c"]]] }],
    [steps("ab"), { steps: [step("a"), step("x"), step("b")] }, { steps: [5, "id", { x: [0, step("x")] }, [["a", "x"]]] }],
    [{ steps: [step("a", steps("x").inner)] }, { steps: [step("a", { inner: [step("n")] })] }, { steps: [5, "id", { a: { inner: [5, "id", { n: [0, step("n")] }, [[null, "n"]]] } }] }],
    [{}, { corner: { x: 7, y: 9 } }, { corner: [0, { x: 7, y: 9 }] }],
    [{}, { loose: { b: 2 } }, { loose: [0, { b: 2 }] }],
    // What prior systems lost.
    [{ json: [] }, { json: {} }, { json: [0, {}] }],
    [{ json: {} }, { json: [] }, { json: [0, []] }],
    [{ json: { a: [] } }, { json: { a: {} } }, { json: { a: [0, {}] } }],
    [{ json: { a: 1, b: 2 } }, { json: { b: 3, c: null } }, { json: { a: [1], b: 3, c: null } }],
    [{ json: [1, 2, 3, 4] }, { json: [1, 3, 4, 5] }, { json: [2, 1, 1, [], 4, 0, [5]] }],
    [{ json: null }, { json: 0 }, { json: 0 }],
    [{ json: 0 }, { json: false }, { json: false }],
  ];
  for (const [before, after, expected] of cases) {
    assert.deepEqual(between(before, after), expected);
    assert.deepEqual(follow(roundTrip(wide(before)), wide(after)), wide(after));
  }
});

test("any two values: the patch leads from one to the other", () => {
  let state = 11;
  const random = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const some = (make, most = 5) => Array.from({ length: random(most) }, make);
  const letters = () => some(() => "abcde"[random(5)]);
  const keys = (most) => [...new Set(some(() => `k${random(7)}`, most))];
  const maybe = (make) => (random(2) === 0 ? null : make());
  const json = (depth = 2) => {
    const make = [() => random(3), () => `${random(3)}`, () => null, () => random(2) === 0];
    const deep = [() => some(() => json(depth - 1)), () => Object.fromEntries(letters().map((key) => [key, json(depth - 1)]))];
    const all = depth > 0 ? [...make, ...deep, ...deep] : make;
    return all[random(all.length)]();
  };
  const bytes = () => new Uint8Array(some(() => random(3)));
  const corner = () => ({ x: random(2), y: random(2) });
  const shape = () => [{ type: "point" }, { type: "circle", radius: random(2), centre: corner() }, { type: "box", ...corner() }][random(3)];
  const event = () =>
    [{ what: "nothing" }, { what: "said", with: `${random(3)}` }, { what: "marked", with: new Set(some(() => random(4))) }, { what: "moved", with: { from: corner(), to: corner() } }][random(4)];
  const steps = (depth = 1) =>
    keys(6).map((id) => step(id, { text: `${random(3)}`, tags: letters(), inner: depth > 0 ? steps(depth - 1) : [] }));
  const some_value = () =>
    wide({
      photo: bytes(),
      born: new Date(random(3)),
      json: json(),
      labels: new Set(letters()),
      numbers: new Set(some(() => BigInt(random(5)))),
      byFlag: new Map(some(() => [random(2) === 0, bytes()])),
      byId: Object.fromEntries(letters().map((id) => [id, new Date(random(2))])),
      shape: shape(),
      event: event(),
      votes: BigInt(random(4)),
      body: letters().join(""),
      steps: steps(),
      lines: [...new Set(some(() => random(6)))].map((number) => ({ number: BigInt(number), text: `${random(2)}` })),
      corner: corner(),
      loose: Object.fromEntries(letters().map((key) => [key, random(2)])),
      maybeLabels: maybe(() => new Set(letters())),
      maybeShape: maybe(shape),
      maybeList: maybe(() => some(() => random(4), 8)),
      photos: some(bytes),
      dates: some(() => new Date(random(4)), 8),
    });
  let published = roundTrip(some_value());
  for (let round = 0; round < 500; round += 1) {
    const next = some_value();
    diff(published, next);
    const now = follow(published, next);
    assert.deepEqual(now, next);
    assert.deepEqual(shareParts(published, next), next);
    assert.equal(shareParts(now, next), now);
    published = now;
  }
});
