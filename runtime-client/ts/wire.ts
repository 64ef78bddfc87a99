/** One WebSocket: binary frames in and out, and one that is dead is noticed. */

import { Pulse } from "./pulse";

/** Code of a close that nobody asked for, which browsers also give when a socket does not open. */
export const ABNORMAL = 1006;

export interface Listener {
  opened?(): void;
  frame(bytes: Uint8Array): void;
  /** It closed, or could not be opened; heard once. */
  closed(code: number): void;
}

export class Wire {
  readonly #socket: WebSocket;
  readonly #pulse: Pulse;

  /** Throws where the address is none, or one that the page's policy forbids. `pass` guards what it sends by itself. */
  constructor(url: string, listener: Listener, pass: (run: () => void) => void) {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const over = (): void => {
      this.leave();
      listener.closed(ABNORMAL);
    };
    const pulse = new Pulse(socket, over, pass);
    socket.onopen = () => listener.opened?.();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      pulse.heard();
      if (data instanceof ArrayBuffer) {
        listener.frame(new Uint8Array(data));
      }
    };
    socket.onclose = ({ code }) => {
      pulse.stop();
      listener.closed(code);
    };
    [this.#socket, this.#pulse] = [socket, pulse];
  }

  /** A socket that is closing says so by itself, and the machine then repeats what was not answered. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(bytes);
    }
  }

  /** Closes it, and hears no more of it. */
  leave(): void {
    this.#pulse.stop();
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }
}
