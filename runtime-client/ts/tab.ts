/**
 * What a page imports to connect its stores:
 *
 *     import { connect } from "../pkg/tab.js";
 *     import { openCard } from "../pkg/app.js";
 *     import hub from "../pkg/hub.js?url";
 *     import wasm from "../pkg/app_bg.wasm?url";
 *
 *     await connect({ hub, wasm });
 *     const card = openCard("42");
 *
 * Build: esbuild makes `pkg/tab.js` of this file, with `temporal-entity-app` replaced by the application's glue, which
 * stays an import. So the bundler of the page finds one glue for this file and for the page's own `openCard`:
 *
 *     esbuild tab.ts --bundle --format=esm --alias:temporal-entity-app=./app.js --external:./app.js --outfile=pkg/tab.js
 *
 * `?url` is Vite's way to an address; any other way to one will do, as long as all tabs get the same.
 */

import init, { type TabHost, __temporalAttach, __temporalReceive, __temporalResumed } from "temporal-entity-app";

import { type FromHub, type FromTab, type Hello, reason } from "./messages";

/** Where the parts are. */
export interface ConnectOptions {
  /** Address of `hub.js`. All tabs must give the same one, query and all: it is what they find each other by. */
  readonly hub: string | URL;
  /** Address of the wasm. */
  readonly wasm: string | URL;
  /** Address of the server's WebSocket; `/connect` on the page's own origin if left out. */
  readonly server?: string | URL;
}

/** How long a new hub may take to load and to answer. */
const START_MILLIS = 20_000;

/** How long a hub that runs may take to answer. One that does not is taken for dead. */
const ALIVE_MILLIS = 5_000;

let connection: Promise<void> | undefined;

/**
 * Loads the wasm and connects this tab to the hub of the browser, which it starts if need be. Stores can be opened
 * once the promise is fulfilled; whether there is a connection to the server is in their `status`.
 *
 * @throws if the browser has no SharedWorker, or one of the files cannot be loaded; calling it again tries again.
 */
export async function connect(options: ConnectOptions): Promise<void> {
  connection ??= start(options).catch((error: unknown) => {
    connection = undefined;
    throw error;
  });
  return connection;
}

async function start(options: ConnectOptions): Promise<void> {
  if (typeof SharedWorker === "undefined") {
    throw new Error("this browser has no SharedWorker; the fallback is to come");
  }
  const wasm = new URL(options.wasm, document.baseURI).href;
  const link = new Link(new URL(options.hub, document.baseURI).href, {
    kind: "hello",
    wasm,
    socket: socketUrl(options.server ?? "/connect"),
  });
  const loading = init({ module_or_path: wasm }).catch((error: unknown) => {
    throw new Error(`the wasm at ${wasm} could not be loaded: ${reason(error)}`);
  });
  try {
    await Promise.all([loading.then(() => link.listen()), link.established]);
  } catch (error) {
    link.abandon();
    throw error;
  }
  watchPage(link);
}

function socketUrl(server: string | URL): string {
  const url = new URL(server, document.baseURI);
  url.protocol = url.protocol.replace(/^http/, "ws");
  return url.href;
}

/** Tells the link when the page goes, comes back, and has a network again. */
function watchPage(link: Link): void {
  addEventListener("pagehide", () => link.suspend());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      link.resume();
    }
  });
  document.addEventListener("resume", () => link.check());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      link.check();
    }
  });
  addEventListener("online", () => link.online());
}

/** The tab's side of the port to the hub, and its BroadcastChannels. */
class Link implements TabHost {
  /** Settled by the first answer. */
  readonly established: Promise<void>;
  readonly #hub: string;
  readonly #hello: Hello;
  readonly #channels = new Map<string, BroadcastChannel | undefined>();
  #port: MessagePort;
  #everAnswered = false;
  /** What the hub calls this tab. */
  #name: string | undefined;
  #overdue: ReturnType<typeof setTimeout> | undefined;
  #succeed!: () => void;
  #fail!: (error: Error) => void;

