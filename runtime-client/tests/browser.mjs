/**
 * A browser in small: pages, their SharedWorkers and a server, all in this process. The ports and channels are node's,
 * which are the browser's; the wasm, `tab.js` and `hub.js` are what an application ships.
 */

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Encoder } from "cbor-x";

import { address } from "./fixture.mjs";

const cbor = new Encoder({ useRecords: false, int64AsNumber: true, tagUint8Array: false });

/** The files are read from the disk; whatever else is asked for fails like a network does. */
globalThis.fetch = async (url) => {
  const bytes = await readFile(fileURLToPath(url));
  return new Response(bytes, { headers: { "content-type": "application/wasm" } });
};

// Node has one from version 21 on. Without locks and a database the hub makes do with a passing id.
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

// The timers of pages and workers, which have no end, do not keep the process alive.
const { setTimeout, setInterval } = globalThis;
globalThis.setTimeout = (...timer) => setTimeout(...timer).unref();
globalThis.setInterval = (...timer) => setInterval(...timer).unref();

// A worker that closes itself is silent from then on, which is all that these tests see of it.
globalThis.close = () => {};

/** What was reported as uncaught. */
export const reported = [];
globalThis.reportError = (error) => reported.push(error);

/** A page: its events, and modules of its own. */
export class Page {
  static current;
  events = new EventTarget();
  document = Object.assign(new EventTarget(), { baseURI: "http://page.test/board", visibilityState: "visible" });

  /** Loads the modules of the page. */
  static async open() {
    const page = new Page();
    const folder = await mkdtemp(join(tmpdir(), "page-"));
    for (const file of ["package.json", "fixture.js", "tab.js"]) {
      await cp(fileURLToPath(address(file)), join(folder, file));
    }
    const load = (file) => import(pathToFileURL(join(folder, file)).href);
    page.app = await load("fixture.js");
    page.shell = await load("tab.js");
    return page;
  }

  /** Connects as an application does. */
  async connect(options = {}) {
    const defaults = { hub: address("hub.js"), wasm: address("fixture_bg.wasm") };
    Page.current = this;
    globalThis.document = this.document;
    await this.shell.connect({ ...defaults, ...options });
  }

  /** Lets the page hear an event of its window. */
  fire(type, parts = {}) {
    this.events.dispatchEvent(Object.assign(new Event(type), parts));
  }
}

globalThis.addEventListener = (...listener) => Page.current.events.addEventListener(...listener);

/** Every port and channel, also of workers that were killed: an open one keeps the process alive. */
const handles = new Set();

const { BroadcastChannel } = globalThis;
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    handles.add(this);
  }
};

/** The workers that live, by the words that pages find them with. */
const workers = new Map();
let generations = 0;

globalThis.SharedWorker = class {
  constructor(url, { name, type }) {
    const key = JSON.stringify([url, name, type]);
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const worker = workers.get(key) ?? new Worker(url, name);
    workers.set(key, worker);
    worker.ports.push(port2);
    handles.add(port1).add(port2);
    worker.loaded.then(
      () => worker.announce(port2),
      () => {
        workers.delete(key);
        this.onerror?.(new Event("error"));
      },
    );
  }
};

/** The script that is loading: all share one global scope, so they are loaded one after the other. */
let loading = Promise.resolve();

class Worker {
  ports = [];

  constructor(url, name) {
    this.url = url;
    this.name = name;
    this.start();
  }

  /** Runs the script, also once more: as Safari does, with the ports and without the memory. */
  start() {
    this.loaded = loading.then(() => this.load());
    loading = this.loaded.catch(() => {});
  }

  async load() {
    generations += 1;
    globalThis.name = this.name;
    await import(`${this.url}?generation=${generations}`);
    // The script must have set it when it ran through, without waiting for anything.
    this.onconnect = globalThis.onconnect;
    globalThis.onconnect = undefined;
  }

  announce(port) {
    this.onconnect({ ports: [port] });
  }
}

/** Restarts every worker under its living pages. */
export async function restartWorkers() {
  server.forget();
  for (const worker of workers.values()) {
    worker.ports.forEach((port) => (port.onmessage = null));
    worker.start();
    await worker.loaded;
    worker.ports.forEach((port) => worker.announce(port));
  }
}

