/** In a diff: puts `$set` in place of a whole struct or map, where a part of it could be changed, too. */
export interface Replace<T> {
  $set: T;
}

/** In a diff: takes an entry out of a map. */
export interface Remove {
  $remove: true;
}

/** In a diff: adds `$add` to a counter, and so to what others add at the same time. */
export interface Add<N> {
  $add: N;
}

/**
 * In a diff: changes a text at several places, in order. Places and counts are of the text as it is shown, in Unicode
 * code points, which are not JavaScript's: `[...text].length`, not `text.length`.
 */
export interface Splice {
  $splice: readonly (readonly [at: number, removed: number, inserted: string])[];
}

/** In a diff: changes a set by its elements. */
export interface SetChange<T> {
  $add?: Iterable<T>;
  $remove?: Iterable<T>;
}

/** In a diff: changes a list by the keys `K` of its elements. */
export interface KeyedChange<T, D, K extends keyof T> {
  /** Elements that come: behind the one with the key `after`, with `null` at the beginning, without `after` at the end. */
  $insert?: readonly { readonly items: readonly T[]; readonly after?: T[K] | null }[];
  /** Elements that change, by key. */
  $change?: ReadonlyMap<T[K], D>;
  /** Keys of elements that leave. */
  $remove?: readonly T[K][];
  /** Keys of elements that come to another place: as for `$insert`. */
  $move?: readonly { readonly keys: readonly T[K][]; readonly after?: T[K] | null }[];
}

/** What JSON has. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * What is known about a value. Instants are numbers of microseconds since 1970, exact as they are: a `Date` would
 * lose the microseconds.
 */
export interface TemporalMeta {
  /** When the snapshot began. Edits of one person within the entity's granularity share a snapshot. */
  readonly validFrom: number;
  /** When the value was last changed. Unique, and the version of the value. */
  readonly modified: number;
  /** Id of the person who made the last change. */
  readonly person: string;
  /** Id of the person who made it in that person's name, if somebody did. */
  readonly impersonator?: string;
  /** Present while the entity is deleted. */
  readonly deleted?: true;
  /** Version of the schema that the value was written with. */
  readonly schemaVersion: number;
  /** Number of the parts that the value is stored in, if it is stored in parts. */
  readonly chunks?: number;
}

/** How a store of a value `V` is doing. */
export interface TemporalStatus<V = unknown> {
  /**
   * `loading` until the first answer, then `live`, or `absent` if the entity does not exist yet, or `deleted`, when
   * the value is the last one it had. `outdated` where the page was built for another schema than the server has: the
   * value stays as it was read, with the edits that are not confirmed, and a reload of the page helps. `failed` where the server cannot read the
   * value, or does not know its type: `problem` says why, and the next connection asks again.
   */
  readonly state: "loading" | "live" | "absent" | "deleted" | "outdated" | "failed";
  /** Whether this browser has a connection to the server. */
  readonly connected: boolean;
  /** Number of edits that the server has not confirmed yet. */
  readonly pending: number;
  /** What stands in the way now: why the state is `outdated` or `failed`, or why a request is tried again later. */
  readonly problem?: TemporalProblem;
  /** The edits that were refused, the oldest first, until somebody dismisses them or no tab shows the entity any more. */
  readonly problems: readonly RefusedEdit<V>[];
  /** Id of the person who is logged in, as the last connection said. Absent before the first one. */
  readonly person?: string;
  /** Whether the session is over, so that somebody has to log in. */
  readonly signedOut: boolean;
}

/** An edit that was refused. */
export interface RefusedEdit<V = unknown> extends TemporalProblem {
  /** What `dismiss` takes. */
  readonly id: number;
  /** The places that the edit changed: keys from the entity down, with dots between. Empty for a whole first value. */
  readonly paths: readonly string[];
  /** The fields that the edit changed, as they were shown with it. Absent where another person has logged in since. */
  readonly mine?: Partial<V>;
  /** The same fields as they were shown without it. Absent where the entity is gone. */
  readonly theirs?: Partial<V>;
  /** When it was refused, in microseconds since 1970. */
  readonly when: number;
}

/** Why a request was refused. */
export interface TemporalProblem {
  /** A number in the manner of HTTP: 403 for what is not permitted, 409 for a conflict. */
  readonly status: number;
  /** The reason as a word that a program can compare. */
  readonly reason: string;
  /** The reason in words for people. */
  readonly message: string;
}

/**
 * A live value `V` with its diff `D`: a store by Svelte's contract, which every tab of the browser shares.
 *
 * Values are immutable snapshots. A new one shares every unchanged part with the one before, so that `===` tells
 * what changed; never write into one, but `set`, `update` or `patch`. In development they are frozen.
 */
export interface TemporalStore<V, D> {
  /** Id of the entity. */
  readonly id: string;
  /**
   * Calls `run` with the value at once, and again whenever the value, `meta` or `status` changes. The value is
   * `undefined` while it is loading, and where the entity does not exist.
   *
   * @returns a function that ends the subscription. The last one to end lets the entity go after a while.
   */
  subscribe(run: (value: V | undefined) => void): () => void;
  /** The value as it is now, with the edits that the server has not confirmed yet. */
  get(): V | undefined;
  /**
   * Puts `value` in place of the value. Only what differs is sent, and merged with what others changed meanwhile.
   *
   * @throws if the store is not live: `post` makes a new entity.
   */
  set(value: V): void;
  /**
   * Sets what `change` makes of the value.
   *
   * @throws if the store is not live.
   */
  update(change: (value: V) => V): void;
  /**
   * Changes parts of the value. Keys that `diff` leaves out stay as they are; `null` clears what may be null.
   *
   * @throws if the store is not live.
   */
  patch(diff: D): void;
  /**
   * Makes the entity, with `first` as its first value, as soon as the server says that it does not exist. It is tried
   * once: a refusal is in `status.problems`, unless somebody else was faster.
   */
  createIfAbsent(first: V): void;
  /** Takes a refused edit out of `status.problems` in every tab, or all of them. */
  dismiss(id?: number): void;
  /** Makes the entity, with `value` as its first value. Rejects with a {@link TemporalProblem}. */
  post(value: V): Promise<TemporalMeta>;
  /** Deletes the entity; its history stays. Rejects with a {@link TemporalProblem}. */
  delete(): Promise<TemporalMeta>;
  /** Brings the deleted entity back with the last value it had. Rejects with a {@link TemporalProblem}. */
  undelete(): Promise<TemporalMeta>;
  /** What is known about the value; `undefined` while there is none. */
  readonly meta: TemporalMeta | undefined;
  /** How the store is doing. */
  readonly status: TemporalStatus<V>;
}
