/**
 * JavaScript values, and the trees that they are on our side.
 *
 * `tree` is in CBOR diagnostic notation, or in that of each mode where they differ. `back` is what the tree is in
 * JavaScript, where that is not the value again.
 */

const bytes = (...numbers) => new Uint8Array(numbers);
const nested = (depth) => (depth === 0 ? 1 : { a: nested(depth - 1) });
const notation = (depth) => (depth === 0 ? "1" : `{"a": ${notation(depth - 1)}}`);
const shared = { k: [1] };
const date = new Date(1500);
const shapes = Array.from({ length: 300 }, (_, n) => ({ [`k${n}`]: n }));

const numbers = [
  ["small integers", [0, 1, 23, 24, 255, 256, 65535, 65536, 4294967295], "[0, 1, 23, 24, 255, 256, 65535, 65536, 4294967295]"],
  ["negative integers", [-1, -24, -25, -256, -257, -65536, -65537, -4294967296], "[-1, -24, -25, -256, -257, -65536, -65537, -4294967296]"],
  ["integers past 32 bits", [2 ** 32, 2 ** 53, -(2 ** 40)], "[4294967296.0, 9007199254740992.0, -1099511627776.0]"],
  ["floats", [1.5, 0.1, -2.75, 1e300, 5e-324, 3.4028234663852886e38], "[1.5, 0.1, -2.75, 1e300, 5e-324, 3.4028234663852886e38]"],
  ["special floats", [NaN, Infinity, -Infinity], "[NaN, inf, -inf]"],
  ["negative zero", -0, "0", 0],
  ["big integers", [2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, -(2n ** 64n) + 1n],
    "[9007199254740992, 9223372036854775807, -9223372036854775808, 18446744073709551615, -18446744073709551615]"],
  ["big integers that are small", [0n, 1n, -1n, 2n ** 32n], "[0, 1, -1, 4294967296]", [0, 1, -1, 2n ** 32n]],
  ["bigger integers", [2n ** 64n, -(2n ** 70n)], "[2(h'010000000000000000'), 3(h'3fffffffffffffffff')]"],
];

const plain = [
  ["null", null, "null"],
  ["undefined", undefined, "null", null],
  ["booleans", [true, false], "[true, false]"],
  ["strings", ["", "a", "é", "日本", "👩‍👩‍👧", "\u0000\n\"", "x".repeat(300)], `["", "a", "é", "日本", "👩‍👩‍👧", "\\0\\n\\"", "${"x".repeat(300)}"]`],
  ["bytes", [bytes(), bytes(0, 255), bytes(...Array(300).keys())], `[h'', h'00ff', h'${Buffer.from([...Array(300).keys()]).toString("hex")}']`],
  ["a Buffer", Buffer.from([1, 2]), "h'0102'", bytes(1, 2)],
  ["an ArrayBuffer", bytes(1, 2).buffer, "h'0102'", bytes(1, 2)],
  ["a DataView", new DataView(bytes(1, 2).buffer), "h'0102'", bytes(1, 2)],
  ["arrays", [[], [[]], [1, [2, [3]]]], "[[], [[]], [1, [2, [3]]]]"],
  ["holes", [1, , undefined, 2], "[1, null, null, 2]", [1, null, null, 2]],
];

const objects = [
  ["an object", { a: 1, b: "x", c: null }, `{"a": 1, "b": "x", "c": null}`],
  ["an empty object", [{}, {}], "[{}, {}]"],
  ["many keys", Object.fromEntries(shapes.flatMap(Object.entries)), `{${shapes.map((_, n) => `"k${n}": ${n}`).join(", ")}}`],
  ["records of one shape", [{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5, b: 6 }], `[{"a": 1, "b": 2}, {"a": 3, "b": 4}, {"a": 5, "b": 6}]`],
  ["records in records of their shape", [{ a: { a: 1, b: 2 }, b: 3 }, { a: 4, b: { a: 5, b: 6 } }],
    `[{"a": {"a": 1, "b": 2}, "b": 3}, {"a": 4, "b": {"a": 5, "b": 6}}]`],
  ["shapes that begin alike", [{ a: 1 }, { a: 1, b: 2 }, { a: 1, b: 2, c: 3 }, { b: 1, a: 2 }], `[{"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"b": 1, "a": 2}]`],
  ["many shapes, and the first again", [...shapes, ...shapes.slice(0, 3)], `[${[...shapes, ...shapes.slice(0, 3)].map((o) => JSON.stringify(o)).join(", ")}]`],
  ["undefined properties", [{ a: undefined, b: 1 }, { a: 2, b: undefined }, { a: undefined }], `[{"b": 1}, {"a": 2}, {}]`, [{ b: 1 }, { a: 2 }, {}]],
  ["nested objects", nested(40), notation(40)],
  ["keys of the prototype", JSON.parse(`{"constructor": 1, "toString": 2}`), `{"constructor": 1, "toString": 2}`],
  ["an instance", new (class Point { x = 1; y = 2; })(), `{"x": 1, "y": 2}`, { x: 1, y: 2 }],
];

