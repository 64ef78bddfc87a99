/**
 * Carries out what the hub's machine wants: the WebSocket, the timer and the BroadcastChannels.
 */

import type { HubEffect, __TemporalHub as Hub } from "temporal-entity-app";

import { Pulse } from "./pulse";

/** Channels that are kept open for the next broadcast. */
const OPEN_CHANNELS = 64;

/** The longest time that `setTimeout` understands. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Code of a close that nobody asked for, which browsers also give when a socket does not open. */
const ABNORMAL = 1006;

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
  readonly #channels = new Map<string, BroadcastChannel>();
  #socket: WebSocket | undefined;
  #pulse: Pulse | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hub: Hub, socketUrl: string, surroundings: Surroundings) {
    this.#hub = hub;
    this.#socketUrl = socketUrl;
    this.#surroundings = surroundings;
  }

  /** Gives the machine one input and carries out everything that follows from it. */
  input(feed: (hub: Hub, now: number) => void): void {
    try {
      feed(this.#hub, Date.now());
      for (let effect = this.#hub.poll(); effect !== undefined; effect = this.#hub.poll()) {
        this.#carryOut(effect);
      }
    } catch (error) {
      this.#surroundings.fault(error);
    }
  }

  #carryOut(effect: HubEffect): void {
    switch (effect[0]) {
      case "openSocket":
        return this.#openSocket();
      case "send":
        // A socket that is closing says so by itself, and the machine then repeats what was not answered.
        if (this.#socket?.readyState === WebSocket.OPEN) {
          this.#socket.send(effect[1]);
        }
        return;
      case "toTab":
        return this.#surroundings.toTab(effect[1], effect[2]);
      case "broadcast":
        return this.#channel(effect[1]).postMessage(effect[2]);
      case "setTimer":
        return this.#setTimer(effect[1]);
    }
  }

  #openSocket(): void {
    this.#leaveSocket();
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#socketUrl);
    } catch (error) {
      // An address that is none, or one that the page's policy forbids. The machine tries again, more and more rarely.
      console.error(error);
      queueMicrotask(() => this.input((hub, now) => hub.socketClosed(now, ABNORMAL)));
      return;
    }
    socket.binaryType = "arraybuffer";
    const pulse = new Pulse(socket, () => {
      this.#leaveSocket();
      this.input((hub, now) => hub.socketClosed(now, ABNORMAL));
    });
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      pulse.heard();
      if (data instanceof ArrayBuffer) {
        this.input((hub, now) => hub.socketFrame(now, new Uint8Array(data)));
      }
    };
    socket.onclose = ({ code }) => {
      pulse.stop();
      this.#socket = undefined;
      this.input((hub, now) => hub.socketClosed(now, code));
    };
    this.#socket = socket;
    this.#pulse = pulse;
  }

  /** Leaves a socket that hangs: what it still says is not about the next one. */
  #leaveSocket(): void {
    this.#pulse?.stop();
    const socket = this.#socket;
    if (socket !== undefined) {
      socket.onmessage = socket.onclose = null;
      socket.close();
      this.#socket = undefined;
    }
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
