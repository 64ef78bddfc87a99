/** A relay in front of workerd that passes on every byte and counts the WebSockets that are open. */

import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Relay {
  #server;
  #sockets = new Set();
  /** Open connections that began as an upgrade. */
  webSockets = 0;
  /** How many there were. */
  upgrades = 0;
  /** For each of these how many bytes came up. */
  bytesUp = [];
  /** Those of the open ones that are direct lines. */
  lines = 0;
  origin = "";

  static async start(port) {
    const relay = new Relay();
    relay.#server = createServer((inward) => relay.#join(inward, port));
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    relay.origin = `http://127.0.0.1:${relay.#server.address().port}`;
    return relay;
  }

  stop() {
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
  }

  /** From now on nothing gets through the connections that there are, and nobody is told. */
  silence() {
    for (const socket of this.#sockets) {
      socket.unpipe();
    }
  }

  #join(inward, port) {
    const outward = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [inward, outward],
      [outward, inward],
    ]) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    let counted = false;
    let number;
    inward.on("data", (bytes) => {
      if (number !== undefined) {
        this.bytesUp[number] += bytes.length;
      }
      // A connection that browsers keep for several requests may become a WebSocket by a later one.
      const text = counted ? "" : bytes.toString("latin1");
      if (text.startsWith("GET /connect")) {
        counted = true;
        const line = /^GET \S*[?&]ticket=/.test(text) ? 1 : 0;
        this.webSockets += 1;
        number = this.upgrades;
        this.upgrades += 1;
        this.bytesUp.push(0);
        this.lines += line;
        inward.on("close", () => {
          this.webSockets -= 1;
          this.lines -= line;
        });
      }
    });
  }
}
