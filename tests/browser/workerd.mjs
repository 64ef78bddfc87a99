/** The real workerd with the built example, for as long as a test needs it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = process.env.TE_ROOT ?? fileURLToPath(new URL("../..", import.meta.url));

/** What sessions are signed with; a test may sign its own. */
export const SESSION_KEY = "a key for tests, of more than 32 bytes";

/** The built example's files. */
export const BOARD = join(ROOT, "examples/board");

/** The processes to end however this one ends. */
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => process.exit(1));
}

export class Workerd {
  #child;
  #settings;
  #storage;
  port = 0;

  /**
   * Starts it on a free port with storage of its own. `site` is the folder of the page, the board's if left out; `lines`
   * is the number of readers from which on browsers open direct lines, the usual one if left out.
   */
  static async start(settings = {}) {
    const workerd = new Workerd();
    workerd.#settings = { environment: "development", site: join(BOARD, "web/dist"), ...settings };
    workerd.#storage = await mkdtemp(join(tmpdir(), "temporal-entity-"));
    await workerd.#spawn();
    return workerd;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it in the middle of whatever it does. */
  async kill() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
    running.delete(this.#child);
  }

  /** Starts it again on the same port, with the same storage. */
  async restart() {
    await this.#spawn();
  }

  /** Stops it so that it still accepts, but neither hears nor answers, until it is thawed. */
  freeze() {
    this.#child.kill("SIGSTOP");
  }

  thaw() {
    this.#child.kill("SIGCONT");
  }

  async stop() {
    if (running.has(this.#child)) {
      await this.kill();
    }
    await rm(this.#storage, { recursive: true, force: true });
  }

  async #spawn() {
    const { environment, site, lines = "" } = this.#settings;
    const { WORKERD } = process.env;
    if (WORKERD === undefined) {
      throw new Error("WORKERD names the workerd to test with: `cargo xtask test browser` sets it");
    }
    const child = spawn(
      WORKERD,
      [
        ...["serve", join(BOARD, "workerd.capnp"), "--experimental", "--control-fd=1"],
        `--socket-addr=http=127.0.0.1:${this.port}`,
        `--directory-path=storage=${this.#storage}`,
        `--directory-path=site=${site}`,
      ],
      {
        env: { SESSION_KEY, ENVIRONMENT: environment, LINES: `${lines}` },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    running.add(child);
    this.#child = child;
    this.port = await listeningPort(child);
  }
}

/** workerd says `{"event":"listen","socket":"http","port":8787}` on the descriptor it is given. */
async function listeningPort(child) {
  const port = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith('{"event":"listen"')) {
        resolve(JSON.parse(line).port);
      } else {
        console.error(line);
      }
    });
  });
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`workerd ended before it listened: ${signal ?? `exit code ${code}`}`);
  });
  return Promise.race([port, ended]);
}
