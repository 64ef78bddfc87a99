/** Values by chance, each by its seed. */

/** Numbers from 0 up to 1, always the same ones from one seed (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KEYS = ["id", "title", "status", "votes", "labels", "é"];

export function chance(seed) {
  const next = numbers(seed);
  const below = (limit) => Math.floor(next() * limit);
  /** Objects so far, some of which come again. */
  const known = [];
  const leaves = [
    () => below(100),
    () => (next() - 0.5) * 2 ** below(64),
    () => BigInt.asIntN(64, BigInt(below(2 ** 32)) ** 2n),
    () => "é".repeat(below(40)),
    () => new Date(below(2 ** 40)),
    () => new Uint8Array(below(5)),
    () => new Float64Array([next()]),
    () => undefined,
    () => null,
    () => next() < 0.5,
  ];
  const branches = [
    (depth) => Array.from({ length: below(6) }, () => value(depth - 1)),
    (depth) => Object.fromEntries(KEYS.slice(below(4), 2 + below(5)).map((key) => [key, value(depth - 1)])),
    (depth) => new Set([value(depth - 1), below(9)]),
    () => known[below(known.length)] ?? null,
  ];
  const value = (depth) => {
    const choices = depth === 0 ? leaves : [...leaves.slice(0, 3), ...branches, ...branches];
    const made = choices[below(choices.length)](depth);
    if (made !== null && typeof made === "object") known.push(made);
    return made;
  };
  return value(6);
}
