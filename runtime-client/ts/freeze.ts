/** Snapshots that nobody can write into, while an app is developed. */

/** Whether a page is served by the developer's own machine. */
export function isLocal(): boolean {
  const { hostname = "" } = (globalThis as Partial<typeof globalThis>).location ?? {};
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

const REFUSED = ["set", "add", "delete", "clear"] as const;

function refuse(): never {
  throw new TypeError("a snapshot cannot be changed: use the store's `set`, `update` or `patch`");
}

/** Freezes a snapshot. The parts that it shares with the one before are frozen already, and are left. */
export function freeze(value: unknown): void {
  // What views a buffer cannot be frozen.
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) {
    return;
  }
  const isCollection = value instanceof Map || value instanceof Set;
  if (isCollection) {
    // Their content is in no properties.
    for (const method of REFUSED) {
      Object.defineProperty(value, method, { value: refuse });
    }
  }
  Object.freeze(value);
  for (const part of isCollection ? value.values() : Object.values(value)) {
    freeze(part);
  }
}
