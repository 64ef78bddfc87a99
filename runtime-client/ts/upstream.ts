/**
 * Carries out what the hub's machine wants: the WebSocket, the timer and the BroadcastChannels.
 */

import type { HubEffect, __TemporalHub as Hub } from "temporal-entity-app";

import type { Fence } from "./fence";
import { ABNORMAL, Wire } from "./wire";

/** Channels that are kept open for the next broadcast. */
const OPEN_CHANNELS = 64;

/** The longest time that `setTimeout` understands. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** What is not the upstream's own affair. */
export interface Surroundings {
  /** Posts to the port of a tab. */
  toTab(tab: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** The machine trapped, which leaves it unusable. */
  fault(error: unknown): void;
}

export class Upstream {
  readonly #hub: Hub;
  readonly #socketUrl: string;
  readonly #surroundings: Surroundings;
  readonly #fence: Fence;
  readonly #pass = (run: () => void): void => this.#fence.pass(run);
  readonly #channels = new Map<string, BroadcastChannel>();
  #socket: Wire | undefined;
  /** Second sockets, straight to crowded entities. */
  readonly #lines = new Map<number, Wire>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hub: Hub, socketUrl: string, fence: Fence, surroundings: Surroundings) {
    this.#hub = hub;
    this.#socketUrl = socketUrl;
    this.#fence = fence;
    this.#surroundings = surroundings;
  }

  /** Gives the machine one input and carries out everything that follows from it. */
  input(feed: (hub: Hub, now: number) => void): void {
    this.#fence.pass(() => this.#guarded(() => feed(this.#hub, Date.now())));
  }

  #guarded(run: () => void): void {
    try {
      run();
      this.#carryOutAll();
    } catch (error) {
      this.#surroundings.fault(error);
    }
  }

  #carryOutAll(): void {
    // Looked at before each, as the worker may be stopped between any two.
    while (this.#fence.isOpen) {
      const effect = this.#hub.poll();
      if (effect === undefined) {
        return;
      }
      this.#carryOut(effect);
    }
    this.#fence.pass(() => this.#guarded(() => {}));
  }

  #carryOut(effect: HubEffect): void {
    switch (effect[0]) {
      case "openSocket":
        return this.#openSocket();
      case "send":
        return this.#socket?.send(effect[1]);
      case "openLine":
        return this.#openLine(effect[1], effect[2]);
      case "sendLine":
        return this.#lines.get(effect[1])?.send(effect[2]);
      case "closeLine":
        return this.#closeLine(effect[1]);
      case "toTab":
        return this.#surroundings.toTab(effect[1], effect[2]);
      case "broadcast":
        return this.#channel(effect[1]).postMessage(effect[2]);
      case "setTimer":
        return this.#setTimer(effect[1]);
    }
  }

  #openSocket(): void {
    this.#socket?.leave();
    this.#socket = undefined;
    const closed = (code: number): void => {
      this.#socket = undefined;
      this.input((hub, now) => hub.socketClosed(now, code));
    };
    try {
      this.#socket = new Wire(this.#socketUrl, { frame: this.#frame, closed }, this.#pass);
    } catch (error) {
      // The machine tries again, more and more rarely.
      console.error(error);
      queueMicrotask(() => closed(ABNORMAL));
    }
  }

  /** What comes by a direct line looks no different. */
  readonly #frame = (bytes: Uint8Array): void => this.input((hub, now) => hub.socketFrame(now, bytes));

  #openLine(line: number, ticket: string): void {
    this.#closeLine(line);
    const url = new URL(this.#socketUrl);
    url.searchParams.set("ticket", ticket);
    const listener = {
      opened: () => this.input((hub, now) => hub.lineChanged(now, line, true)),
      frame: this.#frame,
      closed: () => {
        this.#lines.delete(line);
        this.input((hub, now) => hub.lineChanged(now, line, false));
      },
    };
    this.#lines.set(line, new Wire(url.href, listener, this.#pass));
  }

  #closeLine(line: number): void {
    this.#lines.get(line)?.leave();
    this.#lines.delete(line);
  }

  /** A channel to send on. The last used ones stay open: opening one costs more than the message. */
  #channel(name: string): BroadcastChannel {
    const channel = this.#channels.get(name) ?? new BroadcastChannel(name);
    this.#channels.delete(name);
    this.#channels.set(name, channel);
    for (const [oldest, unused] of this.#channels) {
      if (this.#channels.size <= OPEN_CHANNELS) {
        break;
      }
      this.#channels.delete(oldest);
      unused.close();
    }
    return channel;
  }

  #setTimer(at: number | undefined): void {
    clearTimeout(this.#timer);
    if (at === undefined) {
      return;
    }
    const delay = Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMEOUT);
    // A timer may ring a little early, and the clock may have been set back: the machine is not to wait once more.
    const ring = (): void => this.input((hub, now) => hub.timer(Math.max(now, at)));
    this.#timer = setTimeout(ring, delay);
  }
}
