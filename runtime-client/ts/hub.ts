/**
 * The SharedWorker: holds the one WebSocket of the browser and runs the hub, which is wasm, for all tabs.
 *
 * Build: esbuild bundles this file into one ES module, with `temporal-entity-app` aliased to the application's
 * wasm-bindgen glue (`--target web`):
 *
 *     esbuild hub.ts --bundle --format=esm --alias:temporal-entity-app=pkg/app.js --outfile=pkg/hub.js
 *
 * The application serves `hub.js` as it is and passes its address to `connect` in `tab.ts`.
 */

import init, { __TemporalHub as Hub } from "temporal-entity-app";

import { browserId } from "./browser";
import { Fence } from "./fence";
import { type FromHub, type FromTab, type Hello, reason } from "./messages";
import { Announcements, lockManager, newest } from "./succession";
import { Upstream } from "./upstream";

interface Running {
  readonly wasm: string;
  readonly browser: string;
  readonly upstream: Upstream;
}

/** Distinguishes this worker from every other. */
const unique = crypto.getRandomValues(new Uint32Array(2)).join(".");

/** Every port that said hello and no bye, with its number once the hub runs. */
const ports = new Map<MessagePort, number | undefined>();
const tabs = new Map<number, MessagePort>();

/** The last numbers of ports that said bye: a page's other listeners may save something after ours said it. */
const gone = new WeakMap<MessagePort, number>();
let tabsSoFar = 0;

let booting: Promise<Running> | undefined;
let running: Running | undefined;

/** TypeScript has no library that knows both a SharedWorker and what pages share with it. */
interface SharedWorkerScope {
  readonly name: string;
  onconnect: (event: MessageEvent) => void;
  close(): void;
}

const scope = globalThis as unknown as SharedWorkerScope;

/** The worker's name is that of all its generations, and its own one. */
const full = scope.name;
const name = full.slice(0, full.lastIndexOf(" "));
const generation = Number(full.slice(name.length));

const fence = new Fence(
  async () => (await newest(name)) <= generation,
  () => scope.close(),
);
const announcements = new Announcements(name, (heard) => {
  if (heard > generation) {
    fence.close();
  } else if (heard < generation) {
    fence.pass(() => announcements.post(generation));
  }
});
announcements.post(generation);

/** The name of the lock that this worker holds as long as it lives, once it does. */
const life = new Promise<string | undefined>((resolve) => {
  const lock = `${full} ${unique}`;
  const held = lockManager()?.request(lock, () => {
    resolve(lock);
    return new Promise<never>(() => {});
  });
  (held ?? Promise.reject()).catch(() => resolve(undefined));
});

// Before anything is awaited: the first tab's connection is not announced twice.
scope.onconnect = (event) => {
  for (const port of event.ports) {
    accept(port);
  }
};

function accept(port: MessagePort): void {
  // Safari announces a living port again after it restarted something: whatever was known of it is void.
  leave(port);
  port.onmessage = ({ data }: MessageEvent<FromTab | Uint8Array>) => fence.pass(() => hear(port, data));
  port.addEventListener("close", closed);
  void life.then((life) => post(port, { kind: "who", life }));
}

function closed(this: MessagePort): void {
  leave(this);
}

function hear(port: MessagePort, message: FromTab | Uint8Array): void {
  if (message instanceof Uint8Array) {
    const tab = ports.get(port) ?? gone.get(port);
    if (tab !== undefined) {
      running?.upstream.input((hub, now) => {
        hub.tabMessage(now, tab, message);
        if (!tabs.has(tab)) {
          hub.tabGone(now, tab);
        }
      });
    }
    return;
  }
  switch (message.kind) {
    case "hello":
      void welcome(port, message);
      return;
    case "bye":
      leave(port);
      return;
    case "online":
      running?.upstream.input((hub, now) => hub.online(now));
      return;
  }
}

async function welcome(port: MessagePort, hello: Hello): Promise<void> {
  if (!ports.has(port)) {
    ports.set(port, undefined);
  }
  let hub: Running;
  try {
    hub = await (booting ??= boot(hello));
  } catch (error) {
    // The next hello tries again: the network may have been the cause.
    booting = undefined;
    fail(`the hub did not start: ${reason(error)}`);
    return;
  }
  if (hub.wasm !== hello.wasm) {
    const message = "another version of this page is open in this browser: close or reload its tabs";
    post(port, { kind: "failed", message });
    ports.delete(port);
    return;
  }
  if (!ports.has(port)) {
    return;
  }
  const tab = ports.get(port) ?? admit(port);
  post(port, { kind: "ready", link: `${unique}/${tab}`, browser: hub.browser });
}

/** Gives a port its number. */
function admit(port: MessagePort): number {
  tabsSoFar += 1;
  ports.set(port, tabsSoFar);
  tabs.set(tabsSoFar, port);
  return tabsSoFar;
}

function leave(port: MessagePort): void {
  const tab = ports.get(port);
  ports.delete(port);
  if (tab !== undefined) {
    gone.set(port, tab);
    tabs.delete(tab);
    running?.upstream.input((hub, now) => hub.tabGone(now, tab));
  }
}

async function boot(hello: Hello): Promise<Running> {
  const taken = (): void => fence.close();
  const [kept] = await Promise.all([
    browserId(name, generation, taken),
    init({ module_or_path: hello.wasm }),
  ]);
  const browser = hello.browser ?? kept;
  const socket = new URL(hello.socket);
  socket.searchParams.set("browser", browser);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const upstream = new Upstream(new Hub(Date.now(), seed), socket.href, fence, {
    toTab: (tab, bytes) => tabs.get(tab)?.postMessage(bytes),
    fault,
  });
  running = { wasm: hello.wasm, browser, upstream };
  // What a new machine wants at once.
  upstream.input(() => {});
  return running;
}

/** Gives up this worker: the tabs look for a hub again, and the browser starts a new one. */
function fault(error: unknown): void {
  console.error(error);
  running = undefined;
  fail(`the hub stopped: ${reason(error)}`);
  fence.close();
}

/** Tells every tab. */
function fail(message: string): void {
  for (const port of ports.keys()) {
    post(port, { kind: "failed", message });
  }
  ports.clear();
}

function post(port: MessagePort, message: FromHub): void {
  fence.pass(() => port.postMessage(message));
}
