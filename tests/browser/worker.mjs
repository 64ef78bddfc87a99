/** The SharedWorker of a browser, as a debugger sees it. */

import assert from "node:assert/strict";

/** The SharedWorkers that there are. */
export async function workers(chromium) {
  const session = await chromium.newBrowserCDPSession();
  const { targetInfos } = await session.send("Target.getTargets");
  await session.detach();
  return targetInfos.filter(({ type }) => type === "shared_worker");
}

/** The only one that there is. */
async function onlyOne(chromium) {
  const found = await workers(chromium);
  assert.equal(found.length, 1);
  return found[0].targetId;
}

export class Worker {
  #session;
  #sessionId;
  #answers = new Map();
  #events = new Map();
  #calls = 0;

  /** Ends the one worker, without a word to anybody. */
  static async end(chromium) {
    const targetId = await onlyOne(chromium);
    const session = await chromium.newBrowserCDPSession();
    await session.send("Target.closeTarget", { targetId });
    await session.detach();
  }

  /** Attaches a debugger to the one worker. */
  static async attach(chromium) {
    const worker = new Worker();
    const targetId = await onlyOne(chromium);
    worker.#session = await chromium.newBrowserCDPSession();
    worker.#session.on("Target.receivedMessageFromTarget", ({ message }) => worker.#hear(JSON.parse(message)));
    const { sessionId } = await worker.#session.send("Target.attachToTarget", { targetId });
    worker.#sessionId = sessionId;
    await worker.#send("Debugger.enable");
    return worker;
  }

  /** Stops it before it does anything more. */
  async pause() {
    const paused = this.#event("Debugger.paused");
    await this.#send("Debugger.pause");
    return paused;
  }

  /** Has it stopped at the next message to the tabs, when that is posted and what follows from the same input is not. */
  async pauseAfterBroadcast() {
    const expression = `{
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function (message) {
        BroadcastChannel.prototype.postMessage = postMessage;
        this.postMessage(message);
        debugger;
      };
    }`;
    const { exceptionDetails } = await this.#send("Runtime.evaluate", { expression });
    assert.equal(exceptionDetails, undefined);
  }

  /** Lets it go on. */
  async resume() {
    // It may end before it has answered.
    void this.#send("Debugger.resume");
  }

  #send(method, params = {}) {
    this.#calls += 1;
    const [id, sessionId] = [this.#calls, this.#sessionId];
    const answered = new Promise((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    return this.#session.send("Target.sendMessageToTarget", { sessionId, message }).then(() => answered);
  }

  #event(method) {
    return new Promise((resolve) => this.#events.set(method, resolve));
  }

  #hear({ id, method, result, params }) {
    this.#answers.get(id)?.(result);
    this.#events.get(method)?.(params);
  }
}
