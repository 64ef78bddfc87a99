/**
 * Notices that a connection is dead although nobody closed it: a network that is left without a word, a router that
 * forgot. The answer to a ping comes from the platform, and wakes no object.
 *
 * And that it is a day old. Whoever then opens another one subscribes again, so an entity may forget subscribers that it
 * could not reach for longer.
 */

/** How often it is looked, in milliseconds. */
const LOOK_EVERY = 15_000;

/** So many looks without a frame, and a ping is sent; one more, and the connection is dead. */
const QUIET = 2;

/** How long a connection is kept, in milliseconds; less by up to an hour, so that not all come anew together. */
const LIFE = 24 * 3_600_000;
const SPREAD = 3_600_000;

export class Pulse {
  readonly #timer: ReturnType<typeof setInterval>;
  #looks = 0;

  /** Watches a socket from when it is open until `stop`, or until it is `over`: dead, or old. `pass` guards each look. */
  constructor(socket: WebSocket, over: () => void, pass: (look: () => void) => void) {
    const opened = Date.now();
    const life = LIFE - Math.random() * SPREAD;
    const look = (): void => {
      if (socket.readyState !== WebSocket.OPEN) {
        return;
      }
      const age = Date.now() - opened;
      // Below zero the clock was set back, and says nothing.
      if (age < 0 || age >= life) {
        this.stop();
        over();
        return;
      }
      // Counted, not timed: a computer that slept looks once when it wakes.
      this.#looks += 1;
      if (this.#looks === QUIET) {
        socket.send("ping");
      } else if (this.#looks > QUIET) {
        this.stop();
        over();
      }
    };
    this.#timer = setInterval(() => pass(look), LOOK_EVERY);
  }

  /** A frame came. */
  heard(): void {
    this.#looks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
