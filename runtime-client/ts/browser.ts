/**
 * The id of this browser: the server knows by it that a request is a repeated one, also after a restart. A random
 * number that IndexedDB keeps; it says nothing about the person or the machine.
 */

import { generationIn, heldLocks, lockManager } from "./succession";

const DATABASE = "temporal-entity";
const STORE = "browser";
const KEY = "id";

/** How long to wait for a worker that is on its way out to let go of the id. */
const PATIENCE_MILLIS = 500;

/**
 * The id for this hub. Two hubs at once (two builds of the app in two tabs) must not share one: only the one that
 * holds the lock has the kept id, the other makes do with a passing one. A worker of a lower generation has to give the
 * lock up, also if it hangs. `lost` is called if this one has to.
 */
export async function browserId(name: string, generation: number, lost: () => void): Promise<string> {
  const fresh = randomId();
  if (!(await alone(await isHeldBefore(name, generation), lost))) {
    return fresh;
  }
  // Private windows and full disks have no database: the id then lasts as long as the worker.
  return kept(fresh).catch(() => fresh);
}

function randomId(): string {
  // Not `randomUUID`, which pages without TLS do not have.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether an earlier generation of this worker holds the lock. */
async function isHeldBefore(name: string, generation: number): Promise<boolean> {
  const locks = (await heldLocks()) ?? [];
  const holder = locks.find((lock) => lock.name === DATABASE)?.clientId;
  const held = locks.filter((lock) => lock.clientId === holder).map((lock) => generationIn(lock, name));
  return held.some((earlier) => earlier >= 0 && earlier < generation);
}

/** Takes the lock for as long as this worker lives; whether that worked. */
async function alone(steal: boolean, lost: () => void): Promise<boolean> {
  const locks = lockManager();
  if (locks === undefined) {
    return true;
  }
  return new Promise((resolve) => {
    let held = false;
    const options = steal ? { steal } : { signal: AbortSignal.timeout(PATIENCE_MILLIS) };
    const holding = locks.request(DATABASE, options, () => {
      held = true;
      resolve(true);
      return new Promise<never>(() => {});
    });
    holding.catch(() => (held ? lost() : resolve(false)));
  });
}

async function kept(fresh: string): Promise<string> {
  const database = await open();
  try {
    return await readOrKeep(database, fresh);
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the database is blocked"));
  });
}

function readOrKeep(database: IDBDatabase, fresh: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    const found = store.get(KEY);
    let id = fresh;
    found.onsuccess = () => {
      if (typeof found.result === "string") {
        id = found.result;
      } else {
        store.put(fresh, KEY);
      }
    };
    transaction.oncomplete = () => resolve(id);
    transaction.onabort = () => reject(transaction.error);
  });
}
