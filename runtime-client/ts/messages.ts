/**
 * What a tab and the SharedWorker say to each other beside the machines' bytes: who is there, and what failed.
 *
 * A tab says `hello` at the start, when it came back, and whenever it is asked `who`. The answer is `ready` with a
 * `link`; a link that the tab does not know means that the hub knows nothing of it, and everything is told again. So
 * a worker that was restarted under living tabs, as Safari does, finds its tabs by asking.
 */

/** From a tab. */
export type FromTab = Hello | { readonly kind: "bye" } | { readonly kind: "online" };

/** A tab is there. */
export interface Hello {
  readonly kind: "hello";
  /** Address of the wasm, which also tells builds apart. */
  readonly wasm: string;
  /** Address of the server's WebSocket. */
  readonly socket: string;
}

/** From the hub. */
export type FromHub =
  | { readonly kind: "who" }
  | { readonly kind: "ready"; readonly link: string }
  | { readonly kind: "failed"; readonly message: string };

/** An error in words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
