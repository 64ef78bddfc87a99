/** What the typings of every kind let a user write, and what not. The compiler reads this; nothing runs it. */

import { openWide } from "./fixture.js";
import type { JsonValue, Line, Shape, Step, StepDiff, Wide, WideDiff } from "./fixture.js";

const step: Step = { id: "a", text: "", tags: [], inner: [] };
const line: Line = { number: 1n, text: "" };
const json: JsonValue = { list: [1, "two", null, { three: true }] };
const circle: Shape = { type: "circle", radius: 1, centre: { x: 0, y: 0 } };
const box: Shape = { type: "box", x: 1, y: 2 };

export const value: Wide = {
  photo: new Uint8Array([1]),
  born: new Date(),
  sample: "card-1",
  json,
  labels: new Set(["a"]),
  numbers: new Set([1n]),
  moods: new Set(["calm"]),
  byMood: { calm: 1 },
  byFlag: new Map([[true, new Uint8Array(0)]]),
  byId: { one: new Date() },
  shape: circle,
  event: { what: "moved", with: { from: { x: 0, y: 0 }, to: { x: 1, y: 1 } } },
  votes: 1n,
  clicks: 1,
  body: "",
  steps: [step],
  lines: [line],
  corner: { x: 0, y: 0 },
  loose: { a: 1 },
  maybePhoto: null,
  maybeBorn: null,
  maybeLabels: new Set<string>(),
  maybeShape: box,
  maybeList: null,
  photos: [],
  dates: [],
};

const edit: StepDiff = { text: "new", inner: { $remove: ["b"] } };

export const diffs: WideDiff[] = [
  {},
  { votes: 2n, clicks: 3 },
  { votes: { $add: -1n }, clicks: { $add: 1 } },
  { body: "whole" },
  { body: { $splice: [[0, 1, "x"], [4, 0, "y"]] } },
  { labels: new Set(["b"]) },
  { labels: { $add: ["b"], $remove: new Set(["a"]) } },
  { moods: { $add: ["busy"] }, maybeLabels: null },
  { steps: [step] },
  { steps: { $insert: [{ items: [step], after: null }, { items: [step] }], $move: [{ keys: ["b"], after: "a" }] } },
  { steps: { $change: new Map([["a", edit]]), $remove: ["c"] } },
  { lines: { $remove: [1n], $change: new Map([[2n, { text: "x" }]]) } },
  { byMood: { calm: { $remove: true }, busy: 2 } },
  { byMood: { $set: {} } },
  { byFlag: new Map([[true, { $remove: true } as const]]) },
  { json: { any: ["thing"] }, shape: box, event: { what: "nothing" } },
  { corner: { x: 1, y: 1 }, maybeShape: null, photo: new Uint8Array(1), born: new Date(0) },
];

export function reads(wide: Wide): number | string {
  switch (wide.shape.type) {
    case "point":
      // @ts-expect-error a point has no radius
      return wide.shape.radius;
    case "circle":
      return wide.shape.centre.x + wide.shape.radius;
    case "box":
      return wide.shape.y;
  }
}

const store = openWide("one");
store.patch({ votes: { $add: 1n } });
store.set(value);
store.update((wide) => ({ ...wide, labels: new Set([...wide.labels, "new"]) }));
store.subscribe((wide) => wide?.born.getTime());

store.createIfAbsent(value);
for (const { id, paths, mine, theirs, when } of store.status.problems) {
  store.dismiss(id);
  console.log(paths.join(", "), mine?.body === theirs?.body, new Date(when / 1000), store.status.person);
}

/** Snapshots are not written into. */
export function writes(wide: Wide): void {
  // @ts-expect-error a field
  wide.body = "x";
  // @ts-expect-error a list
  wide.steps.push(step);
  // @ts-expect-error an element of it
  wide.lines[0]!.text = "x";
  // @ts-expect-error a set
  wide.labels.add("x");
  // @ts-expect-error a map
  wide.byFlag.set(true, new Uint8Array(0));
  // @ts-expect-error an object
  wide.byId["one"] = new Date();
  // @ts-expect-error a struct inside
  wide.corner.x = 1;
}

export const wrong: WideDiff[] = [
  // @ts-expect-error a 64-bit counter adds bigints
  { votes: { $add: 1 } },
  // @ts-expect-error a small one numbers
  { clicks: { $add: 1n } },
  // @ts-expect-error a splice has three parts
  { body: { $splice: [[0, 1]] } },
  // @ts-expect-error a text is not added to
  { body: { $add: "x" } },
  // @ts-expect-error elements of another type
  { labels: { $add: [1] } },
  // @ts-expect-error an array is no set
  { labels: ["a"] },
  // @ts-expect-error no such variant
  { moods: { $add: ["sad"] } },
  // @ts-expect-error a key of another type
  { steps: { $remove: [1] } },
  // @ts-expect-error changes by key are in a Map
  { steps: { $change: { a: { text: "" } } } },
  // @ts-expect-error a whole element has all fields
  { steps: { $insert: [{ items: [{ id: "a" }] }] } },
  // @ts-expect-error an atomic struct is replaced whole
  { corner: { x: 1 } },
  // @ts-expect-error a union is replaced whole
  { shape: { type: "circle", radius: 2 } },
  // @ts-expect-error JSON has no dates
  { json: new Date() },
  // @ts-expect-error only what may be null
  { photo: null },
  // @ts-expect-error an entry is removed with true
  { byMood: { calm: { $remove: false } } },
  // @ts-expect-error a date is no number
  { born: 5 },
];
