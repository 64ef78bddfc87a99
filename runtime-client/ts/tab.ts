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

import init, { __temporalFreeze } from "temporal-entity-app";

import { freeze, isLocal } from "./freeze";
import { type Addresses, Link } from "./link";
import { reason } from "./messages";

/** Where the parts are. */
export interface ConnectOptions {
  /** Address of `hub.js`. All tabs must give the same one, query and all: it is what they find each other by. */
  readonly hub: string | URL;
  /** Address of the wasm. */
  readonly wasm: string | URL;
  /** Address of the server's WebSocket; `/connect` on the page's own origin if left out. */
  readonly server?: string | URL;
  /**
   * Whether snapshots are frozen, so that code that writes into one fails where it does. Left out, they are frozen on pages
   * of the developer's own machine: `localhost` and other loopback addresses.
   */
  readonly development?: boolean;
}

let connection: { readonly addresses: Addresses; readonly done: Promise<void> } | undefined;

/**
 * Loads the wasm and connects this tab to the hub of the browser, which it starts if need be. Stores can be opened
 * once the promise is fulfilled; whether there is a connection to the server is in their `status`.
 *
 * @throws if an option is missing, the browser has no SharedWorker, or one of the files cannot be loaded, and calling it again
 * tries again; if it was called before with other addresses.
 */
export async function connect(options: ConnectOptions): Promise<void> {
  const addresses = addressesOf(options);
  if (connection === undefined) {
    const done = start(addresses, options.development ?? isLocal()).catch((error: unknown) => {
      connection = undefined;
      throw error;
    });
    connection = { addresses, done };
  }
  for (const key of ["hub", "wasm", "server"] as const) {
    const [before, now] = [connection.addresses[key], addresses[key]];
    if (before !== now) {
      throw new Error(
        `connect() was called before with the ${key} ${before}, and now with ${now}: a page has one connection`,
      );
    }
  }
  return connection.done;
}

function addressesOf(options: Partial<ConnectOptions> | undefined): Addresses {
  const { hub, wasm, server = "/connect" } = options ?? {};
  return {
    hub: address(required("hub", hub, "hub.js, the file of the SharedWorker")),
    wasm: address(required("wasm", wasm, "the wasm")),
    server: address(server).replace(/^http/, "ws"),
  };
}

function required(option: string, value: string | URL | undefined, what: string): string | URL {
  if (value === undefined) {
    throw new Error(`connect({ hub, wasm }): the option \`${option}\` is missing, the address of ${what}`);
  }
  return value;
}

function address(relative: string | URL): string {
  return new URL(relative, document.baseURI).href;
}

async function start(addresses: Addresses, development: boolean): Promise<void> {
  if (typeof SharedWorker === "undefined") {
    throw new Error("this browser has no SharedWorker; the fallback is to come");
  }
  const { wasm } = addresses;
  const link = new Link(addresses);
  const loading = init({ module_or_path: wasm }).catch((error: unknown) => {
    throw new Error(`the wasm at ${wasm} could not be loaded: ${reason(error)}`);
  });
  try {
    await Promise.all([loading.then(() => link.listen()), link.established]);
  } catch (error) {
    link.abandon();
    throw error;
  }
  if (development) {
    __temporalFreeze(freeze);
  }
  watchPage(link);
}

/** Tells the link when the page goes, comes back, and has a network again. */
function watchPage(link: Link): void {
  const look = (): void => (document.visibilityState === "visible" ? link.appeared() : link.hid());
  addEventListener("pagehide", () => link.suspend());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      link.resume();
    }
  });
  document.addEventListener("resume", () => link.check());
  document.addEventListener("visibilitychange", look);
  addEventListener("online", () => link.online());
  look();
}
