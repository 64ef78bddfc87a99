/**
 * The tab's side of the port to the hub, and its BroadcastChannels. It finds the worker, notices when that is dead, and
 * goes over to the next one, as `succession.ts` says.
 */

import {
  type TabHost,
  __temporalAttach,
  __temporalHubLost,
  __temporalReceive,
  __temporalResumed,
} from "temporal-entity-app";

import { type FromHub, type FromTab, reason } from "./messages";
import { Announcements, HELLO_EVERY_MILLIS, UNANSWERED, lockManager, nameOf, newest } from "./succession";

/** Where the parts are, in full. */
export interface Addresses {
  readonly hub: string;
  readonly wasm: string;
  readonly server: string;
}

/** How long a worker may take to load and to answer for the first time. */
const START_MILLIS = 20_000;

/** How long a worker that holds its lock may take until it says anything at all. */
const SILENT_MILLIS = 5_000;

/** When to try again after a worker said that it failed. */
const FAILED_MILLIS = 5_000;

/** A worker that lived shorter may be killed by what it is sent: the next ones are started more and more rarely. */
const STABLE_MILLIS = 1_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 15_000;

/** How many workers in a row may die young before `connect` fails. */
const MOST_SHORT_LIVED = 3;

export class Link implements TabHost {
  /** Settled by the first answer. */
  readonly established: Promise<void>;
  readonly #addresses: Addresses;
  readonly #name: string;
  readonly #announcements: Announcements;
  readonly #channels = new Map<string, BroadcastChannel | undefined>();
  /** The port to the worker; none while the tab waits for the time to start the next one. */
  #port: MessagePort | undefined;
  #generation = 0;
  /** What the worker calls this tab, once it has answered. */
  #link: string | undefined;
  /** The name of the lock that the worker holds. */
  #life: string | undefined;
  /** Ends the waiting for that lock. */
  #watching: AbortController | undefined;
  /** The id of the browser, which the next worker goes on with. */
  #browser: string | undefined;
  /** Gives up a worker that does not answer, or starts the next one. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Says hello as long as the page is visible. */
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;
  /** When the worker answered first. */
  #since = 0;
  /** How many workers in a row did not live long. */
  #shortLived = 0;
  /** Whether the stores are attached to this worker. */
  #attached = false;
  #listening = false;
  #everAnswered = false;
  /** Whether the page is on its way out, in the back/forward cache, or has given up. */
  #suspended = false;
  #succeed!: () => void;
  #fail!: (error: Error) => void;

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
    this.#name = nameOf(addresses.wasm, addresses.server);
    this.established = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
    this.#announcements = new Announcements(this.#name, (generation) => this.#heardOf(generation));
    void this.#joinAfter(-1);
  }

  /** The wasm is there: asks to be answered once more. */
  listen(): void {
    this.#listening = true;
    this.#hail();
  }

  /** The page goes, for good or into the back/forward cache, where a broadcast or a lock would destroy it. */
  suspend(): void {
    this.#suspended = true;
    clearTimeout(this.#timer);
    this.hid();
    this.#watching?.abort();
    this.#announcements.close();
    for (const [name, channel] of this.#channels) {
      channel?.close();
      this.#channels.set(name, undefined);
    }
    this.#post({ kind: "bye" });
    // Whatever the hub calls it then: the tab has missed something and asks for everything anew.
    this.#link = undefined;
  }

  /** The page came back out of the cache, and has missed everything. */
  resume(): void {
    this.#suspended = false;
    for (const name of this.#channels.keys()) {
      this.openChannel(name);
    }
    this.#announcements.open();
    if (this.#port === undefined) {
      void this.#joinAfter(this.#generation);
      return;
    }
    this.#announcements.post(this.#generation);
    this.#ask(SILENT_MILLIS);
    this.#watch(this.#life);
  }

  /** The page can be seen. */
  appeared(): void {
    this.#heartbeat ??= setInterval(() => this.#sayHello(), HELLO_EVERY_MILLIS);
    this.check();
  }

  /** The page was hidden or frozen: is the hub alive, and is everything current? */
  check(): void {
    if (this.#link !== undefined) {
      this.#unanswered = 0;
      this.#sayHello();
      __temporalResumed();
    }
  }

  /** The page cannot be seen any more. */
  hid(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  /** The browser has a network again. Pages hear of it in every browser, workers in some. */
  online(): void {
    this.#post({ kind: "online" });
  }

  /** Gives up before it was established. */
  abandon(): void {
    this.#suspended = true;
    this.#leave();
    this.#announcements.close();
  }

  /** What is sent before the worker has answered is left: it is for the one before, and is sent again on attaching. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#attached) {
      this.#port?.postMessage(bytes);
    }
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

  /** Joins the newest generation, or starts the one after this. */
  async #joinAfter(generation: number): Promise<void> {
    const found = await newest(this.#name);
    // Another tab may have said meanwhile which one it is.
    if (this.#port === undefined) {
      this.#join(Math.max(found, generation + 1), found > generation ? SILENT_MILLIS : START_MILLIS);
    }
  }

  /** Asks the worker of a generation, which is started if there is none. */
  #join(generation: number, patience: number): void {
    if (this.#suspended) {
      return;
    }
    this.#leave();
    this.#generation = generation;
    this.#announcements.post(generation);
    this.#port = this.#findHub();
    this.#port.onmessage = ({ data }: MessageEvent<FromHub | Uint8Array>) => this.#hear(data);
    this.#ask(patience);
  }

  #ask(patience: number): void {
    this.#since = performance.now();
    this.#await(patience);
    this.#hail();
  }

  /** Waits for a word of the worker. */
  #await(patience: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silent(patience), patience);
  }

  /** The port to the worker. All tabs ask with the same words, or each would get its own. */
  #findHub(): MessagePort {
    const name = `${this.#name} ${this.#generation}`;
    const worker = new SharedWorker(this.#addresses.hub, { type: "module", name });
    worker.onerror = (event) => {
      // Scripts that fail say why, files that are missing do not.
      const { message } = event as Partial<ErrorEvent>;
      void this.#explain(message).then((why) => {
        if (worker.port === this.#port) {
          this.#failed(`the hub at ${this.#addresses.hub} could not be started${why}`);
        }
      });
    };
    return worker.port;
  }

  /** Why the script of the worker does not run. */
  async #explain(message: string | undefined): Promise<string> {
    if (message) {
      return `: ${message}`;
    }
    try {
      const { status, headers } = await fetch(this.#addresses.hub);
      return `: its address answers with HTTP status ${status}, ${headers.get("content-type") ?? "no content type"}`;
    } catch (error) {
      return `: ${reason(error)}`;
    }
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#watching?.abort();
    this.#post({ kind: "bye" });
    if (this.#port !== undefined) {
      this.#port.onmessage = null;
      this.#port.close();
    }
    this.#port = this.#link = this.#life = this.#watching = undefined;
    this.#attached = false;
    this.#unanswered = 0;
    if (this.#everAnswered) {
      __temporalHubLost();
    }
  }

  /** The worker is dead, or as good as dead: leaves it, and starts the next one, at the earliest after `wait`. */
  #lost(wait: number): void {
    const lived = performance.now() - this.#since;
    this.#shortLived = lived < STABLE_MILLIS ? this.#shortLived + 1 : 0;
    if (!this.#everAnswered && this.#shortLived > MOST_SHORT_LIVED) {
      this.#fail(new Error(`the hub at ${this.#addresses.hub} ends as soon as it has started`));
      return;
    }
    // The first may have lived for long before this tab found it.
    const doubled = this.#shortLived < 2 ? 0 : FIRST_WAIT_MILLIS * 2 ** (this.#shortLived - 2);
    this.#leave();
    const next = (): void => void this.#joinAfter(this.#generation);
    this.#timer = setTimeout(next, Math.max(wait, Math.min(doubled, LONGEST_WAIT_MILLIS)));
  }

  #heardOf(generation: number): void {
    if (generation > this.#generation) {
      this.#join(generation, START_MILLIS);
    } else if (generation < this.#generation) {
      this.#announcements.post(this.#generation);
    }
  }

  /** Waits for the lock of the worker, which nobody gets as long as the worker lives. */
  #watch(life: string | undefined): void {
    this.#watching?.abort();
    this.#watching = undefined;
    this.#life = life;
    const locks = lockManager();
    if (life === undefined || locks === undefined) {
      return;
    }
    const watching = (this.#watching = new AbortController());
    const freed = (): void => {
      if (this.#watching === watching) {
        this.#lost(0);
      }
    };
    locks.request(life, { mode: "shared", signal: watching.signal }, freed).catch(() => {});
  }

  #sayHello(): void {
    // A worker that has not answered yet is waited for in another way.
    if (this.#link === undefined) {
      return;
    }
    const { withLocks, withoutLocks } = UNANSWERED;
    if (this.#unanswered >= (this.#watching === undefined ? withoutLocks : withLocks)) {
      this.#lost(0);
      return;
    }
    this.#unanswered += 1;
    this.#hail();
  }

  #hail(): void {
    const { wasm, server } = this.#addresses;
    this.#post({ kind: "hello", wasm, socket: server, browser: this.#browser });
  }

  /** The worker did not answer. */
  #silent(patience: number): void {
    if (this.#everAnswered || patience === SILENT_MILLIS) {
      this.#lost(0);
    } else {
      this.#failed(`the hub at ${this.#addresses.hub} did not answer within ${patience / 1000} s`);
    }
  }

  #hear(message: FromHub | Uint8Array): void {
    this.#unanswered = 0;
    if (message instanceof Uint8Array) {
      __temporalReceive(message);
      return;
    }
    switch (message.kind) {
      case "who":
        // It lives, and may have to load its wasm.
        this.#await(START_MILLIS);
        this.#watch(message.life);
        this.#hail();
        return;
      case "ready":
        this.#answered(message.link, message.browser);
        return;
      case "failed":
        this.#failed(message.message);
        return;
    }
  }

  #answered(link: string, browser: string): void {
    clearTimeout(this.#timer);
    this.#browser = browser;
    if (this.#listening && this.#link !== link) {
      this.#link = link;
      this.#since = performance.now();
      this.#attached = this.#everAnswered = true;
      __temporalAttach(this);
      this.#succeed();
    }
  }

  #failed(message: string): void {
    const error = new Error(message);
    if (this.#everAnswered) {
      // The page goes on with what it has, and tries again.
      reportError(error);
      this.#lost(FAILED_MILLIS);
    } else {
      this.#fail(error);
    }
  }

  #post(message: FromTab): void {
    this.#port?.postMessage(message);
  }
}
