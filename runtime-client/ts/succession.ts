/**
 * How the tabs of a browser agree on one worker, replace it when it is dead, and keep the one before silent.
 *
 * Workers have generations: 0, 1, 2 and so on. A SharedWorker's name ends in its generation, so all tabs that want the
 * same generation get the same worker. The highest generation is the hub; a lower one sends nothing.
 *
 *     a tab      seeking ──the newest generation that holds its lock, or 0──> asking
 *                asking ──`ready`──> attached            asking ──no answer in 20 s──> lost
 *                attached ──the worker's lock is free, or it answers no `hello`, or it failed──> lost
 *                lost ──at once; later, if workers die one after the other──> asking, one generation higher
 *                any state ──a higher generation is heard──> asking, for that generation
 *
 *     a worker   starting ──no higher generation──> open ──its lease ran out──> checking ──no higher one──> open
 *                any state ──a higher generation is heard or found, or its browser id is taken──> closed
 *
 * - **Locks.** A worker holds a lock for its life, under a name that it tells its tabs and that nobody else ever uses
 *   (`<name> <generation> <random>`). Each tab waits for that lock: a tab that gets it knows that the worker is dead. A
 *   new tab looks up which generations hold locks, and takes the highest.
 * - **Announcements.** Whoever starts with a generation posts the number on a channel. A tab or worker of a higher
 *   generation answers with its own; a tab of a lower one goes over, and a worker of a lower one closes. So tabs that
 *   notice at the same moment choose the same number, and a tab that opens meanwhile, and starts a worker under the name of
 *   a dead one, is called away from it.
 * - **Heartbeat.** A worker that hangs keeps its lock. So a visible tab says `hello` every second, and counts those to
 *   which it has heard nothing. It counts and does not measure, because a computer that slept is no death.
 * - **Lease.** A worker that was frozen in the middle of a task can look at nothing but the clock. So it may act for
 *   `LEASE_MILLIS` after it last asked whether there is a higher generation, and asks again before the next message, in or
 *   out. The lease is shorter than the time after which tabs give a worker up: it has run out when the next worker starts.
 * - **Browser id.** The server recognises a repeated edit by the browser's id, so the next worker needs the id of the one
 *   before: tabs tell it, and the lock of the kept id is stolen from a lower generation (`browser.ts`).
 *
 * Without Web Locks (pages without TLS) announcements, heartbeat and lease remain.
 */

/** How long a worker may act before it asks again whether it is still the hub. */
export const LEASE_MILLIS = 1_000;

/** How often a visible tab asks whether its worker is alive. */
export const HELLO_EVERY_MILLIS = 1_000;

/** How many of these may be unanswered. A worker that is dead frees its lock at once, so with locks it may be busy longer. */
export const UNANSWERED = { withLocks: 5, withoutLocks: 2 };

/** How long queued messages may take to arrive, where there is nothing but the channel to learn from. */
const QUEUE_MILLIS = 10;

/** The locks of this origin; none in pages without TLS, which TypeScript does not know. */
export function lockManager(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}

/** The name of the workers of one build and server, before the generation. Addresses have no spaces. */
export function nameOf(wasm: string, socket: string): string {
  return `temporal-entity ${wasm} ${socket}`;
}

/** The locks that are held, and by whom; `undefined` without Web Locks. */
export async function heldLocks(): Promise<LockInfo[] | undefined> {
  try {
    return (await lockManager()?.query())?.held;
  } catch {
    return undefined;
  }
}

/** The generation in the name of a worker's lock, or -1. */
export function generationIn(lock: LockInfo, name: string): number {
  const own = lock.name?.startsWith(`${name} `) === true;
  return own ? Number.parseInt(lock.name!.slice(name.length + 1), 10) : -1;
}

/** The highest generation whose worker holds its lock; -1 if there is none. */
export async function newest(name: string): Promise<number> {
  const locks = await heldLocks();
  if (locks === undefined) {
    await new Promise((resolve) => setTimeout(resolve, QUEUE_MILLIS));
  }
  return Math.max(-1, ...(locks ?? []).map((lock) => generationIn(lock, name)));
}

/** The channel on which tabs and workers say which generation they have. */
export class Announcements {
  readonly #name: string;
  readonly #heard: (generation: number) => void;
  #channel: BroadcastChannel | undefined;

  constructor(name: string, heard: (generation: number) => void) {
    this.#name = name;
    this.#heard = heard;
    this.open();
  }

  open(): void {
    const channel = (this.#channel ??= new BroadcastChannel(this.#name));
    channel.onmessage = ({ data }: MessageEvent<number>) => this.#heard(data);
  }

  post(generation: number): void {
    this.#channel?.postMessage(generation);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
