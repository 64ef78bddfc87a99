/**
 * The id of this browser: the server knows by it that a request is a repeated one, also after a restart. A random
 * number that IndexedDB keeps; it says nothing about the person or the machine.
 */

const DATABASE = "temporal-entity";
const STORE = "browser";
const KEY = "id";

/** How long to wait for a worker that is on its way out to let go of the id. */
const PATIENCE_MILLIS = 500;

/**
 * The id for this hub. Two hubs at once (two builds of the app in two tabs) must not share one: only the one that
 * holds the lock has the kept id, the other makes do with a passing one.
 */
export async function browserId(): Promise<string> {
  const fresh = randomId();
  if (!(await alone())) {
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

/** Takes the lock for as long as this worker lives; whether that worked. */
async function alone(): Promise<boolean> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) {
    return true;
  }
  return new Promise((resolve) => {
    const holding = locks.request(DATABASE, { signal: AbortSignal.timeout(PATIENCE_MILLIS) }, () => {
      resolve(true);
      return new Promise<never>(() => {});
    });
    holding.catch(() => resolve(false));
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