const collections = [
  ["dates", [new Date(0), new Date(1_700_000_000_000), date, new Date(-1000), new Date(-1), new Date(8.64e15)],
    "[1(0), 1(1700000000), 1(1.5), 1(-1.0), 1(-0.001), 1(8640000000000.0)]"],
  ["an invalid date", new Date(NaN), "1(NaN)"],
  ["sets", [new Set(), new Set([1, "a", null]), new Set([{ x: 1 }])], `[258([]), 258([1, "a", null]), 258([{"x": 1}])]`],
  ["a Map by strings", new Map([["a", 1], ["b", 2]]), { clone: `{"a": 1, "b": 2}`, recipe: `259({"a": 1, "b": 2})` }],
  ["a Map by numbers", new Map([[1, "a"], [-2, "b"], [1.5, "c"]]), { clone: `{1: "a", -2: "b", 1.5: "c"}`, recipe: `259({1: "a", -2: "b", 1.5: "c"})` }],
  ["a Map by big integers", new Map([[2n ** 63n, 1]]), { clone: "{9223372036854775808: 1}", recipe: "259({9223372036854775808: 1})" }],
  ["a Map of objects", new Map([[1, { x: 1 }], [2, { x: 2 }]]), { clone: `{1: {"x": 1}, 2: {"x": 2}}`, recipe: `259({1: {"x": 1}, 2: {"x": 2}})` }],
  ["undefined in a Map", new Map([["a", undefined], ["b", 1]]), { clone: `{"b": 1}`, recipe: `259({"b": 1})` }, new Map([["b", 1]])],
  ["a regular expression", /a+b/gi, `27(["RegExp", "a+b", "gi"])`],
  ["an error", new Error("why"), `27(["Error", "why"])`],
  ["an error of a kind", new TypeError("why"), `27(["TypeError", "why"])`, new Error("why")],
];

/** All kinds of them; on our side bytes or lists. */
const typed = [
  ["clamped bytes", new Uint8ClampedArray([1, 255]), "h'01ff'", bytes(1, 255)],
  ["Int8Array", new Int8Array([-128, 127]), "[-128, 127]", [-128, 127]],
  ["Uint16Array", new Uint16Array([1, 65535]), "[1, 65535]", [1, 65535]],
  ["Int16Array", new Int16Array([-32768, 2]), "[-32768, 2]", [-32768, 2]],
  ["Uint32Array", new Uint32Array([1, 4294967295]), "[1, 4294967295]", [1, 4294967295]],
  ["Int32Array", new Int32Array([-2147483648, 2]), "[-2147483648, 2]", [-2147483648, 2]],
  ["BigUint64Array", new BigUint64Array([1n, 2n ** 64n - 1n]), "[1, 18446744073709551615]", [1, 2n ** 64n - 1n]],
  ["BigInt64Array", new BigInt64Array([-(2n ** 63n), -1n]), "[-9223372036854775808, -1]", [-(2n ** 63n), -1]],
  ["Float32Array", new Float32Array([1.5, NaN, -0]), "[1.5, NaN, -0.0]", [1.5, NaN, -0]],
  ["Float64Array", new Float64Array([0.1, -Infinity]), "[0.1, -inf]", [0.1, -Infinity]],
  ["an empty typed array", new Uint32Array(), "[]", []],
];

const sharing = [
  ["an object twice", [shared, shared, shared], `[{"k": [1]}, {"k": [1]}, {"k": [1]}]`],
  ["objects twice, crosswise", { a: shared.k, b: shared, c: shared.k, d: shared }, `{"a": [1], "b": {"k": [1]}, "c": [1], "d": {"k": [1]}}`],
  ["a date twice", { a: date, b: date }, `{"a": 1(1.5), "b": 1(1.5)}`],
  ["bytes twice", ((b) => [b, b])(bytes(1)), "[h'01', h'01']"],
  ["a set twice", ((s) => [s, s])(new Set([shared])), `[258([{"k": [1]}]), 258([{"k": [1]}])]`],
];

export const cases = [numbers, plain, objects, collections, typed, sharing].flat();

const cycle = { name: "loop" };
cycle.self = cycle;
const ring = [[]];
ring[0].push(ring);
const laughs = Array.from({ length: 20 }).reduce((inner) => [inner, inner, inner, inner], ["ha"]);

/** Values that are refused, and what is said. */
export const refused = [
  ["a cycle", cycle, "contains itself"],
  ["a ring", ring, "contains itself"],
  ["a billion laughs", laughs, "more than 1048576 values"],
  ["half of a character", "\ud800", "not well-formed"],
  ["too deep", nested(100), "nests deeper"],
];

/** Instants in milliseconds: around what 32 bits of seconds hold, and the first and the last ones that there are. */
export const instants = [
  0, 1, 1500, -1, -1000, 2 ** 31 * 1000, 2 ** 32 * 1000 - 1000, 2 ** 32 * 1000 - 1, 2 ** 32 * 1000, 2 ** 32 * 1000 + 1000,
  -(2 ** 32) * 1000 - 1000, -(2 ** 32) * 1000, -(2 ** 32) * 1000 + 1, 253_402_300_799_000, 253_402_300_799_999,
  -62_135_596_800_000, -62_135_596_799_999,
];

/** An object with a key of its own that cbor-x renames where it reads one. */
export const proto = [JSON.parse(`{"a": {"__proto__": 1}}`), `{"a": {"__proto__": 1}}`];

/** Trees that are written by us alone: name, what `clone` and `recipe` make of it, tree. */
export const ours = [
  ["zero below zero", -0, -0, "-0.0"],
  ["short floats", [1.5, 100000, 0.1], [1.5, 100000, 0.1], "[1.5, 100000.0, 0.1]"],
  ["an instant", 1_800_000_000_000_000n, 1_800_000_000_000_000, "1800000000000000"],
  ["the key that cbor-x renames", new Map([["__proto__", 1]]), { ["__proto_"]: 1 }, `{"__proto__": 1}`],
  ["a tag that nobody knows", { value: "x", tag: 7777 }, { value: "x", tag: 7777 }, `7777("x")`],
];