  constructor(hub: string, hello: Hello) {
    this.#hub = hub;
    this.#hello = hello;
    this.established = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
    this.#port = this.#findHub();
    this.#hail(START_MILLIS);
  }

  /** Begins to take in what comes, which waits in the port until the wasm is there. */
  listen(): void {
    this.#port.onmessage = ({ data }: MessageEvent<FromHub | Uint8Array>) => this.#hear(data);
  }

  /** The page goes, for good or into the back/forward cache, where a broadcast would destroy it. */
  suspend(): void {
    clearTimeout(this.#overdue);
    for (const [name, channel] of this.#channels) {
      channel?.close();
      this.#channels.set(name, undefined);
    }
    this.#post({ kind: "bye" });
    // Whatever the hub calls it then: the tab has missed something and asks for everything anew.
    this.#name = undefined;
  }

  /** The page came back out of the cache, and has missed everything. */
  resume(): void {
    for (const name of this.#channels.keys()) {
      this.openChannel(name);
    }
    this.#hail(ALIVE_MILLIS);
  }

  /** The page was hidden or frozen: is the hub alive, and is everything current? */
  check(): void {
    this.#hail(ALIVE_MILLIS);
    __temporalResumed();
  }

  /** The browser has a network again. Pages hear of it in every browser, workers in some. */
  online(): void {
    this.#post({ kind: "online" });
  }

  /** Gives up before it was established. */
  abandon(): void {
    clearTimeout(this.#overdue);
    this.#post({ kind: "bye" });
    this.#port.close();
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#port.postMessage(bytes);
  }

  openChannel(name: string): void {
    if (this.#channels.get(name) === undefined) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data instanceof Uint8Array) {
          __temporalReceive(data);
        }
      };
      this.#channels.set(name, channel);
    }
  }

  closeChannel(name: string): void {
    this.#channels.get(name)?.close();
    this.#channels.delete(name);
  }

  /** The port to the hub of this build and server. All tabs ask with the same words, or each would get its own. */
  #findHub(): MessagePort {
    const name = `temporal-entity ${this.#hello.wasm} ${this.#hello.socket}`;
    const worker = new SharedWorker(this.#hub, { type: "module", name });
    worker.onerror = (event) => {
      // Scripts that fail say why, files that are missing do not.
      const { message } = event as Partial<ErrorEvent>;
      const why = message ? `: ${message}` : "";
      this.#failed(`the hub at ${this.#hub} could not be started${why}`);
    };
    return worker.port;
  }

  /** Asks for an answer. */
  #hail(patience: number): void {
    clearTimeout(this.#overdue);
    this.#overdue = setTimeout(() => this.#lost(), patience);
    this.#post(this.#hello);
  }

  /** No answer came. A hub that had answered before has died, as browsers let it without a word: there is a new one. */
  #lost(): void {
    if (!this.#everAnswered) {
      this.#failed(`the hub at ${this.#hub} did not answer within ${START_MILLIS / 1000} s`);
      return;
    }
    this.#port.close();
    this.#port = this.#findHub();
    this.listen();
    this.#hail(START_MILLIS);
  }

  #hear(message: FromHub | Uint8Array): void {
    if (message instanceof Uint8Array) {
      __temporalReceive(message);
      return;
    }
    switch (message.kind) {
      case "who":
        this.#post(this.#hello);
        return;
      case "ready":
        clearTimeout(this.#overdue);
        if (this.#name !== message.link) {
          this.#name = message.link;
          this.#everAnswered = true;
          __temporalAttach(this);
          this.#succeed();
        }
        return;
      case "failed":
        this.#failed(message.message);
        return;
    }
  }

  #failed(message: string): void {
    clearTimeout(this.#overdue);
    const error = new Error(message);
    if (this.#everAnswered) {
      // The page goes on with what it has, and tries again.
      reportError(error);
      this.#overdue = setTimeout(() => this.#lost(), ALIVE_MILLIS);
    } else {
      this.#fail(error);
    }
  }

  #post(message: FromTab): void {
    this.#port.postMessage(message);
  }
}
