/**
 * Notices that a connection is dead although nobody closed it: a network that is left without a word, a router that
 * forgot. The answer to a ping comes from the platform, and wakes no object.
 */

/** How often it is looked, in milliseconds. */
const LOOK_EVERY = 15_000;

/** So many looks without a frame, and a ping is sent; one more, and the connection is dead. */
const QUIET = 2;

export class Pulse {
  readonly #timer: ReturnType<typeof setInterval>;
  #looks = 0;

  /** Watches a socket from when it is open until `stop`, or until it is `dead`. */
  constructor(socket: WebSocket, dead: () => void) {
    this.#timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) {
        return;
      }
      // Counted, not timed: a computer that slept looks once when it wakes.
      this.#looks += 1;
      if (this.#looks === QUIET) {
        socket.send("ping");
      } else if (this.#looks > QUIET) {
        this.stop();
        dead();
      }
    }, LOOK_EVERY);
  }

  /** A frame came. */
  heard(): void {
    this.#looks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
