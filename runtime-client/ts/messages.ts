/**
 * What a tab and the SharedWorker say to each other beside the machines' bytes: who is there, and what failed.
 *
 * A tab says `hello` at the start, every second while it is visible, and when it is asked `who`. The answer is `ready` with a
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
  /** The browser's id, if a worker told it before: the next one goes on with it. */
  readonly browser: string | undefined;
}

/** From the hub. */
export type FromHub =
  | { readonly kind: "who"; readonly life: string | undefined }
  | { readonly kind: "ready"; readonly link: string; readonly browser: string }
  | { readonly kind: "failed"; readonly message: string };

/** An error in words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