/** Ends every worker without a word. */
export function killWorkers() {
  for (const worker of workers.values()) {
    worker.ports.forEach((port) => (port.onmessage = null));
  }
  workers.clear();
  server.forget();
}

/** Closes everything, so that the process can end. */
export function closeWorkers() {
  handles.forEach((handle) => handle.close());
  workers.clear();
  server.forget();
}

/** A server that knows what these tests need. */
export const server = {
  sockets: new Set(),
  addresses: [],
  entities: new Map(),
  requests: [],
  /** The fingerprint of the schema that it has, where that is looked at. */
  schema: undefined,
  clock: Date.now() * 1000,

  /** Cuts every connection. */
  drop(code = 1006) {
    for (const socket of [...this.sockets]) {
      this.sockets.delete(socket);
      socket.onclose?.({ code });
    }
  },

  /** Loses every connection without telling the other side, whose worker is gone. */
  forget() {
    this.sockets.forEach((socket) => (socket.onclose = socket.onmessage = null));
    this.sockets.clear();
  },

  /** Another browser changes the entity. */
  push(id, diff) {
    const entity = this.entities.get(id);
    const since = entity.meta.modified;
    this.change(entity, diff);
    const { modified } = entity.meta;
    const push = { type: "Sample", entity: id, since, modified, meta: entity.meta, diff };
    this.sockets.forEach((socket) => socket.frame(push));
  },

  change(entity, diff) {
    for (const [field, change] of Object.entries(diff)) {
      // Whatever is replaced whole comes in brackets.
      entity.value[field] = Array.isArray(change) ? changed(entity.value[field], change) : change;
    }
    entity.meta = this.meta(entity.meta.validFrom);
  },

  meta(validFrom) {
    this.clock += 1;
    const modified = this.clock;
    return { validFrom: validFrom ?? modified, modified, person: "ann", schemaVersion: 1 };
  },

  answer(request) {
    if (this.schema !== undefined && request.schema !== undefined && request.schema !== this.schema) {
      const message = "the client was built for another schema";
      return { id: request.id, status: 426, reason: "schema", message, schemaVersion: 2, schema: this.schema };
    }
    const { id, method, entity: name, value, diff, ifUnmodifiedSince } = request;
    const entity = this.entities.get(name);
    if (method === "post" && entity === undefined) {
      this.entities.set(name, { value, meta: this.meta() });
      return { id, status: 201, meta: this.entities.get(name).meta };
    }
    if (method === "post") {
      return { id, status: 409, reason: "exists", message: "it exists already" };
    }
    if (entity === undefined) {
      return { id, status: 404, reason: "absent", message: "there is no such entity" };
    }
    if (method === "patchDiff") {
      this.change(entity, diff);
      return { id, status: 200, since: ifUnmodifiedSince, meta: entity.meta, diff };
    }
    if (method === "unsubscribe") {
      return { id, status: 200 };
    }
    return { id, status: 200, meta: entity.meta, value: entity.value };
  },
};

globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 0;

  constructor(url) {
    server.addresses.push(url);
    setTimeout(() => {
      if (server.down) {
        this.onclose?.({ code: 1006 });
        return;
      }
      this.readyState = 1;
      server.sockets.add(this);
      this.frame({ welcome: "ann" });
    });
  }

  send(bytes) {
    const request = cbor.decode(bytes);
    server.requests.push(request);
    const reply = server.answer(request);
    setTimeout(() => server.sockets.has(this) && this.frame(reply));
  }

  frame(message) {
    const bytes = cbor.encode(message);
    this.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  }
};

/** Waits until something holds. */
export async function until(holds, what) {
  const patience = Date.now() + 8_000;
  while (!holds()) {
    if (Date.now() > patience) {
      throw new Error(`waited in vain: ${what ?? holds}`);
    }
    await wait(5);
  }
}

/** A field after a change with a number, as far as these tests make any: whole values and splices of lists. */
function changed(value, [form, ...parts]) {
  if (form === 0) {
    return parts[0];
  }
  assert.equal(form, 2);
  const list = [...value];
  for (let at = parts.length - 3; at >= 0; at -= 3) {
    list.splice(parts[at], parts[at + 1], ...parts[at + 2]);
  }
  return list;
}
