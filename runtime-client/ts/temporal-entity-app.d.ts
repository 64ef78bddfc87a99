/**
 * What the shell uses of an application's wasm-bindgen glue. The build puts the real file in place of this name: into
 * the bundle of `hub.ts`, and as an import beside `tab.js`, so that the page has one instance of it for the shell and
 * for its own `openCard`.
 */
declare module "temporal-entity-app" {
  /** Loads the wasm; again is no harm. */
  export default function init(options: { module_or_path: string | URL }): Promise<unknown>;

  /** What the wasm of a tab asks of the shell. */
  export interface TabHost {
    send(bytes: Uint8Array<ArrayBuffer>): void;
    openChannel(name: string): void;
    closeChannel(name: string): void;
  }

  /** The port to the hub is new: says who is here, and opens every store again. */
  export function __temporalAttach(host: TabHost): void;
  /** Takes in what came on the port or on a channel. */
  export function __temporalReceive(bytes: Uint8Array): void;
  /** The hub is dead or does not answer: says so in every status. */
  export function __temporalHubLost(): void;
  /** Has every value frozen before it is published, for development. */
  export function __temporalFreeze(freeze: (value: unknown) => void): void;
  /** The page was away: asks whether what it has is current. */
  export function __temporalResumed(): void;

  /** What the hub wants done. */
  export type HubEffect =
    | ["openSocket"]
    | ["send", Uint8Array<ArrayBuffer>]
    | ["openLine", number, string]
    | ["sendLine", number, Uint8Array<ArrayBuffer>]
    | ["closeLine", number]
    | ["toTab", number, Uint8Array<ArrayBuffer>]
    | ["broadcast", string, Uint8Array<ArrayBuffer>]
    | ["setTimer", number | undefined];

  /** The hub's machine; `now` is what `Date.now()` gives. */
  export class __TemporalHub {
    constructor(now: number, seed: number);
    tabMessage(now: number, tab: number, bytes: Uint8Array): void;
    tabGone(now: number, tab: number): void;
    socketFrame(now: number, bytes: Uint8Array): void;
    lineChanged(now: number, line: number, open: boolean): void;
    socketClosed(now: number, code: number): void;
    timer(now: number): void;
    online(now: number): void;
    poll(): HubEffect | undefined;
  }
}
